package address

import "testing"

func TestMessagesThatDifferOnlyInWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"an actor", `The input of actor.kit.a["x"] changed.`, `The input of actor.kit.a["y.z\"]"] changed.`, true},
		{"an actor of a module", `actor.kit.a[1]: no.`, `module.m["k"].actor.kit.b: no.`, true},
		{"a step", "actor.kit.a.action.mint[0] failed.", "actor.kit.a.action.mint[1] failed.", true},
		{"a step within its actor", "Though action.mint is done.", `Though ensure.it["x"] is done.`, true},
		{"a place", "The first is at a.rivet.hcl:3.", "The first is at m/b.rivet.hcl:14.", true},
		{"a request", "Refused (ray 0a1b).", "Refused (ray 2c3d).", true},
		{"a request with its path", "No.\n\nRequest: POST /gateway/a/action/x (ray 0a)", "No.\n\nRequest: POST /gateway/b/action/x (ray 1b)", true},
		{"an id", "POST /gateway/5jh9uei808imgughay88d4u51gbl00/action/slow: no answer", "POST /gateway/dh5dqyvl5fng47rs9onw22ihgjcl00/action/slow: no answer", true},
		{"a connection", "read tcp 127.0.0.1:34512->127.0.0.1:6420: reset", "read tcp 127.0.0.1:34514->127.0.0.1:6420: reset", true},
		{"where a connection leads", "dial tcp 127.0.0.1:6420: refused", "dial tcp 127.0.0.1:6421: refused", false},
		{"the advice", "actor.kit.a: write an RFC 3339 date.", "actor.kit.a: write base64.", false},
		{"a name", `Did you mean "a"?`, `Did you mean "b"?`, false},
		{"what is pasted", "Renamed?\n\n  from = action.d1", "Renamed?\n\n  from = action.d2", false},
		{"what is written as a flag", "Say -rerun=actor.kit.a[0].action.x.", "Say -rerun=actor.kit.a[1].action.x.", false},
		{"what is written as an argument", "removed { from = actor.kit.a }", "removed { from = actor.kit.b }", false},
		{"the end of a sentence", "It is actor.kit.a. Go.", "It is actor.kit.b. Stop.", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if a, b := Impersonal(tt.a), Impersonal(tt.b); (a == b) != tt.same {
				t.Errorf("%q and %q", a, b)
			}
		})
	}
}
