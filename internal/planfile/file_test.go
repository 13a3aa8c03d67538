package planfile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const emptyPlan = `{"format_version":"1.1","riveter_version":"0.1.0","mode":"apply","target":{"endpoint":"","namespace":"","namespace_id":""},` +
	`"changes":[],"outputs":{},"checks":[],"diagnostics":[],` +
	`"summary":{"create":0,"adopt":0,"update":0,"replace":0,"destroy":0,"forget":0,"read":0,"no_op":0,"calls":0,"always":0,"conditional":0,"checks":0,"unknown":0,"mark":0},` +
	`"observed":{"resolved":0,"woken":0,"reads":0,"requests":0,"seconds":0}}`

func example() *File {
	n := 3
	return &File{
		RiveterVersion: "0.1.0",
		Options: Options{
			Path: ".", Workdir: "/w", Mode: "apply", MaxDestroy: &n, OnUnknown: "skip",
			Target: []string{"actor.a.b"}, Exclude: []string{}, Rerun: []string{}, MarkDone: []string{}, Invoke: []string{}, Replace: []string{},
		},
		Target: Target{"http://localhost:6420", "default", "ns1"},
		Ledger: Ledger{"local", "/w/riveter.ledger.json", "lineage", 7},
		Sources: Sources{
			Files:       map[string]Source{"main.rivet.hcl": {Content: []byte("\x00\xff {}\n")}, "secret.rivetvars.hcl": {Withheld: true, Digest: "d"}},
			Environment: map[string]Source{"A": {Absent: true}},
			Variables:   []Variable{{Name: "x", Source: Source{Content: []byte("1")}}, {File: "f"}},
		},
		Presumed: []Presumption{{
			Address: "actor.a.b", Name: "a", Key: []string{"k"}, ActorID: "id", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Entry: "e", Digest: "d",
		}, {Address: "actor.a.c", Name: "a", Digest: "d"}},
		Transition: "sha256:" + strings.Repeat("4f1c", 16),
		Plan:       json.RawMessage(emptyPlan),
	}
}

func encoded(t *testing.T, f *File, recipients ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, f, recipients); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFileIsReadAsItWasWritten(t *testing.T) {
	want := example()
	data := encoded(t, want)
	if !IsPlan(data) || IsPlan([]byte(emptyPlan)) || IsPlan(nil) || !IsPlan(data[:300]) {
		t.Error("it is not known for what it is")
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoByteCanBeAnother(t *testing.T) {
	data := encoded(t, example())
	for i := range data {
		for _, flip := range []byte{1, 0x20, 0x80} {
			damaged := bytes.Clone(data)
			damaged[i] ^= flip
			if _, err := Decode(damaged); err == nil {
				t.Fatalf("byte %d may be %q: %q", i, damaged[i], damaged[max(i-20, 0):min(i+20, len(damaged))])
			}
		}
		if _, err := Decode(data[:i]); err == nil {
			t.Fatalf("%d bytes are enough", i)
		}
	}
	for _, more := range []string{"\n", "{}", " "} {
		if _, err := Decode(append(bytes.Clone(data), more...)); err == nil {
			t.Errorf("%q may follow", more)
		}
	}
}

func TestALineMayEndAsWindowsHasIt(t *testing.T) {
	if _, err := Decode(bytes.ReplaceAll(encoded(t, example()), []byte("\n"), []byte("\r\n"))); err != nil {
		t.Error(err)
	}
}

func TestAnotherFormatIsRefused(t *testing.T) {
	for _, change := range []string{`"format_version":"2.0"`, `"format_version":""`, `"kind":"terraform"`} {
		data := encoded(t, example())
		old := map[bool]string{true: `"format_version":"` + FormatVersion + `"`, false: `"kind":"riveter-plan"`}[strings.HasPrefix(change, `"format`)]
		data = bytes.Replace(data, []byte(old), []byte(change), 1)
		end := bytes.LastIndex(data, []byte(digestHead))
		data = append(bytes.Clone(data[:end]), digestHead+digest(data[:end])+digestTail+"\n"...)
		if f, err := Decode(data); err == nil || strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v, %v", change, f, err)
		}
	}
}

func TestASealedFileIsOpenedByItsRecipients(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key := func(i *age.X25519Identity) string {
		path := filepath.Join(t.TempDir(), "key.txt")
		if err := os.WriteFile(path, []byte(i.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain, sealed := encoded(t, example()), encoded(t, example(), other.Recipient().String(), identity.Recipient().String())
	if bytes.Contains(sealed, []byte("riveter")) {
		t.Error("it is not sealed")
	}
	for _, i := range []*age.X25519Identity{identity, other} {
		if opened, err := Open(sealed, key(i)); err != nil || !bytes.Equal(opened, plain) {
			t.Errorf("%v:\n%s", err, opened)
		}
	}
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "nowhere", key(stranger), "AGE-SECRET-KEY-1"} {
		if _, err := Open(sealed, path); err == nil || strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("with %q: %v", path, err)
		}
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := Open(sealed, key(identity)); err == nil {
		t.Error("a damaged one is opened")
	}
	if opened, err := Open(plain, ""); err != nil || !bytes.Equal(opened, plain) {
		t.Errorf("what is not sealed: %v", err)
	}
}

func TestTheSchemaDescribesIt(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded(t, example())))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%#v", err)
	}
	document.(map[string]any)["extra"] = true
	if schema.Validate(document) == nil {
		t.Error("another member is allowed")
	}
}
