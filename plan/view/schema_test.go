package view

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

func TestDocumentsFollowTheSchema(t *testing.T) {
	schema, _ := readSchema(t)
	documents := map[string]*Document{}
	for name, build := range map[string]func(*world){
		"create": createWorld, "change": changeWorld, "text": textWorld, "hidden": hiddenWorld, "lookups": lookupsWorld,
		"empty": func(*world) {},
		"destroy": func(w *world) {
			w.Mode = plan.ModeDestroy
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "")
		},
	} {
		w := newWorld(t)
		build(w)
		documents[name] = Describe(w.build())
	}
	w := newWorld(t)
	brokenWorld(w)
	r := newReport(t, w.build())
	breakReport(r)
	r.step(2, 0).Output = val(t, `{ a = secret }`)
	r.Outputs = map[string]plan.Output{"a": {Value: cty.True}, "b": {Value: cty.DynamicVal}, "c": {Value: cty.True, Sensitive: true}}
	documents["report"] = DescribeReport(r.Report)
	file, _ := hclsyntax.ParseConfig([]byte(roomsSource), "rooms.rivet.hcl", hcl2.InitialPos)
	documents["report"].Diagnostics = append(documents["report"].Diagnostics,
		DescribeDiagnostic(valuesDiagnostic(t, file), map[string]*hcl2.File{"rooms.rivet.hcl": file}))

	for name, d := range documents {
		if err := schema.Validate(decodeJSON(t, d)); err != nil {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

func TestTheSchemaRefusesWhatItDoesNotDescribe(t *testing.T) {
	schema, _ := readSchema(t)
	w := newWorld(t)
	createWorld(w)
	for name, spoil := range map[string]func(map[string]any){
		"missing member":        func(d map[string]any) { delete(d, "mode") },
		"unknown member":        func(d map[string]any) { d["extra"] = 1 },
		"wrong type":            func(d map[string]any) { d["riveter_version"] = 1.0 },
		"wrong word":            func(d map[string]any) { d["mode"] = "maybe" },
		"wrong deep down":       func(d map[string]any) { d["changes"].([]any)[0].(map[string]any)["key"] = "general" },
		"fraction for a number": func(d map[string]any) { d["summary"].(map[string]any)["calls"] = 1.5 },
	} {
		document := decodeJSON(t, Describe(w.build())).(map[string]any)
		spoil(document)
		if schema.Validate(document) == nil {
			t.Errorf("%s: want a problem", name)
		}
	}
}

// Every field of the structs is in the schema, and the other way round.
func TestTheSchemaDescribesEveryField(t *testing.T) {
	_, root := readSchema(t)
	properties := func(path ...string) map[string]any {
		node := root
		for _, name := range path {
			node = node[name].(map[string]any)
		}
		return node["properties"].(map[string]any)
	}
	for _, tt := range []struct {
		document any
		schema   map[string]any
	}{
		{Document{}, properties()},
		{Target{}, properties("properties", "target")},
		{Ledger{}, properties("properties", "ledger")},
		{Observed{}, properties("properties", "observed")},
		{Change{}, properties("$defs", "change")},
		{Input{}, properties("$defs", "change", "properties", "input")},
		{Step{}, properties("$defs", "step")},
		{Fact{}, properties("$defs", "step", "properties", "fact")},
		{Check{}, properties("properties", "checks", "items")},
		{Output{}, properties("$defs", "output")},
		{Diagnostic{}, properties("$defs", "diagnostic")},
		{Snippet{}, properties("$defs", "diagnostic", "properties", "snippet")},
	} {
		fields, described := fieldNames(reflect.TypeOf(tt.document)), slices.Sorted(maps.Keys(tt.schema))
		if !slices.Equal(fields, described) {
			t.Errorf("%T has %v, its schema %v", tt.document, fields, described)
		}
	}
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// readSchema returns the schema compiled, and as it stands in its file.
func readSchema(t *testing.T) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	return compiled, root
}

func decodeJSON(t *testing.T, v any) any {
	t.Helper()
	var b bytes.Buffer
	if err := WriteJSON(&b, v); err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(b.Bytes(), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}
