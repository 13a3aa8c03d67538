package operate_test

import (
	"testing"

	"riveter/internal/operate"
	"riveter/plan"
)

const welcomed = `
variable "token" { sensitive = true }
variable "text" { default = "hello" }
actor "probe" "a" {
  key   = "a"
  input = { note = var.token }
  action "call" {
    args = ["one"]
  }
  action "greet" {
    call     = "call"
    for_each = toset(var.text == "hello" ? [] : ["x"])
    args     = [var.text, step.id, self.id]
  }
}
`

// approves checks whether the next plan is the one that was approved.
func (w *world) approves(a operate.Approved, want bool) {
	w.Helper()
	p, diags := w.plan()
	w.fine(diags)
	if got := p.Unapproved(a); got.HasErrors() == want {
		w.Errorf("approved: %t, want %t\n%s", !got.HasErrors(), want, told(got))
	}
}

func TestOneApprovalIsForAllEnvironmentsInTheSameState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `namespace "staging" {}`)
	w.applied()
	w.write(welcomed)
	in := func(namespace string) *world { w.namespace = namespace; return w }
	for _, variables := range [][]string{{"token=sesame"}, {"token=sesame", "text=bye"}} {
		w.variables = given(variables...)
		p, diags := in("staging").plan()
		w.fine(diags)
		approved := operate.Approved{Transition: p.Document.Transition, Document: p.Document}
		in("default").approves(approved, true)
		w.equal(in("staging").applied().Document.Transition, approved.Transition)
		in("staging").approves(approved, false)
		in("default").approves(approved, true) // also where there was no ledger before
		w.applied()
	}
}

func TestAnApprovalHoldsOneSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, welcomed)
	w.variables = given("token=sesame")
	fresh, diags := w.plan()
	w.fine(diags)
	w.applied()
	w.rivet.Destroy(w.id("probe", "a"))
	keyed, diags := w.plan()
	w.fine(diags)
	w.approves(operate.Approved{Transition: keyed.Document.Transition}, true)
	w.variables = given("token=other")
	w.approves(operate.Approved{Transition: keyed.Document.Transition}, false)
	w.approves(operate.Approved{Transition: fresh.Document.Transition}, true) // which says nothing of the secret
}

func TestWhatCannotBeAppliedHasNoTransition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "a" {
  key    = "a"
  create = "never"
}`)
	p, diags := w.plan()
	w.fails(diags, "does not exist")
	if p != nil && p.Document.Transition != "" {
		t.Error("a plan with errors has a transition")
	}
	w = newWorld(t, `actor "probe" "a" { key = "a" }`)
	w.applied()
	a, diags := w.verify()
	w.fine(diags)
	w.equal(a.Document.Transition, "")
	w.plans.Mode = plan.ModeDestroy
	p, diags = w.plan()
	w.fine(diags)
	if p.Document.Transition == "" {
		t.Error("a destroy has no transition")
	}
}
