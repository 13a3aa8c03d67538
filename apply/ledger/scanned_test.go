package ledger

import (
	"testing"

	"pgregory.net/rapid"

	"riveter/apply/ledger/jsonscan"
)

// requireSameReading fails where a scannedSource reads another document than encoding/json, and reports whether it reads one.
func requireSameReading(t interface {
	Helper()
	Fatalf(string, ...any)
}, data []byte,
) bool {
	t.Helper()
	got, lost := readDocument(data, summing(data), scannedSource{jsonscan.New(data)})
	if lost != nil {
		return false
	}
	want, err := readDocument(data, summing(data), newJSONSource(data))
	if err != nil {
		t.Fatalf("a scannedSource reads what is none: %v\n%s", err, data)
	}
	if diff := diffDocuments(want, got); diff != "" {
		t.Fatalf("a scannedSource reads another one: %s\n%s", diff, data)
	}
	return true
}

func TestScannedSourceReadsWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		for _, m := range d.environments {
			for _, entry := range m.actors {
				entry.Doubles = nil // which it does not know
			}
		}
		data, err := encodeToBytes(d)
		if err != nil {
			t.Fatal(err)
		}
		if !requireSameReading(t, data) {
			t.Fatalf("lost in:\n%s", data)
		}
	})
}

// TestScannedSourceReadsNothingElse gives damaged documents the checksum that they have then.
func TestScannedSourceReadsNothingElse(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	document, _ := damagedRun(t)
	tried, read := 0, 0
	damages(document, func(damaged []byte, _ string, _ int) {
		if tried++; requireSameReading(t, []byte(resum(string(damaged)))) {
			read++
		}
	})
	if read < tried/10 {
		t.Errorf("of %d documents %d are read", tried, read)
	}
}
