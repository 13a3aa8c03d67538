package operate_test

import (
	"strings"
	"testing"

	"riveter/internal/operate"
	"riveter/plan"
)

// TestAKeyOfWhatNobodyKeptIsTheOneThatItWas has keys be made of a secret result that is opened there, and that no later run knows.
func TestAKeyOfWhatNobodyKeptIsTheOneThatItWas(t *testing.T) {
	t.Parallel()
	const secret = "actor.probe.issuer.step.mint.output.secret"
	source := func(label, key string) string {
		return strings.NewReplacer("LABEL", label, "KEY", key, "SECRET", secret).Replace(`
actor "probe" "issuer" {
  key = "issuer"
  action "mint" {
    args      = ["mint"]
    sensitive = true
  }
}
locals { opened = nonsensitive(SECRET) }
actor "probe" "LABEL" {
  for_each = toset(["a"])
  key      = KEY
  action "call" { args = [each.key] }
}
actor "counter" "after" { key = ["after", join("-", actor.probe.LABEL["a"].key)] }
`)
	}
	for name, c := range map[string]struct{ key, same, other string }{
		"itself": {"nonsensitive(" + secret + ")", "local.opened", "[local.opened, each.key]"},
		"a part": {`["k", local.opened, each.key]`, `["k", local.opened, "a"]`, `["k", local.opened, "b"]`},
		"a hash": {"nonsensitive(sha256(" + secret + "))", "nonsensitive(sha256(" + secret + "))", "nonsensitive(md5(" + secret + "))"},
	} {
		for _, prefix := range [][]string{nil, {"t"}} {
			t.Run(strings.Join(append(prefix, name), " "), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, source("p", c.key))
				w.keyPrefix = prefix
				w.applied()
				actors := w.keys("probe")
				w.settled()
				w.applied()
				w.write(source("renamed", c.same))
				w.applied()
				w.settled()
				w.equal(w.keys("probe"), actors)

				w.write(source("renamed", c.other))
				_, diags := w.plan()
				w.fails(diags, "Make the step again with -rerun=actor.probe.issuer.action.mint")
				w.plans.Orders.Rerun = patterns("actor.probe.issuer.action.mint")
				w.applied()
				w.plans.Orders = plan.Orders{}
				w.settled()
				w.equal(len(w.keys("probe")), len(actors)+1)
				w.plans = operate.PlanOptions{Mode: plan.ModeDestroy}
				w.applied()
				w.equal(len(w.keys("probe")), len(actors)-1)
			})
		}
	}
}

// TestAKeyThatIsTheSameInAnotherWayIsLearnt has a key be made in another way, of a result that is the same when it is made again.
func TestAKeyThatIsTheSameInAnotherWayIsLearnt(t *testing.T) {
	t.Parallel()
	source := func(key string) string {
		key = strings.ReplaceAll(key, "SAID", "nonsensitive(actor.values.v.step.first.output)")
		return strings.ReplaceAll(`
actor "values" "v" {
  key = "v"
  action "first" {
    args      = ["said"]
    sensitive = true
  }
}
actor "probe" "p" { key = KEY }
`, "KEY", key)
	}
	w := newWorld(t, source("SAID"))
	w.applied()
	w.write(source("lower(SAID)"))
	_, diags := w.plan()
	w.fails(diags, "Make the step again with -rerun=actor.values.v.action.first")
	w.plans.Orders.Rerun = patterns("actor.values.v.action.first")
	w.applied()
	w.plans.Orders = plan.Orders{}
	w.settled()
	w.equal(w.keys("probe"), []string{"said"})
}
