package transition

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// keyed is a memory with a key that lasts.
var keyed = &plan.Recalled{Serial: 3, DigestKey: []byte("key")}

func room(t *testing.T, addr string) *plan.ActorChange {
	t.Helper()
	a, err := address.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	return &plan.ActorChange{ChangeHead: plan.ChangeHead{Address: a, Action: plan.ActionCreate}, Name: a.Name, Key: []string{"org", "a"}}
}

// call adds an action that is due.
func call(c *plan.ActorChange, label string, args ...cty.Value) *plan.StepChange {
	s := &plan.StepChange{
		Address: c.Address.Step(address.StepAction, label, address.InstanceKey{}), Decision: plan.DecisionRun,
		Desired: &plan.Step{Spec: &plan.Action{Call: plan.Call{Policy: plan.RunOnce}, Name: label, Args: cty.TupleVal(args)}},
	}
	c.Steps = append(c.Steps, s)
	return s
}

func of(t *testing.T, orders plan.Orders, recalled *plan.Recalled, changes ...plan.Change) string {
	t.Helper()
	digest, err := Of(&plan.Plan{Mode: plan.ModeApply, Changes: changes}, orders, recalled)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// The digest is the one that other software computes of the same canonical JSON: this is Node's, of an object written by hand.
func TestTheDigestIsThatOfCanonicalJSON(t *testing.T) {
	c := room(t, `actor.chatRoom.room["ä"]`)
	c.Input.After = cty.ObjectVal(map[string]cty.Value{
		"\U0001f600": cty.NumberFloatVal(1e-7), "\uffe5": cty.NumberFloatVal(1e21), "€": cty.StringVal("<\u2028\x0f>"), "10": cty.True, "9": cty.NullVal(cty.String),
	})
	call(c, "welcome", cty.StringVal("$x"), cty.UnknownVal(cty.String))
	const want = "sha256:6635b49cbb9bfc5436db81e4f52ed1f1681b801dfa451b02c8e0839f2655e883"
	if got := of(t, plan.Orders{}, keyed, c); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What is written one change after the other is the canonical JSON of all of it.
func TestTheDigestIsOfOneDocument(t *testing.T) {
	pattern, err := address.ParsePattern("actor.chatRoom.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, orders := range []plan.Orders{{}, {Target: []address.Pattern{pattern}}, {Exclude: []address.Pattern{pattern}}} {
		for n := range 4 {
			p, e := many(n, plan.ActionCreate), newEncoder(&plan.Plan{}, keyed)
			whole := struct {
				transition
				Changes []change `json:"changes"`
			}{transition{Format: format, Mode: p.Mode, Target: spelled(orders.Target), Exclude: spelled(orders.Exclude)}, []change{}}
			for _, c := range p.Changes {
				whole.Changes = append(whole.Changes, e.change(c, dueSteps(c)))
			}
			if got, want := of(t, orders, keyed, p.Changes...), Prefix+e.digestOf(whole); e.err != nil || !strings.HasPrefix(got, want) {
				t.Errorf("%d changes, %+v: got %s, want %s: %v", n, orders, got, want, e.err)
			}
		}
	}
}

// What would be sent is in it, and nothing else is.
func TestWhatChangesATransition(t *testing.T) {
	target, err := address.ParsePattern("actor.chatRoom.room")
	if err != nil {
		t.Fatal(err)
	}
	type world struct {
		change *plan.ActorChange
		step   *plan.StepChange
		orders plan.Orders
	}
	begin := func() *world {
		c := room(t, "actor.chatRoom.room")
		c.Input.After = cty.ObjectVal(map[string]cty.Value{"topic": cty.StringVal("cats")})
		return &world{c, call(c, "welcome", cty.StringVal("hello")), plan.Orders{}}
	}
	same := begin()
	original := of(t, same.orders, keyed, same.change)
	for name, tt := range map[string]struct {
		edit  func(*world)
		other bool
	}{
		"address":           {func(w *world) { w.change.Address.Label = "hall" }, true},
		"name":              {func(w *world) { w.change.Name = "hall" }, true},
		"key":               {func(w *world) { w.change.Key = []string{"org/a"} }, true},
		"unknown key":       {func(w *world) { w.change.Key = nil }, true},
		"empty key":         {func(w *world) { w.change.Key = []string{} }, true},
		"action":            {func(w *world) { w.change.Action = plan.ActionReplace }, true},
		"input":             {func(w *world) { w.change.Input.After = cty.EmptyObjectVal }, true},
		"absent input":      {func(w *world) { w.change.Input.After = cty.NilVal }, true},
		"null input":        {func(w *world) { w.change.Input.After = cty.NullVal(cty.DynamicPseudoType) }, true},
		"step":              {func(w *world) { w.step.Address.Label = "greet" }, true},
		"decision":          {func(w *world) { w.step.Decision = plan.DecisionUnknown }, true},
		"to be recorded":    {func(w *world) { w.step.MarkDone = true }, true},
		"if needed":         {func(w *world) { w.step.Conditional = true }, true},
		"call":              {func(w *world) { w.step.Desired.Spec.(*plan.Action).Name = "greet" }, true},
		"arguments":         {func(w *world) { w.step.Desired.Spec.(*plan.Action).Args = cty.EmptyTupleVal }, true},
		"no step":           {func(w *world) { w.change.Steps = nil }, true},
		"one more step":     {func(w *world) { call(w.change, "again") }, true},
		"await":             {func(w *world) { w.step.Desired.Awaits = []*plan.Await{{Event: "done"}} }, true},
		"parameters":        {func(w *world) { w.step.Desired.Params = cty.StringVal("ada") }, true},
		"target":            {func(w *world) { w.orders.Target = []address.Pattern{target} }, true},
		"excluded":          {func(w *world) { w.orders.Exclude = []address.Pattern{target} }, true},
		"a step that stays": {func(w *world) { call(w.change, "before").Decision = plan.DecisionDone }, false},
		"reason":            {func(w *world) { w.change.Reason, w.step.Reason = "why", "why" }, false},
		"actor id":          {func(w *world) { w.change.ActorID = "9apcl0g9yyrjx4mjwxhkwpxmpgbl00" }, false},
		"input before":      {func(w *world) { w.change.Input.Before = cty.StringVal("dogs") }, false},
		"previous address":  {func(w *world) { w.change.PreviousAddress = w.change.Address }, false},
	} {
		w := begin()
		tt.edit(w)
		if got := of(t, w.orders, keyed, w.change); (got != original) != tt.other {
			t.Errorf("%s: another transition: %t, want %t", name, got != original, tt.other)
		}
	}
}

// Whatever a kind of step says beyond what it sends is approved too, but for what only says how it is shown, or what the plan
// has decided with it.
func TestTheMannerOfAStepIsInATransition(t *testing.T) {
	decided := []string{"Call.OnlyIf", "Call.Unless", "Call.GuardIsLive", "Call.Triggers", "Ensure.Value", "Expect.Value", "Expect.Condition", "Expect.Unmet", "Expect.Message", "Expect.Interval"}
	of := func(spec plan.Spec) string {
		c := room(t, "actor.chatRoom.room")
		call(c, "welcome").Desired.Spec = spec
		return of(t, plan.Orders{}, keyed, c)
	}
	for _, spec := range []plan.Spec{&plan.Action{}, &plan.Message{}, &plan.Request{}, &plan.Ensure{}, &plan.Expect{}} {
		original := of(spec)
		for field, set := range settable(reflect.ValueOf(spec).Elem()) {
			set(true)
			if got := of(spec); (got == original) != slices.Contains(decided, field) {
				t.Errorf("%s: the same transition: %t", field, got == original)
			}
			set(false)
		}
	}
}

// settable returns what sets each field of a struct to something, and back, by its name and that of its struct.
func settable(v reflect.Value) map[string]func(on bool) {
	fields := map[string]func(bool){}
	for i := range v.NumField() {
		field := v.Field(i)
		if v.Type().Field(i).Anonymous {
			maps.Copy(fields, settable(field))
			continue
		}
		was := reflect.ValueOf(field.Interface())
		fields[v.Type().Name()+"."+v.Type().Field(i).Name] = func(on bool) {
			field.Set(reflect.Zero(field.Type()))
			switch {
			case !on:
				field.Set(was)
			case field.Type() == reflect.TypeFor[cty.Value]():
				field.Set(reflect.ValueOf(cty.TupleVal([]cty.Value{cty.True})))
			default:
				field.Set(something(field.Type()))
			}
		}
	}
	return fields
}

// something returns a value of a type that is not its zero.
func something(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Slice:
		return reflect.Append(v, something(t.Elem()))
	default:
		return reflect.New(t.Elem())
	}
	return v
}

// What an actor is made with beside its input is sent, and so approved, where one is made.
func TestHowAnActorIsMadeIsInItsTransition(t *testing.T) {
	for name, edit := range map[string]func(*plan.Desired){
		"mode":         func(d *plan.Desired) { d.Settings.Create = plan.CreateNew },
		"pool":         func(d *plan.Desired) { d.Settings.Pool = "gpu" },
		"region":       func(d *plan.Desired) { d.Settings.Region = "fra" },
		"crash policy": func(d *plan.Desired) { d.Settings.CrashPolicy = "destroy" },
	} {
		for action, other := range map[plan.ChangeAction]bool{plan.ActionCreate: true, plan.ActionReplace: true, plan.ActionUpdate: false, plan.ActionDestroy: false} {
			with := func(edit func(*plan.Desired)) string {
				c := room(t, "actor.chatRoom.room")
				c.Action, c.Desired = action, &plan.Desired{Settings: &plan.Settings{}}
				edit(c.Desired)
				return of(t, plan.Orders{}, keyed, c)
			}
			if got := with(edit) != with(func(*plan.Desired) {}); got != other {
				t.Errorf("%s of an actor to %s: another transition: %t", name, action, got)
			}
		}
	}
}

func TestCredentialsAreNotInATransition(t *testing.T) {
	with := func(user, token string) string {
		c := room(t, "actor.vault.v")
		c.Desired = &plan.Desired{Settings: &plan.Settings{}, Params: cty.ObjectVal(map[string]cty.Value{
			"user": cty.StringVal(user), "token": cty.StringVal(token).Mark(value.Sensitive),
		})}
		return of(t, plan.Orders{}, keyed, c)
	}
	if with("ada", "a") != with("ada", "b") {
		t.Error("a token is")
	}
	if with("ada", "a") == with("bob", "a") {
		t.Error("who asks is not")
	}
}

func TestNoOpsAreLeftOutUnlessTheySend(t *testing.T) {
	idle := room(t, "actor.chatRoom.idle")
	idle.Action = plan.ActionNoOp
	nothing := of(t, plan.Orders{}, keyed)
	if of(t, plan.Orders{}, keyed, idle) != nothing {
		t.Error("an actor that stays as it is counts")
	}
	look := call(idle, "look")
	look.Address.Kind, look.Desired.Spec = address.StepExpect, &plan.Expect{Condition: cty.True}
	if of(t, plan.Orders{}, keyed, idle) != nothing {
		t.Error("a look counts")
	}
	call(idle, "tick")
	if of(t, plan.Orders{}, keyed, idle) == nothing {
		t.Error("a call on an actor that stays as it is does not count")
	}
}

// An id of the environment stands for what has it, in whatever it is; another one stays itself.
func TestIDsOfThePlanEnterAsWhatHasThem(t *testing.T) {
	with := func(id, stepID, text string) string {
		hall, c := room(t, "actor.chatRoom.hall"), room(t, "actor.chatRoom.room")
		hall.Action, hall.ActorID = plan.ActionNoOp, id
		s := call(c, "welcome", cty.StringVal("to "+text+"!"), cty.StringVal(stepID))
		s.Desired.ID = stepID
		return of(t, plan.Orders{}, keyed, hall, c)
	}
	const a, b = "9apcl0g9yyrjx4mjwxhkwpxmpgbl00", "p2i6cl0g9yyrjx4mjwxhkwpxmpgbl00"
	const u, v = "5d9a1c1e-6f0b-5c52-9a3e-0c6a7b0f6d11", "5d9a1c1e-6f0b-5c52-9a3e-0c6a7b0f6d12"
	if with(a, u, a) != with(b, v, b) {
		t.Error("ids of the plan make another transition")
	}
	if with(a, u, a) == with(a, u, b) || with(a, u, b) == with(b, v, a) {
		t.Error("an id that nothing has is taken for one that something has")
	}
	if with(a, u, a) == with(a, u, "actor.chatRoom.hall") {
		t.Error("a text that looks like an address is taken for an id")
	}
}

func TestASecretEntersUnderTheKeyOfTheLedger(t *testing.T) {
	with := func(secret string, recalled *plan.Recalled) string {
		c := room(t, "actor.vault.v")
		call(c, "store", cty.StringVal(secret).Mark(value.Sensitive))
		return of(t, plan.Orders{}, recalled, c)
	}
	fresh := &plan.Recalled{DigestKey: []byte("of no ledger yet")}
	switch {
	case with("sesame", keyed) == with("open", keyed):
		t.Error("another secret has the same transition")
	case with("sesame", keyed) == with("sesame", &plan.Recalled{Serial: 3, DigestKey: []byte("other")}):
		t.Error("the key does not matter")
	case with("sesame", fresh) != with("sesame", &plan.Recalled{DigestKey: []byte("nor of this")}):
		t.Error("a key that does not last matters")
	}
}

func TestWhatIsEphemeralDoesNotMatter(t *testing.T) {
	with := func(token string) string {
		c := room(t, "actor.vault.v")
		call(c, "store", cty.StringVal(token).Mark(value.Ephemeral).Mark(value.Sensitive), cty.StringVal("a"))
		return of(t, plan.Orders{}, keyed, c)
	}
	if with("one") != with("two") {
		t.Error("it does")
	}
}

func TestDifferentValuesHaveDifferentJSON(t *testing.T) {
	e := newEncoder(&plan.Plan{}, keyed)
	encoded := func(t *rapid.T, v cty.Value) []byte {
		data, err := json.Marshal(e.value(v))
		if err != nil || e.err != nil {
			t.Fatal(err, e.err)
		}
		return data
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := genValue(3).Draw(t, "a"), genValue(3).Draw(t, "b")
		if got := bytes.Equal(encoded(t, a), encoded(t, b)); got != a.RawEquals(b) {
			t.Fatalf("equal JSON: %t, of %#v and %#v: %s and %s", got, a, b, encoded(t, a), encoded(t, b))
		}
	})
}

// genValue generates values that are easily confused. What is sensitive is known.
func genValue(depth int) *rapid.Generator[cty.Value] {
	text := rapid.Map(rapid.SampledFrom([]string{"", "a", "$Unknown", "$$Unknown", "$Secret", "$Refers", "null"}), cty.StringVal)
	leaves := rapid.OneOf(text, text,
		rapid.SampledFrom([]cty.Value{cty.True, cty.Zero, cty.NumberIntVal(1), cty.NullVal(cty.DynamicPseudoType), cty.DynamicVal}),
		rapid.Map(text, func(v cty.Value) cty.Value { return v.Mark(value.Sensitive) }))
	if depth == 0 {
		return leaves
	}
	tuples := rapid.Map(rapid.SliceOfN(genValue(depth-1), 0, 2), cty.TupleVal)
	objects := rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "$Secret"}), genValue(depth-1), 0, 2), cty.ObjectVal)
	return rapid.OneOf(leaves, tuples, objects)
}

func TestParse(t *testing.T) {
	full := Prefix + strings.Repeat("0123456789abcdef", 4)
	for _, text := range []string{full, full[len(Prefix):], full[:len(Prefix)+Shortest], "0123456789ABCDEF", full + "\n"} {
		got, err := Parse(text)
		if err != nil || !Matches(full, got) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "sha256:", full[:len(Prefix)+Shortest-1], full + "0", "sha512:" + full[len(Prefix):], "0123456789xyz", "012345 6789ab"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q: got %q, want an error", text, got)
		}
	}
	if Matches(full, Prefix+"ffffffffffff") {
		t.Error("another one matches")
	}
}
