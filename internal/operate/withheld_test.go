package operate_test

import (
	"strings"
	"testing"
)

// TestAStepThatIsWithheldGivesNothing has a guard not let a step be made, and a fact hold, which the plan knows or only the apply: nobody has its
// result, in that run as in each later one, and who needs it is told so.
func TestAStepThatIsWithheldGivesNothing(t *testing.T) {
	t.Parallel()
	const (
		late   = "actor.counter.c.step.increment.output == 5"
		call   = "action \"use\" {\n  call = \"call\"\n  args = [\"use\", RESULT]\n"
		guard  = "action \"withheld\" {\n  call = \"call\"\n  args = [\"withheld\"]\n  only_if = GUARD\n}\n"
		fact   = "ensure \"withheld\" {\n  value = self.state.facts\n  want = actor.counter.c.step.increment.output == 1 ? {} : null\n  call = \"establish\"\n  args = [\"a\", 1]\n}\n"
		actors = "actor \"counter\" \"c\" {\n  key = \"c\"\n  action \"increment\" {}\n}\nactor \"probe\" \"a\" {\n  key = \"a\"\n  WITHHELD\n  OWN\n}\n"
	)
	for name, c := range map[string]struct{ own, other, problem string }{
		"a later step":         {own: call + "}", problem: "needs the result of actor.probe.a."},
		"a step of another":    {other: "actor \"probe\" \"u\" {\n  key = \"u\"\n  " + call + "}\n}", problem: "needs the result of actor.probe.a."},
		"a key":                {other: `actor "probe" "u" { key = "u-${RESULT == null}" }`, problem: "is made of the result of a step that was not kept"},
		"one that is not made": {own: call + "  only_if = GUARD\n}"},
		"an output":            {other: `output "o" { value = RESULT }`},
	} {
		for kind, withheld := range map[string]struct{ step, guard string }{
			"an action": {guard, late}, "an ensure": {fact, late}, "an action, as is known": {guard, "false"},
		} {
			t.Run(name+" of "+kind, func(t *testing.T) {
				t.Parallel()
				own, other := strings.ReplaceAll(c.own, "RESULT", "step.withheld.output"), strings.ReplaceAll(c.other, "RESULT", "actor.probe.a.step.withheld.output")
				source := strings.NewReplacer("WITHHELD", withheld.step, "OWN", own).Replace(actors) + other
				w := newWorld(t, strings.ReplaceAll(source, "GUARD", withheld.guard))
				for range 3 {
					_, diags := w.apply()
					if c.problem == "" {
						w.fine(diags)
						w.settled()
						continue
					}
					w.fails(diags, c.problem)
				}
				w.called()
			})
		}
	}
}
