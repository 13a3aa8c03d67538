package plan

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// field is a value of a step.
type field struct {
	name  string // as authors write it
	value *cty.Value
	use   use
}

// use says what apply may do with a value that a plan has shown.
type use int

const (
	shown use = iota // only what was unknown of it is filled in
	live             // it is evaluated anew when the step's turn comes, as it tells whether the step is due
	late             // it is evaluated then, too, if the step turns out to be due, and must be known by then
)

func (c *Call) fields() []field {
	return []field{{"only_if", &c.OnlyIf, live}, {"unless", &c.Unless, live}, {"triggers", &c.Triggers, shown}, {"expect", &c.Expect, shown}}
}

func (c *Call) call() *Call { return c }
func (c *Call) fact() Fact  { return nil }

func (a *Action) sends() (to string, payload cty.Value) { return a.Name, a.Args }
func (a *Action) fields() []field                       { return append(a.Call.fields(), field{"args", &a.Args, shown}) }

func (a *Action) copied() Spec {
	again := *a
	return &again
}

func (m *Message) sends() (to string, payload cty.Value) {
	return m.Queue, cty.TupleVal([]cty.Value{m.Body})
}

func (m *Message) fields() []field {
	return append(m.Call.fields(), field{"body", &m.Body, shown})
}

func (m *Message) copied() Spec {
	again := *m
	return &again
}

// sends gives all that is sent in one object.
func (r *Request) sends() (to string, payload cty.Value) {
	parts := map[string]cty.Value{}
	for name, part := range map[string]cty.Value{"path": r.Path, "headers": r.Headers, "json": r.JSON, "body": r.Body} {
		if part != cty.NilVal {
			parts[name] = part
		}
	}
	return r.Method, cty.TupleVal([]cty.Value{cty.ObjectVal(parts)})
}

func (r *Request) fields() []field {
	return append(r.Call.fields(),
		field{"path", &r.Path, shown}, field{"headers", &r.Headers, shown}, field{"json", &r.JSON, shown}, field{"body", &r.Body, shown})
}

func (r *Request) copied() Spec {
	again := *r
	return &again
}

func (e *Ensure) sends() (to string, payload cty.Value) { return e.Action, e.Args }

func (e *Ensure) fields() []field {
	return []field{{"value", &e.Value, live}, {"want", &e.Want, late}, {"args", &e.Args, late}}
}

func (e *Ensure) copied() Spec {
	again := *e
	return &again
}

func (e *Ensure) call() *Call { return nil }
func (e *Ensure) fact() Fact  { return e }

func (e *Expect) sends() (to string, payload cty.Value) { return "", cty.EmptyTupleVal }

func (e *Expect) fields() []field {
	return []field{{"condition", &e.Condition, live}, {"value", &e.Value, live}, {"want", &e.Want, live}}
}

func (e *Expect) copied() Spec {
	again := *e
	return &again
}

func (e *Expect) call() *Call { return nil }
func (e *Expect) fact() Fact  { return e }

// Foresee returns a call as it is planned before one that may change what its actor says: now is how it evaluates as long as the actor says the
// same, of which only that is taken which is evaluated anew when its turn comes. A step of another kind is now.
func (s *Step) Foresee(now *Step) *Step {
	if s.Call() == nil {
		return now
	}
	foreseen := *s
	foreseen.Spec = s.Spec.copied()
	actual := now.fields()
	for i, f := range foreseen.fields() {
		if f.use == live {
			*f.value = *actual[i].value
		}
	}
	return &foreseen
}

// Call returns what decides whether a step that is made when it is due is so. It is nil for one that is about a fact.
func (s *Step) Call() *Call { return s.Spec.call() }

// Fact returns the fact that a step is about, and nil for one that is made when it is due.
func (s *Step) Fact() Fact { return s.Spec.fact() }

// Policy returns when the step is made. One that is about a fact has none.
func (s *Step) Policy() Policy {
	if call := s.Call(); call != nil {
		return call.Policy
	}
	return ""
}

// Sends returns whom the step is for (an action, a queue, the method of a request), and what is sent: a tuple of arguments,
// or of the one message or request, as far as it is known. An expect is for nobody.
func (s *Step) Sends() (to string, payload cty.Value) { return s.Spec.sends() }

// ParamsFor returns the connection parameters that the step is made with on the actor of d: its own, or the actor's.
func (s *Step) ParamsFor(d *Desired) cty.Value {
	if s.Params != cty.NilVal {
		return s.Params
	}
	return d.Params
}

// fields are all values of the step, those that every step has included.
func (s *Step) fields() []field { return append(s.Spec.fields(), field{"params", &s.Params, shown}) }

// Secrets returns the strings and numbers of the step that are sensitive.
func (s *Step) Secrets() []string {
	var secrets []string
	for _, f := range s.fields() {
		secrets = append(secrets, value.Secrets(*f.value)...)
	}
	return secrets
}

// IsKnown reports whether the step can be made as it was planned: nothing that the plan shows of it is unknown.
func (s *Step) IsKnown() bool {
	for _, f := range s.fields() {
		if f.use != live && !value.IsKnown(*f.value) {
			return false
		}
	}
	return true
}

// compared are the values by which a call is another one.
func (s *Step) compared() []cty.Value {
	_, payload := s.Sends()
	if call := s.Call(); call != nil && call.Triggers != cty.NilVal {
		return []cty.Value{payload, call.Triggers}
	}
	return []cty.Value{payload}
}

// Recipe digests how what a step sends is made, where it is made of results that nobody keeps. It is empty where it is not.
func (s *Step) Recipe(key []byte) (string, error) {
	return value.RecipeOf(key, s.identified()...)
}

// Settle returns the step as it is to be carried out, given how it evaluates now: what the plan has shown stays as it is,
// what was unknown is filled in, and only what is looked at anew may be another. It is an error if something is still
// unknown, or is not any more what was shown.
func (s *Step) Settle(now *Step) (*Step, error) {
	settled := *now
	settled.Spec = now.Spec.copied()
	actual := settled.fields()
	for i, planned := range s.fields() {
		if planned.use != shown {
			continue
		}
		if value.IsKnown(*planned.value) {
			*actual[i].value = *planned.value
		} else if err := FilledIn(*planned.value, *actual[i].value); err != nil && !value.IsUnkept(*actual[i].value) {
			return nil, fmt.Errorf("%s: %w", planned.name, err)
		}
	}
	return &settled, nil
}

// GuardRecipe digests how the guards of a call are made, where they are made of results that nobody keeps. It is empty where they are not.
func (c *Call) GuardRecipe(key []byte) (string, error) {
	guards := slices.DeleteFunc([]cty.Value{c.OnlyIf, c.Unless}, func(v cty.Value) bool { return v == cty.NilVal })
	return value.RecipeOf(key, guards...)
}

// RepetitionRecipe digests how that is made for each of which a step is made, and that by which each is another one, where these are made
// of results that nobody keeps. It is empty where they are not.
func (s *Step) RepetitionRecipe(key []byte) (string, error) {
	parts := []cty.Value{s.Lost}
	if s.Policy() == RunOnChange {
		parts = append(parts, s.identified()...)
	}
	return value.RecipeOf(key, parts...)
}

// LookRecipe digests of which results the step is made that nobody keeps, where it is about a fact. It is empty where it is of none.
func (s *Step) LookRecipe(key []byte) (string, error) {
	fact := s.Fact()
	if fact == nil || len(fact.Origins()) == 0 {
		return "", nil
	}
	var origins []cty.Value
	for _, origin := range fact.Origins() {
		origins = append(origins, cty.StringVal(origin))
	}
	return value.Digest(key, origins...)
}

// Remember is [value.Remember] for what a step sends, all of it known: the digest covers whom it is for and its triggers too,
// and so does the recipe. Of what is not known as nobody kept it, there is only the recipe.
func (s *Step) Remember(key []byte) (memo value.Memo, err error) {
	if s.isUnkept() {
		memo.Recipe, err = s.Recipe(key)
		return memo, err
	}
	if memo, err = value.RememberPart(key, 1, s.identified()...); err != nil {
		return memo, err
	}
	memo.Recipe, err = s.Recipe(key)
	return memo, err
}

// identified are all values of which the digest is that of a step: whom it is for, what is sent, and what makes it due again.
func (s *Step) identified() []cty.Value {
	to, _ := s.Sends()
	return append([]cty.Value{cty.StringVal(to)}, s.compared()...)
}

// SentBefore is what a step has sent, as far as it is remembered.
func (s *Step) SentBefore(made value.Memo) cty.Value {
	_, payload := s.Sends()
	return made.Before(payload)
}

// Is reports whether a call is the one that is remembered, as [value.Memo.Is] does.
func (s *Step) Is(made value.Memo, key []byte) bool {
	if s.isUnkept() {
		recipe, err := s.Recipe(key)
		return err != nil || made.Recipe == recipe || s.mayHaveBeen(made)
	}
	digest, err := value.Digest(key, s.identified()...)
	return err != nil || !made.Absent && digest == made.Digest
}

// mayHaveBeen reports whether a call may be one of which it is not remembered how it was made.
func (s *Step) mayHaveBeen(made value.Memo) bool {
	_, payload := s.Sends()
	return value.IsDoubted(cty.TupleVal(s.compared())) && made.MayBe(payload)
}
