package address

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPattern(t *testing.T) {
	const seed = `actor.chatRoom.room["a.b"].action.addMember["alice"]`
	tests := []struct {
		pattern string
		address string
		want    bool
	}{
		{seed, seed, true},
		{`actor.chatRoom.room["a.b"].action.addMember`, seed, true},
		{`actor.chatRoom.room["a.b"]`, seed, true},
		{`actor.chatRoom.room`, seed, true},
		{`actor.chatRoom`, seed, true},
		{`*`, seed, true},
		{`actor.*.action.addMember["alice"]`, seed, true},
		{`actor.chatRoom.room[*].action.*`, seed, true},
		{`*["alice"]`, seed, true},
		{`actor.chatRoom.roo`, seed, false},
		{`actor.chatRoom.room["a"]`, seed, false},
		{`actor.chatRoom.room["aXb"]`, seed, false}, // a dot is a dot
		{`actor.chatRoom.room["a.b"].action.add`, seed, false},
		{`actor.*.action.welcome`, seed, false},
		{`module.tenant`, `module.tenant["x"].actor.a.b`, true},
		{`module.tenant["x"]`, `module.tenant["y"].actor.a.b`, false},
		{`actor.a.b`, `module.tenant["x"].actor.a.b`, false},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			p, err := ParsePattern(tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if got := selects(t, p, tt.address); got != tt.want {
				t.Errorf("%s: got %t", tt.address, got)
			}
			if p.String() != tt.pattern {
				t.Errorf("String: got %s", p)
			}
		})
	}
}

// selects asks about the address of an instance or a step.
func selects(t *testing.T, p Pattern, address string) bool {
	t.Helper()
	step, err := ParseStep(address)
	if err != nil {
		return p.Selects(address)
	}
	return SelectingStep([]Pattern{p}, step) != nil
}

// A star that is in the key of an instance that there is stands for itself, in all that begins with that address.
func TestAStarInAKeyThatThereIs(t *testing.T) {
	there := Starred{}
	for _, a := range []string{
		`actor.probe.site["*.example.com"]`, `actor.probe.site["*.example.com"].action.call["a*"]`, `action.call["a*"]`,
		`module.m["*"].actor.probe.x`, `actor.probe.site["shop.example.com"]`, `actor.probe.quoted["\"*"]`,
	} {
		there.Add(a)
	}
	for _, tt := range []struct {
		pattern, address string
		want             bool
	}{
		{`actor.probe.site["*.example.com"]`, `actor.probe.site["*.example.com"]`, true},
		{`actor.probe.site["*.example.com"]`, `actor.probe.site["shop.example.com"]`, false},
		{`actor.probe.site["*.example.com"].action.call`, `actor.probe.site["*.example.com"].action.call["b"]`, true},
		{`actor.probe.site["*.example.com"].action.*`, `actor.probe.site["*.example.com"].action.call["b"]`, true},
		{`actor.probe.site["*.example.com"].action.*`, `actor.probe.site["shop.example.com"].action.call["b"]`, false},
		{`actor.probe.site["*.example.com"].action.call["a*"]`, `actor.probe.site["*.example.com"].action.call["a*"]`, true},
		{`actor.probe.site["*.example.com"].action.call["a*"]`, `actor.probe.site["*.example.com"].action.call["ab"]`, false},
		{`actor.probe.site["*.example.com"].action.call["b*"]`, `actor.probe.site["*.example.com"].action.call["bc"]`, true},
		{`action.call["a*"]`, `actor.probe.x.action.call["ab"]`, false},
		{`action.call["a*"]`, `actor.probe.x.action.call["a*"]`, true},
		{`module.m["*"]`, `module.m["a"].actor.probe.x`, false},
		{`module.m["*"].actor.*`, `module.m["*"].actor.probe.y`, true},
		{`actor.probe.quoted["\"*"]`, `actor.probe.quoted["\"a"]`, false},
		{`actor.probe.site["*"]`, `actor.probe.site["shop.example.com"]`, true}, // none is called so
		{`actor.probe.site["*.com"]`, `actor.probe.site["*.example.com"]`, true},
		{`actor.*["*.example.com"]`, `actor.probe.site["shop.example.com"]`, true}, // nor is any address
		{`*`, `actor.probe.site["*.example.com"]`, true},
	} {
		p, err := ParseStepPattern(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := selects(t, p.Among(there), tt.address); got != tt.want {
			t.Errorf("%s, %s: %t", tt.pattern, tt.address, got)
		}
	}
}

func TestAStepPatternNeedsNoActor(t *testing.T) {
	t.Parallel()
	const alice = `module.tenant["x"].actor.chatRoom.room["a.b"].action.addMember["alice"]`
	for pattern, want := range map[string]bool{
		`action.addMember["alice"]`: true, `action.addMember`: true, `action.*`: true, `action.add`: false, `ensure.addMember`: false,
		`actor.chatRoom`: false, `module.tenant`: true, `*`: true,
	} {
		p, err := ParseStepPattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := selects(t, p, alice); got != want {
			t.Errorf("%s: %t", pattern, got)
		}
	}
	p, _ := ParseStepPattern("action.x")
	if p.Selects("action.x") || selects(t, p, "actor.action.x") {
		t.Error("it selects an actor")
	}
	if _, err := ParseStepPattern("nonsense.x"); err == nil {
		t.Error("anything is a pattern")
	}
}

func TestParsePatternRefuses(t *testing.T) {
	for _, s := range []string{``, `room`, `chatRoom.room`, `actors.a`, ` actor.a`, `action.a`} {
		if _, err := ParsePattern(s); err == nil {
			t.Errorf("%q: want an error", s)
		}
	}
}

func TestEveryAddressIsAPatternThatSelectsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := genStepAddress().Draw(t, "step")
		for _, s := range []string{step.String(), step.Actor.String(), step.Actor.Block().String()} {
			p, err := ParsePattern(s)
			if err != nil {
				t.Fatal(err)
			}
			if SelectingStep([]Pattern{p}, step) == nil {
				t.Fatalf("%s does not select %s", s, step)
			}
		}
	})
}

func TestPatternsMayReachWhatTheySelect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address := genStepAddress().Draw(t, "step").Actor.String()
		from := rapid.IntRange(0, len(address)).Draw(t, "from")
		to := rapid.IntRange(from, len(address)).Draw(t, "to")
		p, err := ParsePattern(address[:from] + "*" + address[to:])
		if err != nil {
			t.Skip("no pattern")
		}
		if declared := instanceKeys.ReplaceAllString(address, ""); p.Selects(address) && !p.MayReach(declared) {
			t.Fatalf("%s selects %s, but may not reach %s", p, address, declared)
		}
	})
}

func TestPatternsReachNoOtherBlock(t *testing.T) {
	for _, tt := range []struct {
		pattern, declared string
		want              bool
	}{
		{`actor.a.b["x"]`, "actor.a.b", true},
		{`actor.a.b["x"]`, "actor.a.bc", false},
		{`module.m["x"].module.n[0].actor.a.b`, "module.m.module.n.actor.a.b", true},
		{`module.m["]"]`, "module.m.actor.a.b", true},
		{`module.m`, "module.mm.actor.a.b", false},
		{`actor.a.*["x"]`, "actor.a.b", true},
		{`actor.a.b["x*"]`, "actor.b.b", false},
	} {
		p, err := ParsePattern(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.MayReach(tt.declared); got != tt.want {
			t.Errorf("%s may reach %s: %t", p, tt.declared, got)
		}
	}
}
