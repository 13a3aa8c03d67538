package ledger

import (
	"bytes"
	"os"
	"strings"
	"testing"
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
		wantDocument: "serial 1 is not higher than 1",
		"{}":         "the lineage is missing",
		resum(strings.Replace(wantDocument, "12f4", "ffff", 1)):   "another ledger",
		strings.Replace(wantDocument, "id1", "id2", 1):            "checksum",
		resum(strings.Replace(wantDocument, ": 1,", ": 1e3,", 1)): "line 4",
	} {
		_, err := l.Successor([]byte(data), false)
		wantError(t, err, want)
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
	if path != home.String()+".backup" || !strings.Contains(string(backup), "ffff") {
		t.Errorf("in the backup %s is %s", path, backup)
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
