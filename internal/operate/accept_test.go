package operate_test

import (
	"testing"
)

// TestAnErrorThatIsAcceptedCountsAsDone has the codes that a step may accept, and what the actor says.
func TestAnErrorThatIsAcceptedCountsAsDone(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		`["broken"]`:          "user.broken",
		`["user.broken"]`:     "user.broken",
		`["other", "broken"]`: "user.broken",
		`["other"]`:           "",
		`["BROKEN"]`:          "",
		`["k.broken"]`:        "",
		`[]`:                  "",
	} {
		t.Run(accept, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `actor "probe" "p" {
  key   = "k"
  input = { broken = ["it"] }
  action "it" {
    call   = "call"
    args   = ["it"]
    accept = `+accept+`
  }
  action "next" {
    call = "call"
    args = ["next", step.it.output]
  }
}
`)
			a, diags := w.apply()
			if changeOf(a.Document, 0).Steps[0].Accepted != want {
				t.Errorf("%+v", changeOf(a.Document, 0).Steps[0])
			}
			if want == "" {
				w.fails(diags, "user.broken: it is broken")
				return
			}
			w.fine(diags)
			w.equal(ended(a.Document), map[string]string{"probe.p": "done", "probe.p.action.it": "done", "probe.p.action.next": "done"})
			w.settled()
			w.called("k it", "k next")
		})
	}
}

// TestAStepCanActAsSomebodyElse makes calls with parameters of their own, also those that only apply knows.
func TestAStepCanActAsSomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "values" "owner" {
  key = "owner"
  action "first" { args = ["key"] }
}
actor "vault" "v" {
  key    = "v"
  input  = { token = "key" }
  params = { token = "another" }
  action "store" {
    args   = ["a", 1]
    params = { token = "key" }
  }
  action "later" {
    call   = "store"
    args   = ["b", 2]
    params = { token = actor.values.owner.step.first.output }
  }
  action "denied" {
    call   = "store"
    args   = ["c", 3]
    accept = ["forbidden"]
  }
}
`)
	a := w.applied()
	w.equal(changeOf(a.Document, 1).Steps[2].Accepted, "user.forbidden")
	w.equal(w.rivet.Actors("vault")["v"].State["secrets"], any(map[string]any{"a": 1.0, "b": 2.0}))
	w.settled()
}
