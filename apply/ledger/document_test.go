package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	return cmp.Diff(want, got, cmp.AllowUnexported(document{}, memory{}, address.InstanceKey{}), cmpopts.EquateEmpty())
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
		lineage: "l", serial: rapid.Uint64Range(1, maxSerial).Draw(t, "serial"),
		journal:   merged{rapid.String().Draw(t, "journal"), rapid.SampledFrom([]string{"", "00ff"}).Draw(t, "sum")},
		digestKey: rapid.SliceOfN(rapid.Byte(), keySize, keySize).Draw(t, "key"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "entries") {
		m, entry := d.at(rapid.String().Draw(t, "environment")), drawEntry(t)
		m.actors[entry.Identity()] = entry
		if rapid.Bool().Draw(t, "doubled") {
			entry.Doubles = []*plan.Entry{drawEntry(t)}
		}
		pool := plan.PoolEntry{Name: rapid.String().Draw(t, "pool"), Address: drawAddress(t), Created: rapid.Bool().Draw(t, "created")}
		m.pools[pool.Name] = &pool
	}
	return d
}

func drawAddress(t *rapid.T) address.Address {
	key := rapid.OneOf(
		rapid.Map(rapid.String(), address.StringKey), rapid.Map(rapid.IntRange(0, 12), address.NumberKey), rapid.Just(address.InstanceKey{}),
	).Draw(t, "instance")
	return rapid.SampledFrom([]address.Address{{}, {Kind: address.KindActor, Name: "n", Label: "l", Key: key}}).Draw(t, "address")
}

func drawTime(t *rapid.T) time.Time {
	return time.UnixMilli(rapid.Int64Range(0, 1<<41).Draw(t, "at")).UTC()
}

func drawEntry(t *rapid.T) *plan.Entry {
	entry := &plan.Entry{
		Name: rapid.String().Draw(t, "name"), Key: rapid.SliceOf(rapid.String()).Draw(t, "key"), Address: drawAddress(t),
		ActorID: rapid.SampledFrom([]string{"", "id1"}).Draw(t, "id"), Created: rapid.Bool().Draw(t, "created"),
		Fresh: rapid.Bool().Draw(t, "fresh"), Input: drawMemo(t), Triggers: drawMemo(t), Steps: map[string]*plan.StepMemo{},
		KeyRecipe: rapid.String().Draw(t, "key recipe"), Project: rapid.String().Draw(t, "project"), PreventDestroy: rapid.Bool().Draw(t, "protected"), OnDestroy: rapid.Bool().Draw(t, "on destroy"),
		CrashPolicy: rapid.SampledFrom([]string{"", "sleep", "restart"}).Draw(t, "crash policy"), FirstApplied: drawTime(t), LastApplied: drawTime(t), Tried: drawTime(t), Until: drawTime(t),
	}
	for range rapid.IntRange(0, 2).Draw(t, "dependencies") {
		entry.DependsOn = append(entry.DependsOn, address.Address{Kind: address.KindActor, Name: "n", Label: "on"})
	}
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		entry.Steps[rapid.String().Draw(t, "step")] = &plan.StepMemo{
			ActorID: rapid.SampledFrom([]string{"id1", "id2"}).Draw(t, "step's actor"),
			Status:  rapid.SampledFrom([]plan.StepStatus{plan.StepStarted, plan.StepDone, plan.StepFailed}).Draw(t, "status"),
			Args:    drawMemo(t), Output: drawValue(t), At: drawTime(t), Farewell: rapid.Bool().Draw(t, "farewell"),
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

// resum gives a document, which a test has changed, the checksum that it needs to be read.
func resum(data string) string {
	if end := strings.LastIndex(data, ",\n  \"checksum\""); end >= 0 {
		sum := sha256.Sum256([]byte(data[:end]))
		data = data[:end] + trailer(hex.EncodeToString(sum[:]))
	}
	return data
}

func TestDocumentIsRefused(t *testing.T) {
	replace := func(old, with string) string {
		if !strings.Contains(wantDocument, old) {
			t.Fatalf("the document has no %s", old)
		}
		return resum(strings.Replace(wantDocument, old, with, 1))
	}
	twice := `"actors": [{"name": "chatRoom", "key": ["org", "a"], "created": false},`
	tests := []struct{ name, data, want string }{
		{"empty", "", "line 1: unexpected EOF"},
		{"not JSON", "riveter", "line 1: "},
		{"not an object", "[]", "line 1: "},
		{"cut off", wantDocument[:len(wantDocument)/2], "unexpected EOF"},
		{"of a newer version", replace(`"version": 2`, `"version": 3, "unheard": "of"`), "version 3 is of a newer riveter, and this one knows none after 2: use the newer one"},
		{"of no version", replace(`"version": 2,`, ``), "line 3: lineage: the version does not come first"},
		{"of version 0", replace(`"version": 2`, `"version": 0`), "there never was a version 0"},
		{"with a version that is none", replace(`"version": 2`, `"version": "1"`), "line 2: version: "},
		{"without a lineage", replace(`12f4a465-4efa-4bd1-9e3a-9e97e2e230e1`, ``), "the lineage is missing"},
		{"without a serial", replace(`"serial": 1,`, ``), "the serial is missing"},
		{"with a serial that is too large", replace(`"serial": 1,`, `"serial": 18446744073709551615,`), "the serial 18446744073709551615 is beyond"},
		{"with a serial that is none", replace(`"serial": 1,`, `"serial": 18446744073709551616,`), "line 4: serial: "},
		{"with a short key", replace(`2+WILiV5aDQywb/FJUVK3QzYcnTWcITKrw4NNshJbbc=`, `AAAA`), "the digest key has 3 bytes and not 32"},
		{"with an unknown member", replace(`"serial"`, `"serials"`), "line 4: serials: nothing has this name"},
		{"with an unknown member of an environment", replace(`"pools"`, `"ponds"`), "ponds: nothing has this name"},
		{"with an unknown member of an entry", replace(`"created"`, `"creates"`), `unknown field "creates"`},
		{"with no actor id", replace(`"actor_id": "id1"`, `"actor_id": null`), "chatRoom org/a: null is in the place of a text"},
		{"with no key", replace(`"key": [`, `"key": null, "project": [`), "cannot unmarshal"},
		{"with a name that is none", replace(`"name": "chatRoom"`, `"name": null`), "null is in the place"},
		{"with a pool's name that is none", replace(`"name": "gpu"`, `"name": null`), "null is in the place"},
		{"with an address that is none", replace(`actor.chatRoom.room[`, `actor.chatRoom.[`), "line 55: environments: ns: actors: chatRoom"},
		{"with a dependency that is none", replace(`actor.chatRoom.room[\"b\"]`, `actor`), "actors: "},
		{"with a pool's address that is none", replace(`runner_config.gpu`, `runner`), "pools: "},
		{"with an entry twice", replace(`"actors": [`, twice), "chatRoom org/a: it is there twice"},
		{"with a pool twice", replace(`"pools": [`, `"pools": [{"name": "gpu", "created": false},`), "gpu is there twice"},
		{"with an environment that is none", replace(`"ns": {`, `"ms": 1, "ns": {`), "ms: "},
		{"with actors that are none", replace(`"ns": {`, `"ms": {"actors": {}}, "ns": {`), "ms: actors: "},
		{"with a status that is none", replace(`"done"`, `"maybe"`), `action.addMember["bob"]: "maybe" is no status of a step`},
		{"with marks of a merge", replace(`    "ns"`, "<<<<<<< HEAD\n    \"ns\""), "line 11 has the marks of a merge"},
		{"with marks of a merge at its begin", "<<<<<<< HEAD\n" + wantDocument, "line 1 has the marks of a merge"},
		{"with marks of a merge on Windows", strings.ReplaceAll(replace(`    "ns"`, "<<<<<<< HEAD\n    \"ns\""), "\n", "\r\n"), "line 11 has the marks of a merge"},
		{"followed by something", wantDocument + "{}", "something follows the document"},
		{"changed by hand", strings.Replace(wantDocument, `"created": true`, `"created": false`, 1), "its checksum does not match"},
		{"in another layout", compactDocument(t), "its checksum does not match"},
		{"without a checksum", wantDocument[:strings.LastIndex(wantDocument, ",")] + "}", "its checksum does not match"},
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

func compactDocument(t *testing.T) string {
	t.Helper()
	var compact bytes.Buffer
	check(t, json.Compact(&compact, []byte(wantDocument)))
	return compact.String()
}

func TestADocumentThatIsNotDamagedIsNotCalledSo(t *testing.T) {
	for _, document := range []string{`{"version": 3}`, "<<<<<<< HEAD\n" + wantDocument} {
		home := newHome(t)
		check(t, os.WriteFile(home.String(), []byte(document), 0o600))
		if _, err := Open(t.Context(), home, options(1)); strings.Contains(err.Error(), "backup") {
			t.Error(err)
		}
	}
}

func TestLastSerialCanBeReadAndNotFollowed(t *testing.T) {
	home := newHome(t)
	check(t, os.WriteFile(home.String(), []byte(resum(strings.Replace(wantDocument, `"serial": 1,`, `"serial": 9007199254740991,`, 1))), 0o600))
	l := open(t, home, readOnly(options(1)))
	if len(l.Recall("ns").Actors) != 1 {
		t.Error("nothing is recalled")
	}
	closeLedger(t, l)
	_, err := Open(t.Context(), home, options(2))
	wantError(t, err, "serial 9007199254740991 is the last one")
	if got := files(t, home); len(got) != 1 {
		t.Errorf("there are %v", got)
	}
}

func FuzzDecodeDocument(f *testing.F) {
	f.Add([]byte(wantDocument))
	f.Add([]byte(`{"version":1,"lineage":"l","serial":1,"digest_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","last_journal":"","environments":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, []byte(resum(string(data)))} {
			if d, err := decodeDocument(data); err == nil {
				d.migrate()
				requireSavable(t, d)
			}
			requireSameReading(t, data)
		}
	})
}
