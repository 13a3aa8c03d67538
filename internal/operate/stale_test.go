package operate_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/internal/operate"
	"riveter/plan"
)

const (
	lonely    = "actor \"probe\" \"p\" {\n  key = \"p\"\n}\n"
	protected = "actor \"probe\" \"p\" {\n  key = \"p\"\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n"
)

// hosted is a pool whose actors are at a path.
func hosted(path string) string {
	return fmt.Sprintf(`runner_config "pond" {
  datacenter "default" {
    serverless {
      url              = "http://127.0.0.1:9/%s"
      request_lifespan = 1
      slots_per_runner = 1
      max_runners      = 1
    }
  }
}
`, path)
}

// What is to be destroyed or changed is what was looked at, and is not protected since.
func TestASavedPlanDestroysWhatWasLookedAt(t *testing.T) {
	t.Parallel()
	isProtected := func(w *world) {
		w.write(protected)
		w.plans = operate.PlanOptions{Mode: plan.ModeApply}
		w.applied()
	}
	isAnother := func(w *world) {
		s := w.rivet.Server("default")
		another := cty.ObjectVal(map[string]cty.Value{"default": cty.ObjectVal(map[string]cty.Value{"normal": cty.EmptyObjectVal})})
		if err := errors.Join(s.DeletePool(w.Context(), "pond"), s.CreatePool(w.Context(), "pond", another)); err != nil {
			w.Fatal(err)
		}
	}
	destroy, apply := operate.PlanOptions{Mode: plan.ModeDestroy}, operate.PlanOptions{Mode: plan.ModeApply}
	prune, replace := apply, apply
	prune.Orders.Prune, replace.Orders.Replace = true, patterns("actor.probe.p")
	for name, tt := range map[string]struct {
		applied, planned string
		plans            operate.PlanOptions
		happens          func(*world)
		stale            string
	}{
		"an actor":                      {lonely, lonely, destroy, func(*world) {}, ""},
		"a pool":                        {hosted("a"), hosted("a"), destroy, func(*world) {}, ""},
		"protected before it goes":      {lonely, lonely, destroy, isProtected, "actor.probe.p: the ledger remembers something else of it"},
		"protected before its turn":     {lonely, lonely, replace, isProtected, "actor.probe.p: the ledger remembers something else of it"},
		"protected, and nothing to do":  {lonely, lonely, apply, isProtected, ""},
		"another pool, to be destroyed": {hosted("a"), hosted("a"), destroy, isAnother, "runner_config.pond: what would be done about it is something else now"},
		"another pool, to be pruned":    {hosted("a"), lonely, prune, isAnother, "runner_config.pond: what would be done about it is something else now"},
		"another pool, to be changed":   {hosted("a"), hosted("b"), apply, isAnother, "runner_config.pond: what would be done about it is something else now"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.applied)
			w.applied()
			w.write(tt.planned)
			w.plans = tt.plans
			f := w.save()
			tt.happens(w)
			if _, diags := w.resume(f, false); tt.stale == "" {
				w.fine(diags)
			} else {
				w.fails(diags, tt.stale)
			}
		})
	}
}
