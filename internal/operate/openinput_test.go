package operate_test

import (
	"strings"
	"testing"
)

// TestAnInputOfACallThatIsMadeAgainMayBeAnother has the plan say so, as the call cannot be taken back.
func TestAnInputOfACallThatIsMadeAgainMayBeAnother(t *testing.T) {
	t.Parallel()
	const again, told = "*mint", "actor.values.dep is known only after calls that the plan makes"
	for name, c := range map[string]struct{ onChange, run, rerun, warns string }{
		"fail":               {onChange: "fail", run: "once", rerun: again, warns: told + ". If it is another one then, the apply fails"},
		"warn":               {onChange: "warn", run: "once", rerun: again, warns: told + ". If it is another one then, the actor stays"},
		"ignore":             {onChange: "ignore", run: "once", rerun: again},
		"replace":            {onChange: "replace", run: "once", rerun: again},
		"fail, made always":  {onChange: "fail", run: "always"},
		"warn, made always":  {onChange: "warn", run: "always"},
		"fail, not made":     {onChange: "fail", run: "once"},
		"fail, made besides": {onChange: "fail", run: "once", rerun: "*call"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.NewReplacer("ON_CHANGE", c.onChange, "RUN", c.run).Replace(`
actor "probe" "p" {
  key = "p"
  action "mint" {
    args = ["mint"]
    run  = "RUN"
  }
  action "call" { args = ["besides"] }
}
actor "values" "dep" {
  key   = "dep"
  input = { s = actor.probe.p.step.mint.output.secret }
  lifecycle { on_input_change = "ON_CHANGE" }
}
`))
			w.applied()
			if c.rerun != "" {
				w.plans.Orders.Rerun = patterns(c.rerun)
			}
			_, diags := w.plan()
			if c.warns == "" {
				w.warns(diags)
				return
			}
			w.warns(diags, c.warns)
		})
	}
}
