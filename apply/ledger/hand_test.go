package ledger

import (
	"bytes"
	"strings"
	"testing"
)

func TestALedgerIsWrittenAndReplaced(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	wantError(t, l.Write(&bytes.Buffer{}), "there is no ledger yet")
	_, _, err := l.Replace(t.Context(), []byte(wantDocument), false) // as migrating from another home does
	check(t, err)
	closeLedger(t, l)

	l = open(t, home, options(2))
	var pulled bytes.Buffer
	check(t, l.Write(&pulled))
	if pulled.String() != wantDocument {
		t.Errorf("pulled %s", pulled.String())
	}
	for data, want := range map[string]string{
		wantDocument: "serial 1 is not higher than 1",
		"{}":         "version",
		resum(strings.Replace(wantDocument, "12f4", "ffff", 1)):   "another ledger",
		strings.Replace(wantDocument, "id1", "id2", 1):            "checksum",
		resum(strings.Replace(wantDocument, ": 1,", ": 1e3,", 1)): "line 4",
	} {
		_, _, err := l.Replace(t.Context(), []byte(data), false)
		wantError(t, err, want)
	}
	newer := resum(strings.Replace(wantDocument, `"serial": 1`, `"serial": 5`, 1))
	before, after, err := l.Replace(t.Context(), []byte(newer), false)
	check(t, err)
	if before != 1 || after != 1 {
		t.Errorf("%d actors, before %d", after, before)
	}
	other := resum(strings.Replace(wantDocument, "12f4", "ffff", 1))
	_, _, err = l.Replace(t.Context(), []byte(other), true)
	check(t, err)
	closeLedger(t, l)
	l = open(t, home, readOnly(options(3)))
	defer closeLedger(t, l)
	if r := l.Recall("ns"); r.Serial != 6 || !strings.HasPrefix(r.Lineage, "ffff") || r.Actors[identity("a")] == nil {
		t.Errorf("serial %d of %s", r.Serial, r.Lineage)
	}
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
