package plan

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// specOf returns what only steps of a kind have, with nothing set.
func specOf(t *testing.T, kind address.StepKind) Spec {
	t.Helper()
	switch kind {
	case address.StepAction:
		return &Action{}
	case address.StepEnsure:
		return &Ensure{}
	case address.StepMessage:
		return &Message{}
	case address.StepRequest:
		return &Request{}
	case address.StepExpect:
		return &Expect{}
	}
	t.Fatalf("a test for steps of kind %s is missing", kind)
	return nil
}

// valueFields returns the address of every value in a struct, by the name of its field.
func valueFields(of reflect.Value) map[string]*cty.Value {
	found := map[string]*cty.Value{}
	for i := range of.NumField() {
		switch at := of.Field(i).Addr().Interface().(type) {
		case *cty.Value:
			found[of.Type().Field(i).Name] = at
		case *Call:
			maps.Copy(found, valueFields(reflect.ValueOf(at).Elem()))
		}
	}
	return found
}

// A value that is not among the fields of its kind would be shown where it is secret, and sent where it is not known.
func TestEveryValueOfAStepIsAField(t *testing.T) {
	for _, kind := range address.StepKinds() {
		spec := specOf(t, kind)
		var fields []*cty.Value
		for _, f := range spec.fields() {
			fields = append(fields, f.value)
		}
		values := valueFields(reflect.ValueOf(spec).Elem())
		for name, at := range values {
			if !slices.Contains(fields, at) {
				t.Errorf("%s: %s is forgotten", kind, name)
			}
		}
		if len(values) == 0 || len(fields) != len(values) {
			t.Errorf("%s: %d fields for %d values", kind, len(fields), len(values))
		}
	}
}

func TestWhatIsSecretOrUnknownOfAStep(t *testing.T) {
	for _, kind := range address.StepKinds() {
		for i, f := range specOf(t, kind).fields() {
			spec := specOf(t, kind)
			at := spec.fields()[i].value
			step := &Step{Spec: spec}
			*at = cty.ObjectVal(map[string]cty.Value{"deep": cty.StringVal("hunter2").Mark(value.Sensitive)})
			if got := step.Secrets(); !slices.Equal(got, []string{"hunter2"}) {
				t.Errorf("%s of %s: the secrets are %v", f.name, kind, got)
			}
			*at = cty.TupleVal([]cty.Value{cty.DynamicVal})
			if step.IsKnown() != (f.use == live) {
				t.Errorf("%s of %s is unknown, and the step known: %t", f.name, kind, step.IsKnown())
			}
		}
	}
}

func same(a, b cty.Value) bool {
	if a == cty.NilVal || b == cty.NilVal {
		return a == b
	}
	return a.RawEquals(b)
}

func TestSettledStepIsWhatThePlanHasShown(t *testing.T) {
	part := func(v cty.Value) cty.Value { return cty.TupleVal([]cty.Value{cty.StringVal("shown"), v}) }
	other := cty.TupleVal([]cty.Value{cty.StringVal("other"), cty.True})
	tests := []struct {
		name                  string
		planned, now, settled cty.Value // of what the plan has shown
		problem               string
	}{
		{"unchanged", part(cty.True), part(cty.True), part(cty.True), ""},
		{"another one now", part(cty.True), other, part(cty.True), ""},
		{"filled in", part(cty.DynamicVal), part(cty.True), part(cty.True), ""},
		{"filled in, and a part is another one now", part(cty.DynamicVal), other, cty.NilVal, "no longer what the plan showed"},
		{"still unknown", part(cty.DynamicVal), part(cty.DynamicVal), cty.NilVal, "still not known"},
		{"absent", cty.NilVal, cty.NilVal, cty.NilVal, ""},
	}
	for _, kind := range address.StepKinds() {
		for _, tt := range tests {
			for i, f := range specOf(t, kind).fields() {
				planned, now := &Step{Spec: specOf(t, kind)}, &Step{Spec: specOf(t, kind), ReadState: true}
				*planned.Spec.fields()[i].value, *now.Spec.fields()[i].value = tt.planned, tt.now
				settled, err := planned.Settle(now)
				want, problem := tt.settled, tt.problem
				if f.use != shown {
					want, problem = tt.now, ""
				}
				if problem != "" {
					if err == nil || !strings.HasPrefix(err.Error(), f.name+": ") || !strings.Contains(err.Error(), problem) {
						t.Errorf("%s, %s of %s: %v", tt.name, f.name, kind, err)
					}
					continue
				}
				if err != nil || !settled.ReadState {
					t.Errorf("%s, %s of %s: %v", tt.name, f.name, kind, err)
					continue
				}
				if got := *settled.Spec.fields()[i].value; !same(got, want) {
					t.Errorf("%s, %s of %s is %#v, not %#v", tt.name, f.name, kind, got, want)
				}
				if was := *now.Spec.fields()[i].value; !same(was, tt.now) {
					t.Errorf("%s, %s of %s: the step that was evaluated is changed", tt.name, f.name, kind)
				}
			}
		}
	}
}

func TestAStepIsEitherMadeOrAboutAFact(t *testing.T) {
	for _, kind := range address.StepKinds() {
		step := &Step{Spec: specOf(t, kind)}
		if (step.Call() == nil) == (step.Fact() == nil) {
			t.Errorf("%s: call %v, fact %v", kind, step.Call(), step.Fact())
		}
		if call := step.Call(); call != nil {
			call.Policy = RunAlways
			if step.Policy() != RunAlways {
				t.Errorf("%s says it runs %q", kind, step.Policy())
			}
		}
	}
}

// What a step sends is what decides whether it is the same as it was, and so is whom it is for.
func TestDigestTellsEverythingThatIsSent(t *testing.T) {
	digest := func(kind address.StepKind, change func(Spec)) string {
		spec := specOf(t, kind)
		for _, f := range spec.fields() {
			*f.value = cty.StringVal("a " + f.name)
		}
		change(spec)
		memo, err := (&Step{Spec: spec}).Remember([]byte("a key for tests"))
		if err != nil {
			t.Fatal(err)
		}
		return memo.Digest
	}
	for _, kind := range []address.StepKind{address.StepAction, address.StepMessage, address.StepRequest} {
		was := digest(kind, func(Spec) {})
		for i, f := range specOf(t, kind).fields() {
			counts := f.use == shown && f.name != "expect"
			now := digest(kind, func(s Spec) { *s.fields()[i].value = cty.StringVal("other") })
			if (now != was) != counts {
				t.Errorf("another %s of a %s changes the digest: %t", f.name, kind, now != was)
			}
		}
		now := digest(kind, func(s Spec) {
			switch s := s.(type) {
			case *Action:
				s.Name = "other"
			case *Message:
				s.Queue = "other"
			case *Request:
				s.Method = "other"
			case *Ensure, *Expect:
			}
		})
		if now == was {
			t.Errorf("a %s for somebody else has the same digest", kind)
		}
	}
}
