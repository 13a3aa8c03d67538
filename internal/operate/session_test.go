package operate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

func TestAllMistakesOfAConfigurationAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "counter" "c" {
  key   = "c"
  input = { start = "x" + 1 }
}
locals { l = [1][3] }
actor "counter" "d" { key = local.l }
actor "counter" "e" {
  key   = "e"
  input = { start = [1][4], after = actor.counter.f.id }
}
actor "counter" "f" { key = "f" }
variable "n" { type = number }
`)
	_, diags := w.load()
	w.fails(diags, "number is required", "Invalid index", "Invalid index", "No value for variable")
	for i := range len(diags) - 1 {
		if diags[i].Subject.Start.Line > diags[i+1].Subject.Start.Line {
			t.Errorf("they are not in the order of the file:\n%s", told(diags))
		}
	}
}

func TestAnotherVersionIsAllThatIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "riveter {\n  required_version = \">= 9.0\"\n}\nnonsense {}\n")
	_, diags := w.load()
	w.fails(diags, ">= 9.0")
	w.write("nonsense {}\n")
	c, diags := w.load()
	w.fails(diags, "nonsense")
	if len(c.Files()) != 1 {
		t.Error("there are no files to show")
	}
}

func TestValidateNeedsNoValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "variable \"n\" {}\nactor \"counter\" \"c\" {\n  key = var.n\n  action \"increment\" {\n    args = [[1][length(self.id) * 0 + 3]]\n  }\n}\nactor \"counter\" \"d\" {\n  key = \"d\"\n  depends_on = [actor.counter.c]\n  input = { start = [1][3], id = actor.counter.c.id }\n}\n")
	loading := w.loading()
	loading.AllowMissing = true
	c, diags := operate.Load(t.Context(), loading)
	w.fine(diags)
	w.fails(c.Validate(t.Context()), "Invalid index")
	w.write("variable \"n\" {}\nactor \"counter\" \"c\" {\n  key = var.n\n}\n")
	c, diags = operate.Load(t.Context(), loading)
	w.fine(append(diags, c.Validate(t.Context())...))
}

func TestWhatAServerRefusesHasItsPlace(t *testing.T) {
	t.Parallel()
	const source = "rivet {\n  endpoint = \"http://rivet.test\"\n}\n" + probe
	w := newWorld(t, source)
	w.rivet.OnRequest = operatetest.FailAt(1, operatetest.Refused)
	_, diags := w.plan()
	w.fails(diags, "Rivet cannot be reached: Connection refused. Is the engine running")
	if diags[0].Subject == nil || diags[0].Subject.Start.Line != 2 {
		t.Errorf("its place is %v", diags[0].Subject)
	}
	for k := 2; k <= 3; k++ {
		w.rivet.OnRequest = operatetest.FailAt(len(w.rivet.Requests())+k, operatetest.LostBefore)
		if _, diags = w.plan(); k == 2 {
			w.fails(diags, "Rivet did not answer as expected")
		}
	}
	w.rivet.OnRequest = nil
	w.namespace = "nowhere"
	_, diags = w.plan()
	w.fails(diags, `The server has no namespace "nowhere"`)
}

// denied is a server that lets nobody in.
type denied struct{ operate.Server }

func (denied) Environment(context.Context) (plan.Target, error) {
	return plan.Target{}, errors.New("api.forbidden")
}

func (denied) Explain(error) operate.Explanation {
	return operate.Explanation{Kind: operate.ErrorDenied}
}

func TestWhoIsDeniedIsToldWhereATokenGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "rivet {\n  token = \"nonsense\"\n}\n")
	c, diags := w.load()
	w.fine(diags)
	_, diags = operate.Open(t.Context(), operate.Parts{Configuration: c, Server: denied{w.rivet.Server("default")}, Home: w.home})
	w.fails(diags, "Access denied: api.forbidden. Give the secret token")
	if diags[0].Subject == nil || diags[0].Subject.Start.Line != 2 {
		t.Errorf("its place is %v", diags[0].Subject)
	}
}

func TestAnInterruptWhilePlanningSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, probe)
	s, diags := w.open()
	w.fine(diags)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, diags = s.Plan(ctx, w.plans)
	w.fails(diags, "Interrupted: The run was interrupted. Nothing was changed.")
	w.fine(s.Close(ctx))
}

func TestALedgerThatIsLockedIsNotOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t, probe)
	s, diags := w.open()
	w.fine(diags)
	_, diags = w.plan()
	w.fails(diags, "Ledger cannot be opened")
	w.fine(s.Close(t.Context()))
	w.settleable()
}

// settleable checks that the configuration can be applied.
func (w *world) settleable() {
	w.Helper()
	w.applied()
	w.settled()
}

func TestALostLedgerStopsTheRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "p" {
  key = "k"
  action "first" {
    call = "call"
    args = ["first"]
  }
}
actor "probe" "q" {
  key = "l"
  action "second" {
    call = "call"
    args = ["second"]
  }
}
`)
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			w.memory.Take(ledger.Holder{Who: "somebody else"})
			time.Sleep(100 * time.Millisecond) // until it is noticed
		}
		return operatetest.Delivered
	}
	a, diags := w.apply()
	w.called("k first")
	if !diags.HasErrors() || !strings.Contains(told(diags), "somebody else") {
		t.Errorf("it does not say who has the ledger: %s", told(diags))
	}
	if got := ended(a.Document)["probe.q"]; got != "not_started" {
		t.Errorf("the other actor is %q", got)
	}
}

func TestADocumentThatCannotBeWrittenIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, probe)
	w.memory.OnSave = ledgertest.FailAt(1)
	a, diags := w.apply()
	w.fails(diags, "Ledger cannot be written")
	if a.Report.Failed() {
		t.Error("the apply failed")
	}
	w.settled()
	w.called("k first")
}

const surroundings = `
rivet { namespace = "made" }
namespace "made" { display_name = "Made for this" }
runner_config "mine" {
  datacenter "default" {
    normal {}
  }
}
` + probe

func TestANamespaceIsMadeBeforeWhatLivesInIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, surroundings)
	w.namespace = "made"
	w.decides(map[string]string{"namespace.made": "create", "runner_config.mine": "create", "probe.p": "create", "probe.p.action.first": "run"})
	if w.rivet.Has("made") {
		t.Fatal("a plan has made it")
	}
	w.breaks("create namespace", operatetest.Refused)
	_, diags := w.apply()
	w.fails(diags, "amespace cannot be created")
	w.rivet.OnRequest = nil
	a := w.applied()
	w.equal(ended(a.Document), map[string]string{"namespace.made": "done", "runner_config.mine": "done", "probe.p": "done", "probe.p.action.first": "done"})
	w.decides(map[string]string{"namespace.made": "no-op", "runner_config.mine": "no-op", "probe.p": "no-op", "probe.p.action.first": "done"})
	w.write(strings.Replace(surroundings, "runner_config \"mine\" {\n  datacenter \"default\" {\n    normal {}\n  }\n}\n", "", 1))
	w.decides(map[string]string{"namespace.made": "no-op", "runner_config.mine": "forget", "probe.p": "no-op", "probe.p.action.first": "done"})
	w.plans.Orders.Prune = true
	w.decides(map[string]string{"namespace.made": "no-op", "runner_config.mine": "destroy", "probe.p": "no-op", "probe.p.action.first": "done"})
	w.applied()
	w.settled()
}

func TestTheConsoleAsksOnlyWhereItHasTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "locals { a = 2 }\nactor \"counter\" \"c\" {\n  key = \"c\"\n  input = { start = 7 }\n  read \"get\" {}\n}\nvariable \"token\" {\n  default = \"sesame-open\"\n  sensitive = true\n}\n")
	w.applied()
	before := len(w.rivet.Requests())
	w.question = "local.a * 2"
	c, diags := w.load()
	w.fine(diags)
	if val, ok := c.Answer(); !ok || val.AsBigFloat().String() != "4" || len(w.rivet.Requests()) != before {
		t.Errorf("%#v, %t", val, ok)
	}
	w.question = "var.token"
	if c, diags = w.load(); diags.HasErrors() {
		t.Fatal(diags)
	}
	if _, ok := c.Answer(); !ok || w.secrets.Redact("sesame-open") == "sesame-open" {
		t.Error("the answer is no secret")
	}
	w.question = "actor.counter.c.read.get"
	c, diags = w.load()
	w.fine(diags)
	if _, ok := c.Answer(); ok {
		t.Fatal("answered without asking")
	}
	w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics {
		val, diags := s.Ask(t.Context())
		if diags.HasErrors() || val.AsBigFloat().String() != "7" || s.Environment().Namespace != "default" {
			t.Errorf("%#v, %s", val, told(diags))
		}
		return diags
	}))
	w.rivet.OnRequest = operatetest.FailAt(len(w.rivet.Requests())+2, operatetest.Refused)
	w.fails(w.session(func(s *operate.Session) hcl2.Diagnostics { _, diags := s.Ask(t.Context()); return diags }), "cannot be reached")
}

// watched counts what it is told.
type watched struct{ observed, over, begun, events int }

func (w *watched) Observe(func() plan.Stats) func() { w.observed++; return func() { w.over++ } }
func (w *watched) Begin(*plan.Plan)                 { w.begun++ }
func (w *watched) Event(apply.Event)                { w.events++ }

func TestAWatcherIsToldWhatHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, probe)
	seen := &watched{}
	w.watcher = seen
	w.applied()
	if want := (watched{observed: 2, over: 2, begun: 1, events: 4}); *seen != want {
		t.Errorf("%+v, not %+v", *seen, want)
	}
}

func TestInputsAreReadBackWhereNobodyRemembersThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"c\" {\n  key = \"c\"\n  input = { start = 2 }\n}\n")
	w.rivet.Create("counter", []string{"c"}, map[string]any{"start": 1})
	p, diags := w.plan()
	w.warns(diags)
	w.equal(changeOf(p.Document, 0).Input.Differs, false)
	w.plans.ReadInputs = true
	p, diags = w.plan()
	w.warns(diags, "input")
	w.equal(string(changeOf(p.Document, 0).Input.Before), `{"start":1}`)
}
