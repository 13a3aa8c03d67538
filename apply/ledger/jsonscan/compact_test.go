package jsonscan

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestCompactIsThatOfEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var indented, want bytes.Buffer
		text, err := json.Marshal(drawValue(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Indent(&indented, text, " \t", "\r\n  "); err != nil {
			t.Fatal(err)
		}
		if err := json.Compact(&want, text); err != nil {
			t.Fatal(err)
		}
		if got := Compact(indented.Bytes()); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("%s becomes %s", text, got)
		}
	})
	if Compact(nil) != nil {
		t.Error("nothing becomes something")
	}
}
