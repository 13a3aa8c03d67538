package operate_test

import (
	"strings"
	"testing"
)

// TestAnOutputHidesOnlyItself has an output be sensitive that is made of what an actor says, of which keys and arguments are made too. Nothing of
// the configuration says that this is a secret: every apply after the first one is as the first.
func TestAnOutputHidesOnlyItself(t *testing.T) {
	t.Parallel()
	const said = `
actor "values" "v" {
  key   = "v"
  input = "the-lobby"
  action "first" { args = ["the-lobby"] }
  read "input" {}
}
actor "probe" "p" {
  key = SAID
  action "call" {
    args = [SAID]
    run  = "on_change"
  }
}
`
	for name, c := range map[string]struct{ said, output, team string }{
		"a result":        {said: "actor.values.v.step.first.output", output: "value = SAID"},
		"a read":          {said: "actor.values.v.read.input", output: "value = SAID"},
		"a part":          {said: "actor.values.v.step.first.output", output: "value = { of = [upper(SAID), SAID] }"},
		"the same text":   {said: "actor.values.v.step.first.output", output: `value = "the-lobby"`},
		"one of a module": {said: "actor.values.v.step.first.output", output: "value = length(module.team) > 0", team: "variable \"of\" {}\noutput \"said\" {\n  value = var.of\n  sensitive = true\n}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			source := said + "output \"o\" {\n  sensitive = true\n  " + c.output + "\n}\n"
			if c.team != "" {
				source += "module \"team\" {\n  source = \"./team\"\n  of = SAID\n}\n"
			}
			w.writeTeam(strings.ReplaceAll(source, "SAID", c.said), c.team)
			for range 3 {
				a := w.applied()
				w.settled()
				w.equal(string(a.Document.Outputs["o"].Value), "null")
			}
			w.equal(w.keys("probe"), []string{"the-lobby"})
			w.called("the-lobby the-lobby")
			if !w.secrets.Hides("the-lobby") {
				t.Error("it is printed elsewhere")
			}
		})
	}
}
