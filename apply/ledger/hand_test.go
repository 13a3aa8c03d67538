package ledger

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func TestALedgerIsWrittenAndReplaced(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	wantError(t, l.Write(&bytes.Buffer{}), "there is no ledger yet")
	path, err := l.Backup()
	check(t, err)
	if path != "" {
		t.Errorf("nothing is backed up in %s", path)
	}
	replace(t, l, wantDocument, false) // as migrating from another home does
	closeLedger(t, l)

	l = open(t, home, options(2))
	var pulled bytes.Buffer
	check(t, l.Write(&pulled))
	if pulled.String() != wantDocument {
		t.Errorf("pulled %s", pulled.String())
	}
	for data, want := range map[string]string{
		resum(strings.Replace(wantDocument, "id1", "id2", 1)): "another one with the same serial 1, so nobody knows which is newer; -force puts it in the place of what is remembered here (actors: 1), which is forgotten then",
		"{}": "the lineage is missing",
		resum(strings.Replace(wantDocument, "12f4", "ffff", 1)):   "another ledger",
		strings.Replace(wantDocument, "id1", "id2", 1):            "checksum",
		resum(strings.Replace(wantDocument, ": 1,", ": 1e3,", 1)): "line 4",
	} {
		_, err := l.Successor([]byte(data), false)
		wantError(t, err, want)
	}
	same, err := l.Successor([]byte(wantDocument), false)
	check(t, err)
	if !same.Same {
		t.Error("what was pulled is not the same")
	}
	newer := resum(strings.Replace(wantDocument, `"serial": 1`, `"serial": 5`, 1))
	if s := replace(t, l, newer, false); s.Before != 1 || s.After != 1 {
		t.Errorf("%d actors, before %d", s.After, s.Before)
	}
	other := resum(strings.Replace(wantDocument, "12f4", "ffff", 1))
	replace(t, l, other, true)
	path, err = l.Backup()
	check(t, err)
	backup, err := os.ReadFile(path)
	check(t, err)
	if !strings.HasPrefix(path, home.String()+".20260301T1200") || !strings.HasSuffix(path, "Z.backup") || !strings.Contains(string(backup), "ffff") {
		t.Errorf("in the backup %s is %s", path, backup)
	}
	l.now = func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	for _, want := range []string{".20260301T120000Z.backup", ".20260301T120000Z-2.backup", ".20260301T120000Z-3.backup"} {
		if path, err := l.Backup(); err != nil || path != home.String()+want {
			t.Errorf("one of the same second is %s, %v", path, err)
		}
	}
	closeLedger(t, l)
	l = open(t, home, readOnly(options(3)))
	defer closeLedger(t, l)
	if r := l.Recall("ns"); r.Serial != 6 || !strings.HasPrefix(r.Lineage, "ffff") || r.Actors[identity("a")] == nil {
		t.Errorf("serial %d of %s", r.Serial, r.Lineage)
	}
}

func replace(t *testing.T, l *Ledger, document string, force bool) *Successor {
	t.Helper()
	s, err := l.Successor([]byte(document), force)
	check(t, err)
	check(t, l.Replace(t.Context(), s))
	return s
}

func TestWhatACrashLeftIsPulledToo(t *testing.T) {
	home := crashedRun(t)
	l := open(t, home, readOnly(options(3)))
	defer closeLedger(t, l)
	var pulled bytes.Buffer
	check(t, l.Write(&pulled))
	if !strings.Contains(pulled.String(), `"serial": 2`) || !strings.Contains(pulled.String(), "eve") {
		t.Errorf("pulled %s", pulled.String())
	}
}
