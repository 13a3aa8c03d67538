package ledger

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"testing"

	"riveter/plan"
	"riveter/plan/value"
)

// remembered returns what a document with a journal remembers, as a document.
func remembered(document, journal []byte) (string, error) {
	d, err := decodeDocument(document)
	if err != nil {
		return "", err
	}
	if _, err := d.replay(bytes.NewReader(journal)); err != nil {
		return "", err
	}
	d.migrate()
	data, err := encodeToBytes(d)
	return string(data), err
}

// damagedRun is a document with the journal of a run that crashed, each with all that they may have.
func damagedRun(t *testing.T) (document, journal []byte) {
	t.Helper()
	home := newHome(t)
	recordRun(t, home)
	l := open(t, home, options(2))
	e := l.Environment("ns")
	step := addMember("c", "dan")
	check(t, errors.Join(
		e.Bind(roomEntry("c", "")), e.Bind(roomEntry("c", "id3")),
		e.Started(identity("c"), step, "id3", memo(`[{"a":null}]`)),
		e.Finished(identity("c"), step, plan.StepDone, rest(`"ü"`)),
		e.Started(identity("c"), addMember("c", "eve"), "id3", value.Memo{Absent: true}),
		e.ForgetPool("gpu"),
	))
	crash(t, l)
	document, err := os.ReadFile(home.String())
	check(t, err)
	journal, err = os.ReadFile(journalPath(home))
	check(t, err)
	return document, journal
}

// wrong are bytes that may stand in the place of another one: with one bit changed, and what has a meaning in JSON.
func wrong(right byte) []byte {
	bytes := []byte("\x00 \n\"0}],\xff")
	for bit := range 8 {
		bytes = append(bytes, right^1<<bit)
	}
	return slices.DeleteFunc(bytes, func(b byte) bool { return b == right })
}

// damages calls try with everything that is damaged in one place: a byte that is changed, missing or too much, a line that
// is missing, doubled or exchanged with the next one.
func damages(data []byte, try func(damaged []byte, what string, at int)) {
	for i, right := range data {
		for _, b := range wrong(right) {
			damaged := bytes.Clone(data)
			damaged[i] = b
			try(damaged, "changed", i)
		}
		try(slices.Delete(bytes.Clone(data), i, i+1), "missing", i)
		try(slices.Insert(bytes.Clone(data), i, right), "doubled", i)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	lines = lines[:len(lines)-1]
	for i := range lines {
		try(slices.Concat(bytes.Join(lines[:i+1], nil), bytes.Join(lines[i:], nil)), "line doubled", i)
		if i+1 < len(lines) {
			try(slices.Concat(bytes.Join(lines[:i], nil), bytes.Join(lines[i+1:], nil)), "line missing", i)
			exchanged := slices.Clone(lines)
			exchanged[i], exchanged[i+1] = lines[i+1], lines[i]
			try(bytes.Join(exchanged, nil), "line exchanged", i)
		}
	}
	try(slices.Concat(data, data), "all doubled", 0)
}

func TestDamageIsNeverAnotherMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	document, journal := damagedRun(t)
	want, err := remembered(document, journal)
	check(t, err)
	tried, seen := 0, 0
	judge := func(got string, err error, where, what string, at int) {
		tried++
		switch {
		case err != nil:
			seen++
		case got != want:
			t.Errorf("%s, %s at %d: another memory", where, what, at)
		}
	}
	damages(document, func(damaged []byte, what string, at int) {
		got, err := remembered(damaged, journal)
		judge(got, err, "document", what, at)
	})
	damages(journal, func(damaged []byte, what string, at int) {
		if what == "missing" && at == len(journal)-1 {
			return // a cut, see below
		}
		got, err := remembered(document, damaged)
		judge(got, err, "journal", what, at)
	})
	if seen < tried*999/1000 {
		t.Errorf("of %d damages %d were seen", tried, seen)
	}
	t.Logf("%d damages, %d seen", tried, seen)
}

// TestWhatGitConvertsIsTheSameMemory has the line ends that Git gives to a text on Windows, and the mark that editors put before it.
func TestWhatGitConvertsIsTheSameMemory(t *testing.T) {
	document, journal := damagedRun(t)
	want, err := remembered(document, journal)
	check(t, err)
	convert := func(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")) }
	marked := slices.Concat([]byte("\xef\xbb\xbf"), document)
	for _, converted := range [][]byte{convert(document), marked, convert(marked)} {
		got, err := remembered(converted, convert(journal))
		check(t, err)
		if got != want {
			t.Errorf("%.40q: another memory", converted)
		}
	}
	home := newHome(t)
	check(t, os.WriteFile(home.String(), convert(document), 0o600))
	l := open(t, home, options(3))
	check(t, l.Environment("ns").ForgetPool("gpu"))
	closeLedger(t, l)
	saved, err := os.ReadFile(home.String())
	if check(t, err); bytes.Contains(saved, []byte("\r")) {
		t.Errorf("it is saved as %q", saved)
	}
}

// TestWhatIsCutOffIsNeverAnotherMemory cuts a document, of which nothing may be missing, and a journal, of which the end may.
func TestWhatIsCutOffIsNeverAnotherMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	document, journal := damagedRun(t)
	for size := range len(document) {
		if _, err := remembered(document[:size], nil); err == nil {
			t.Errorf("a document of %d bytes is read", size)
		}
	}
	want, err := remembered(document, nil)
	check(t, err)
	for size := range len(journal) {
		if size > 0 && (journal[size] == '\n' || journal[size-1] == '\n') { // all of a line is there, perhaps but for its end
			want, err = remembered(document, append(bytes.Clone(bytes.TrimSuffix(journal[:size], []byte("\n"))), '\n'))
			check(t, err)
		}
		got, err := remembered(document, journal[:size])
		if err != nil || got != want {
			t.Errorf("cut at %d: another memory, %v", size, err)
		}
	}
}
