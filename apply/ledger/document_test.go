package ledger

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

func diffDocuments(want, got *document) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(document{}, address.InstanceKey{}), cmpopts.EquateEmpty())
}

func encodeToBytes(d *document) ([]byte, error) {
	var b bytes.Buffer
	err := d.encode(&b)
	return b.Bytes(), err
}

// requireSavable fails unless d can be written, is read again as it was, and is then written with the same bytes.
func requireSavable(t interface {
	Helper()
	Fatalf(string, ...any)
}, d *document,
) {
	t.Helper()
	data, err := encodeToBytes(d)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	again, err := decodeDocument(data)
	if err != nil {
		t.Fatalf("decode: %v\n%s", err, data)
	}
	if twice, err := encodeToBytes(again); err != nil || !bytes.Equal(data, twice) {
		t.Fatalf("other bytes the second time: %v\n%s\n%s", err, data, twice)
	}
}

func TestDocumentIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		requireSavable(t, d)
		data, err := encodeToBytes(d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeDocument(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diffDocuments(d, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawDocument(t *rapid.T) *document {
	d := &document{
		lineage: "l", serial: rapid.Uint64Min(1).Draw(t, "serial"), journal: rapid.String().Draw(t, "journal"),
		digestKey: rapid.SliceOfN(rapid.Byte(), keySize, keySize).Draw(t, "key"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "entries") {
		key := rapid.OneOf(
			rapid.Map(rapid.String(), address.StringKey), rapid.Map(rapid.IntRange(0, 12), address.NumberKey), rapid.Just(address.InstanceKey{}),
		).Draw(t, "instance")
		address := address.Address{Kind: address.KindActor, Name: "n", Label: "l", Key: key}
		d.at(rapid.String().Draw(t, "environment"))[address] = drawEntry(t)
	}
	return d
}

func drawEntry(t *rapid.T) *plan.Entry {
	entry := &plan.Entry{
		Name: rapid.String().Draw(t, "name"), Key: rapid.SliceOf(rapid.String()).Draw(t, "key"),
		ActorID: rapid.SampledFrom([]string{"", "id1"}).Draw(t, "id"), Created: rapid.Bool().Draw(t, "created"),
		Fresh: rapid.Bool().Draw(t, "fresh"), Input: drawMemo(t), Steps: map[string]*plan.StepMemo{},
	}
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		entry.Steps[rapid.String().Draw(t, "step")] = &plan.StepMemo{
			ActorID: rapid.SampledFrom([]string{"id1", "id2"}).Draw(t, "step's actor"),
			Status:  rapid.SampledFrom([]plan.StepStatus{plan.StepStarted, plan.StepDone, plan.StepFailed}).Draw(t, "status"),
			Args:    drawMemo(t), Output: drawValue(t), At: time.UnixMilli(rapid.Int64Range(0, 1<<41).Draw(t, "at")).UTC(),
		}
	}
	return entry
}

func drawMemo(t *rapid.T) value.Memo {
	return rapid.SampledFrom([]value.Memo{{}, {Absent: true}, {Digest: "d"}, {Digest: "d", Value: drawValue(t)}}).Draw(t, "memo")
}

func drawValue(t *rapid.T) json.RawMessage {
	values := []string{"", "null", "0", `"<&> \u2028\n"`, "[]", "{}", `{"a":[1,{"b":null}],"a b":"ü"}`, "1e400", "12345678901234567890"}
	if value := rapid.SampledFrom(values).Draw(t, "value"); value != "" {
		return json.RawMessage(value)
	}
	return nil
}

func TestDocumentIsRefused(t *testing.T) {
	replace := func(old, with string) string { return strings.Replace(wantDocument, old, with, 1) }
	tests := []struct{ name, data, want string }{
		{"empty", "", "line 1: unexpected EOF"},
		{"not JSON", "riveter", "line 1: "},
		{"not an object", "[]", "line 1: "},
		{"cut off", wantDocument[:len(wantDocument)/2], "unexpected EOF"},
		{"of a newer version", replace(`"version": 1`, `"version": 2, "unheard": "of"`), "version 2 is of a newer riveter, and this one knows none after 1: use the newer one"},
		{"of no version", replace(`"version": 1,`, ``), "line 3: lineage: the version does not come first"},
		{"of version 0", replace(`"version": 1`, `"version": 0`), "there never was a version 0"},
		{"with a version that is none", replace(`"version": 1`, `"version": "1"`), "line 2: version: "},
		{"without a lineage", replace(`12f4a465-4efa-4bd1-9e3a-9e97e2e230e1`, ``), "the lineage is missing"},
		{"without a serial", replace(`"serial": 1,`, ``), "the serial is missing"},
		{"with a short key", replace(`2+WILiV5aDQywb/FJUVK3QzYcnTWcITKrw4NNshJbbc=`, `AAAA`), "the digest key has 3 bytes and not 32"},
		{"with an unknown member", replace(`"serial"`, `"serials"`), "line 4: serials: nothing has this name"},
		{"with an unknown member of an entry", replace(`"created"`, `"creates"`), `unknown field "creates"`},
		{"with an address that is none", replace(`actor.chatRoom.room`, `actor.chatRoom.`), "line 9: environments: ns: "},
		{"with an entry twice", replace(`"ns": {`, `"ns": {"actor.chatRoom.room[\"a\"]": {},`), "it is there twice"},
		{"with an environment that is none", replace(`"ns": {`, `"ms": 1, "ns": {`), "ms: "},
		{"with a status that is none", replace(`"done"`, `"maybe"`), `action.addMember["bob"]: "maybe" is no status of a step`},
		{"with marks of a merge", replace(`    "ns"`, "<<<<<<< HEAD\n    \"ns\""), "line 8: environments: invalid character '<'"},
		{"followed by something", wantDocument + "{}", "something follows the document"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := newHome(t)
			check(t, os.WriteFile(home.String(), []byte(test.data), 0o600))
			_, err := Open(t.Context(), home, options(1))
			wantError(t, err, "read ledger "+home.String(), test.want)
			after, err := os.ReadFile(home.String())
			check(t, err)
			if string(after) != test.data || len(files(t, home)) != 1 {
				t.Error("files changed")
			}
		})
	}
}

func TestDocumentOfANewerVersionIsNotCalledDamaged(t *testing.T) {
	home := newHome(t)
	check(t, os.WriteFile(home.String(), []byte(`{"version": 2}`), 0o600))
	if _, err := Open(t.Context(), home, options(1)); strings.Contains(err.Error(), "backup") {
		t.Error(err)
	}
}

func TestDocumentMayBeInAnyLayout(t *testing.T) {
	var compact bytes.Buffer
	check(t, json.Compact(&compact, []byte(wantDocument)))
	d, err := decodeDocument(compact.Bytes())
	check(t, err)
	data, err := encodeToBytes(d)
	check(t, err)
	if diff := cmp.Diff(wantDocument, string(data)); diff != "" {
		t.Error(diff)
	}
}

func FuzzDecodeDocument(f *testing.F) {
	f.Add([]byte(wantDocument))
	f.Add([]byte(`{"version":1,"lineage":"l","serial":1,"digest_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","last_journal":"","environments":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := decodeDocument(data); err == nil {
			requireSavable(t, d)
		}
	})
}
