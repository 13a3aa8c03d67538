package operate_test

import (
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan/address"
)

const pair = `actor "probe" "p" {
  for_each = toset(["a", "b"])
  key      = each.key
  read "report" {}
  ensure "fact" {
    value = self.state.calls
    want  = {}
    call  = "tamper"
  }
  action "first" {
    call = "call"
    args = ["first"]
  }
}
output "calls" { value = actor.probe.p["a"].read.report.calls }
`

func at(t *testing.T, text string) address.Address {
	t.Helper()
	a, err := address.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOneActorByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, pair)
	id := w.rivet.Create("probe", []string{"a"}, nil)
	w.rivet.Sleep(id)
	s, diags := w.open()
	w.fine(diags)
	found, diags := s.Find(t.Context(), at(t, `actor.probe.p["a"]`))
	w.fine(diags)
	if got := w.rivet.Actors("probe")["a"]; !found.Asleep || !got.Asleep || found.ActorID != id {
		t.Errorf("found %+v, and it is %+v", found.Observed, got)
	}
	if output, diags := s.Call(t.Context(), found, "call", []cty.Value{cty.StringVal("x")}); diags.HasErrors() || !output.IsKnown() {
		t.Errorf("%#v %v", output, diags)
	}
	state, diags := s.State(t.Context(), found)
	w.fine(diags)
	if got := state.GetAttr("calls").GetAttr("x"); got.Equals(cty.NumberIntVal(1)).False() {
		t.Errorf("the state says %#v", got)
	}
	for _, c := range []struct{ address, want string }{
		{`actor.probe.p["b"]`, "Actor does not exist"}, {"actor.probe.q", "No actor has this address"},
	} {
		if _, diags := s.Find(t.Context(), at(t, c.address)); !strings.Contains(diags.Error(), c.want) {
			t.Errorf("%s: %v", c.address, diags)
		}
	}
	w.rivet.OnRequest = func(operatetest.Request) operatetest.Fault { return operatetest.LostAfter }
	if _, diags := s.Call(t.Context(), found, "call", []cty.Value{cty.StringVal("y")}); !strings.Contains(diags.Error(), "Outcome in doubt") {
		t.Error(diags)
	}
}

const misspelt = `actor "probe" "p" {
  key  = "k"
  pool = "lake"
  action "cal" {}
  ensure "fact" {
    value = 1
    want  = 1
    call  = "tampr"
  }
  message "work" {}
}
actor "prob" "x" { key = "x" }
`

func TestWhatTheServerKnowsBetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, misspelt)
	unknown := []string{`named "prob"`, `no pool "lake"`}
	actions := append([]string{`no action "cal"`, `no action "tampr"`}, unknown...)
	check := func(wake bool, want []string) {
		t.Helper()
		w.fails(w.session(func(s *operate.Session) hcl2.Diagnostics { return s.CheckOnline(t.Context(), wake) }), want...)
	}
	check(true, unknown) // nobody is there to be asked
	id := w.rivet.Create("probe", []string{"k"}, nil)
	check(false, actions)
	w.rivet.Sleep(id)
	check(false, unknown)
	if got := w.rivet.Actors("probe")["k"]; !got.Asleep {
		t.Error("it was woken")
	}
	check(true, actions)
	w.write(strings.NewReplacer(`"lake"`, `"pond"`, `"cal"`, `"call"`, `"tampr"`, `"establish"`, `"prob"`, `"counter"`).Replace(misspelt) +
		"runner_config \"pond\" {\n  datacenter \"default\" {\n    normal {}\n  }\n}\n")
	check(true, nil)
}

func TestWhatNoOutputNeedsIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, pair+strings.Replace(strings.Split(pair, "output")[0], `"p" {
  for_each = toset(["a", "b"])
  key      = each.key`, `"q" {
  key = "other"`, 1))
	w.outputs = true
	w.rivet.Create("probe", []string{"a"}, nil)
	other := w.rivet.Create("probe", []string{"other"}, nil)
	w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics {
		outputs, diags := s.Outputs(t.Context())
		if got := outputs["calls"].Value; !got.IsWhollyKnown() {
			t.Errorf("calls is %#v", got)
		}
		return diags
	}))
	for _, r := range w.rivet.Requests() {
		if r.On == other {
			t.Errorf("%+v was asked", r)
		}
	}
}

// TestWhatKeepsFromLookingIsSaidOnce has two actors need a data block of an actor that does not exist, or that says nothing, in everything
// that verify looks at, and apply at what is made only then.
func TestWhatKeepsFromLookingIsSaidOnce(t *testing.T) {
	t.Parallel()
	for name, needs := range map[string]string{
		"input":       `input = data.probe.made.read.report.open`,
		"parameters":  `params = { a = data.probe.made.read.report.open }`,
		"condition":   `expect "x" { condition = data.probe.made.read.report.open }`,
		"expectation": "expect \"x\" {\n value = data.probe.made.read.report.open\n want = true\n}",
		"fact":        "ensure \"x\" {\n value = data.probe.made.read.report.open\n want = 1\n call = \"increment\"\n}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			missing := `data "probe" "made" {
				key        = "made"
				depends_on = [actor.counter.counted]
				read "report" {}
			}`
			for _, label := range []string{"u", "v"} {
				missing += "\nactor \"counter\" \"" + label + "\" {\n key = \"" + label + "\"\n" + needs + "\n}"
			}
			w := newWorld(t, counted)
			w.applied()
			for _, key := range []string{"u", "v"} {
				w.rivet.Create("counter", []string{key}, nil)
			}
			w.write(counted + missing)
			v, diags := w.verify()
			w.fails(diags, "Actor does not exist: data.probe.made")
			w.fails(v.Problems, "Actor does not exist: data.probe.made")
			w.equal(len(v.Document.Diagnostics), 1)

			w.plans.Orders.Rerun = patterns("actor.counter.counted.action.increment")
			_, diags = w.apply()
			w.fails(diags, "Actor does not exist: data.probe.made")

			w.rivet.Create("probe", []string{"made"}, nil)
			w.breaks("read", operatetest.Refused)
			_, diags = w.apply()
			w.fails(diags, "Read failed: data.probe.made")
		})
	}
}
