package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

func TestDocumentsFollowTheSchema(t *testing.T) {
	schema := readSchema(t)
	documents := map[string]*Document{}
	for name, build := range map[string]func(*world){
		"create": createWorld, "change": changeWorld, "text": textWorld, "hidden": hiddenWorld,
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
	r.step(2, 0).Output = value(t, `{ a = secret }`)
	r.Outputs = map[string]plan.Output{"a": {Value: cty.True}, "b": {Value: cty.DynamicVal}, "c": {Value: cty.True, Sensitive: true}}
	documents["report"] = DescribeReport(r.Report)
	file, _ := hclsyntax.ParseConfig([]byte(roomsSource), "rooms.rivet.hcl", hcl2.InitialPos)
	documents["report"].Diagnostics = append(documents["report"].Diagnostics,
		DescribeDiagnostic(valuesDiagnostic(t, file), map[string]*hcl2.File{"rooms.rivet.hcl": file}))

	for name, d := range documents {
		for _, problem := range schema.check(schema.root, decodeJSON(t, d), name) {
			t.Error(problem)
		}
	}
}

func TestTheSchemaRefusesWhatItDoesNotDescribe(t *testing.T) {
	schema := readSchema(t)
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
		if len(schema.check(schema.root, document, "")) == 0 {
			t.Errorf("%s: want a problem", name)
		}
	}
}

// Every field of the structs is in the schema, and the other way round.
func TestTheSchemaDescribesEveryField(t *testing.T) {
	schema := readSchema(t)
	properties := func(path ...string) map[string]any {
		node := schema.root
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

// jsonSchema checks the part of JSON Schema that schema.json is written in.
type jsonSchema struct{ root map[string]any }

func readSchema(t *testing.T) jsonSchema {
	t.Helper()
	data, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	return jsonSchema{root}
}

// check returns what is wrong with a value.
func (s jsonSchema) check(schema map[string]any, v any, at string) []string {
	var problems []string
	for keyword, want := range schema {
		problems = append(problems, s.keyword(schema, keyword, want, v, at)...)
	}
	return problems
}

func (s jsonSchema) keyword(schema map[string]any, keyword string, want, v any, at string) []string {
	problem := func(ok bool) []string {
		if ok {
			return nil
		}
		return []string{fmt.Sprintf("%s: %s %v: got %v", at, keyword, want, v)}
	}
	switch keyword {
	case "$schema", "$defs", "title", "description", "properties":
		return nil
	case "$ref":
		return s.check(s.root["$defs"].(map[string]any)[strings.TrimPrefix(want.(string), "#/$defs/")].(map[string]any), v, at)
	case "const":
		return problem(v == want)
	case "enum":
		return problem(slices.Contains(want.([]any), v))
	case "type":
		return problem(hasType(want, v))
	case "anyOf":
		return problem(slices.ContainsFunc(want.([]any), func(one any) bool { return s.check(one.(map[string]any), v, at) == nil }))
	case "required":
		object, _ := v.(map[string]any)
		return problem(!slices.ContainsFunc(want.([]any), func(name any) bool { _, ok := object[name.(string)]; return !ok }))
	case "items":
		return s.items(want.(map[string]any), v, at)
	case "additionalProperties":
		return s.members(schema, want, v, at)
	default:
		return []string{"schema.json has a keyword that this test does not know: " + keyword}
	}
}

func (s jsonSchema) items(schema map[string]any, v any, at string) []string {
	var problems []string
	elements, _ := v.([]any)
	for i, element := range elements {
		problems = append(problems, s.check(schema, element, fmt.Sprintf("%s[%d]", at, i))...)
	}
	return problems
}

// members checks the members of an object, those that are not described too.
func (s jsonSchema) members(schema map[string]any, additional, v any, at string) []string {
	var problems []string
	described, _ := schema["properties"].(map[string]any)
	object, _ := v.(map[string]any)
	for name, member := range object {
		at := at + "." + name
		property, known := described[name].(map[string]any)
		if !known {
			property, known = additional.(map[string]any)
		}
		if !known {
			problems = append(problems, at+" is not described")
			continue
		}
		problems = append(problems, s.check(property, member, at)...)
	}
	return problems
}

func hasType(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return hasType(one, v) })
	}
	switch v := v.(type) {
	case nil:
		return want == "null"
	case bool:
		return want == "boolean"
	case string:
		return want == "string"
	case float64:
		return want == "number" || want == "integer" && v == float64(int(v))
	case []any:
		return want == "array"
	default:
		return want == "object"
	}
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
