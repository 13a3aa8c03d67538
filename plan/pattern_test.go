package plan

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
			if got := p.selects(tt.address); got != tt.want {
				t.Errorf("%s: got %t", tt.address, got)
			}
			if p.String() != tt.pattern {
				t.Errorf("String: got %s", p)
			}
		})
	}
}

func TestParsePatternRefuses(t *testing.T) {
	for _, s := range []string{``, `room`, `chatRoom.room`, `actors.a`, ` actor.a`} {
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
			if !p.selects(step.String()) {
				t.Fatalf("%s does not select %s", s, step)
			}
		}
	})
}
