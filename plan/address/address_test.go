package address

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAddressSpelling(t *testing.T) {
	room := Address{Kind: KindActor, Name: "chatRoom", Label: "room"}
	keyed := func(a Address, key InstanceKey) Address {
		a.Key = key
		return a
	}
	tests := []struct {
		address Address
		want    string
	}{
		{room, `actor.chatRoom.room`},
		{keyed(room, NumberKey(12)), `actor.chatRoom.room[12]`},
		{keyed(room, StringKey("general")), `actor.chatRoom.room["general"]`},
		{keyed(room, StringKey("")), `actor.chatRoom.room[""]`},
		{keyed(room, StringKey(`a"].b\`)), `actor.chatRoom.room["a\"].b\\"]`},
		{keyed(room, StringKey("${a} $${b} %{c} $ {")), `actor.chatRoom.room["$${a} $$${b} %%{c} $ {"]`},
		{keyed(room, StringKey("\n\x1b\u202e\U000e0001")), `actor.chatRoom.room["\n\u001b\u202e\U000e0001"]`},
		{Address{Module: `module.tenant["a"].module.x`, Kind: KindData, Name: "user", Label: "u"}, `module.tenant["a"].module.x.data.user.u`},
		{Address{Kind: KindNamespace, Label: "staging"}, `namespace.staging`},
		{Address{Kind: KindRunnerConfig, Label: "default"}, `runner_config.default`},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			if got := tt.address.String(); got != tt.want {
				t.Errorf("String: got %s, want %s", got, tt.want)
			}
			got, err := Parse(tt.want)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.address {
				t.Errorf("ParseAddress: got %#v, want %#v", got, tt.address)
			}
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for _, s := range []string{
		``, `actor`, `actor.a`, `actor..b`, `actor.a.`, `.actor.a.b`, `thing.a.b`, `module.a`, `module`, `namespace`,
		`actor.a.b.action.c`, `actor.a[0].b`, `actor[0].a.b`, `actor.a.b[`, `actor.a.b[0`, `actor.a.b[-1]`, `actor.a.b[01]`, `actor.a.b[+1]`,
		`actor.a.b["x]`, `actor.a.b["x"`, `actor.a.b["x"]y`, `actor.a.b["\x"]`, `actor.a.b["\u12"]`, `actor.a.b["\U00110000"]`, `actor.a.b["\`,
		`actor.a.b[0][1]`, "actor.a.b[\"\xf0\"]",
	} {
		if a, err := Parse(s); err == nil {
			t.Errorf("%q: got %#v, want an error", s, a)
		}
	}
}

func TestParseStepAddressRefuses(t *testing.T) {
	for _, s := range []string{
		``, `actor.a.b`, `actor.a.b.action`, `actor.a.b.thing.c`, `actor.a.b.action[0].c`, `actor.a.b.action.c.d`,
		`data.a.b.action.c`, `namespace.a.action.c`,
	} {
		if a, err := ParseStep(s); err == nil {
			t.Errorf("%q: got %#v, want an error", s, a)
		}
	}
}

func TestAddressesComeBackFromTheirSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := genStepAddress().Draw(t, "step")
		if back, err := ParseStep(step.String()); err != nil || back != step {
			t.Fatalf("%s: got %#v (%v), want %#v", step, back, err, step)
		}
		if back, err := Parse(step.Actor.String()); err != nil || back != step.Actor {
			t.Fatalf("%s: got %#v (%v), want %#v", step.Actor, back, err, step.Actor)
		}
	})
}

func TestPartsOfAnAddress(t *testing.T) {
	a, err := Parse(`module.m["a.b"].module.n[3].actor.counter.c["x"]`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]InstanceKey{
		"module.m": StringKey("a.b"), `module.m["a.b"].module.n`: NumberKey(3), `module.m["a.b"].module.n[3].actor.counter.c`: StringKey("x"),
	}
	if got := maps.Collect(a.Parts()); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestCompareIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(genAddress(), 3, 3).Draw(t, "addresses")
		a, b, c := list[0], list[1], list[2]
		if a.Compare(b) != -b.Compare(a) || (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("%s and %s: %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
		slices.SortFunc(list, Address.Compare)
		if list[0].Compare(list[2]) > 0 {
			t.Fatalf("not transitive: %s, %s, %s", a, b, c)
		}
	})
}

func TestInstanceNumbersAreOrderedByValue(t *testing.T) {
	keys := []InstanceKey{StringKey("b"), NumberKey(10), StringKey("a"), NumberKey(9), {}, StringKey("10")}
	slices.SortFunc(keys, InstanceKey.Compare)
	want := []InstanceKey{{}, NumberKey(9), NumberKey(10), StringKey("10"), StringKey("a"), StringKey("b")}
	if !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
}

func genKey() *rapid.Generator[InstanceKey] {
	return rapid.OneOf(
		rapid.Just(InstanceKey{}),
		rapid.Map(rapid.IntRange(0, 1<<40), NumberKey),
		rapid.Map(rapid.String(), StringKey),
		rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune(`"\[].$%{}*nu'`+"\n\r\t\x00\x1b\u0085\u202e\ufeff\U000e0001")), 0, 8, -1), StringKey),
	)
}

func genName() *rapid.Generator[string] { return rapid.StringMatching(`[a-zA-Z_ü][a-zA-Z0-9_-]{0,8}`) }

func genAddress() *rapid.Generator[Address] {
	return rapid.Custom(func(t *rapid.T) Address {
		a := Address{Kind: KindActor, Name: genName().Draw(t, "name"), Label: genName().Draw(t, "label"), Key: genKey().Draw(t, "key")}
		for range rapid.IntRange(0, 2).Draw(t, "modules") {
			module := "module." + genName().Draw(t, "module") + genKey().Draw(t, "module key").String()
			if a.Module != "" {
				module = a.Module + "." + module
			}
			a.Module = module
		}
		return a
	})
}

func genStepAddress() *rapid.Generator[StepAddress] {
	kinds := rapid.SampledFrom([]StepKind{StepAction, StepEnsure, StepMessage, StepRequest, StepExpect})
	return rapid.Custom(func(t *rapid.T) StepAddress {
		return genAddress().Draw(t, "actor").Step(kinds.Draw(t, "kind"), genName().Draw(t, "step"), genKey().Draw(t, "step key"))
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{
		`actor.chatRoom.room["general"]`, `module.a[0].actor.b.c.action.d["\u001b"]`, `namespace.x`, `actor.a.b["$${x}"]`, `actor.a.b["\t\r"]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := Parse(s); err == nil {
			if back, err := Parse(a.String()); err != nil || back != a {
				t.Errorf("%q is %#v, whose spelling %q is %#v (%v)", s, a, a, back, err)
			}
		}
		if a, err := ParseStep(s); err == nil {
			if back, err := ParseStep(a.String()); err != nil || back != a {
				t.Errorf("%q is %#v, whose spelling %q is %#v (%v)", s, a, a, back, err)
			}
		}
	})
}
