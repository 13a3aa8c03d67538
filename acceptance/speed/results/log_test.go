package results

import (
	"os"
	"path/filepath"
	"testing"
)

// TestARunGoesOn has a run that is killed while it writes a line followed by another one.
func TestARunGoesOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.jsonl")
	add(t, path, Record{Setup: &Setup{Cores: 2}}, Record{Key: Key{Riveter, Apply, 100}, Round: 1, Cost: Cost{Wall: 2}})
	tear(t, path, `{"contender":"riveter","task":"aga`)
	add(t, path, Record{Key: Key{Limit, Apply, 100}, Round: 1, Failed: "exit status 1"}, Record{Key: Key{Limit, Destroy, 100}, Failed: "exit status 1"})
	log, err := Open(path)
	must(t, err)
	must(t, log.Close())
	if len(log.Results) != 4 || log.Results[1].Wall != 2 || log.Results[2].Contender != Limit {
		t.Fatalf("%+v", log.Results)
	}
	for _, of := range []struct {
		contender string
		size      int
		round     int
		want      bool
	}{
		{Riveter, 100, 1, false}, // it has only applied
		{Limit, 100, 1, true},    // it will not get further
		{Limit, 100, 2, false},
		{Limit, 100, 0, false}, // its requests are still to be counted
		{Limit, 1000, 1, false},
	} {
		if got := log.Done(Key{of.contender, Destroy, of.size}, of.round); got != of.want {
			t.Errorf("%+v: %t", of, got)
		}
	}
}

func TestWhatIsNoLogIsNotChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	const notes = "dear diary\nand no more"
	must(t, os.WriteFile(path, []byte(notes), 0o600))
	if _, err := Open(path); err == nil {
		t.Error("it is opened")
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != notes {
		t.Errorf("%q, %v", got, err)
	}
}

func add(t *testing.T, path string, records ...Record) {
	t.Helper()
	log, err := Open(path)
	must(t, err)
	for _, r := range records {
		must(t, log.Add(r))
	}
	must(t, log.Close())
}

func tear(t *testing.T, path, part string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = file.WriteString(part)
	must(t, err)
	must(t, file.Close())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
