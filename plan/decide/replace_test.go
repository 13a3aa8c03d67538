package decide

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

func TestBuildDecidesReplacements(t *testing.T) {
	triggers := func(t *testing.T, expression string) value.Memo {
		t.Helper()
		return memo(t, parse(t, expression))
	}
	tests := []struct {
		name     string
		seen     plan.Observed
		triggers string // as they are now; empty for none
		before   string // as they were
		onInput  plan.OnInputChange
		input    string
		orders   func(*plan.Orders)
		adopted  bool
		stranger bool // whom it would destroy
		protect  bool
		action   plan.ChangeAction
		reason   string
		records  bool // the ledger is to remember the triggers
		problems []string
	}{
		{name: "nothing asks for it", seen: present("id1"), action: plan.ActionNoOp},
		{name: "asked for", seen: present("id1"), orders: func(o *plan.Orders) { o.Replace = patternsOf(t, "actor.counter.a") }, action: plan.ActionReplace, reason: "asked for by -replace"},
		{
			name: "asked for, and only adopted", seen: present("id1"), adopted: true, orders: func(o *plan.Orders) { o.Replace = patternsOf(t, "actor.counter.*") },
			action: plan.ActionReplace, reason: "asked for by -replace; riveter did not create it", stranger: true,
		},
		{
			name: "asked for, and protected", seen: present("id1"), protect: true, orders: func(o *plan.Orders) { o.Replace = patternsOf(t, "actor.counter.a") },
			action: plan.ActionReplace, reason: "asked for by -replace", problems: []string{"Actor is protected"},
		},
		{name: "asked for, and not there", orders: func(o *plan.Orders) { o.Replace = patternsOf(t, "actor.counter.a") }, action: plan.ActionCreate, reason: "the actor id1, which the ledger remembers, has disappeared"},
		{
			name: "asked for of nobody", seen: present("id1"), orders: func(o *plan.Orders) { o.Replace = patternsOf(t, "actor.other.a") },
			action: plan.ActionNoOp, problems: []string{"No actor has this address"},
		},
		{
			name: "another input than that of an actor that is adopted", seen: withInput(t, cty.StringVal("other")), adopted: true, onInput: plan.InputReplace, input: "1",
			action: plan.ActionReplace, reason: "it was created with another input; riveter did not create it", stranger: true,
		},
		{name: "the same triggers", seen: present("id1"), triggers: "[1]", before: "[1]", action: plan.ActionNoOp},
		{name: "other triggers", seen: present("id1"), triggers: "[2]", before: "[1]", action: plan.ActionReplace, reason: "what replace_triggered_by names changed"},
		{name: "the first triggers", seen: present("id1"), triggers: "[1]", action: plan.ActionNoOp, records: true},
		{name: "triggers of an actor that is adopted", seen: present("id1"), adopted: true, triggers: "[1]", action: plan.ActionAdopt, reason: "it exists, and the ledger does not know it", records: true},
		{name: "triggers that are known after apply", seen: present("id1"), triggers: "[unknown]", before: "[1]", action: plan.ActionReplace, reason: "what replace_triggered_by names, known after apply, may change"},
		{
			name: "triggers that nobody read", seen: present("id1"), triggers: "[unknown]", before: "[1]", orders: func(o *plan.Orders) { o.NoRefresh = true },
			action: plan.ActionNoOp,
		},
		{name: "triggers of another incarnation", seen: present("id2"), triggers: "[2]", before: "[1]", action: plan.ActionAdopt, reason: "it was made anew by somebody else: the ledger remembers id1", records: true},
		{name: "an input that is known after apply", seen: present("id1"), onInput: plan.InputReplace, input: "[unknown]", action: plan.ActionReplace, reason: "its input, known after apply, may change"},
		{
			name: "an input that is known after apply, to be kept", seen: present("id1"), onInput: plan.InputWarn, input: "[unknown]", action: plan.ActionNoOp,
			reason: "its input is known after apply; if it has changed, the apply warns",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			d.Settings.PreventDestroy = tt.protect
			entry := remembered(t, d)
			if tt.onInput != "" {
				d.Settings.OnInputChange = tt.onInput
				d.Input = parse(t, tt.input)
				entry.Input = memo(t, cty.StringVal("before"))
			}
			if tt.triggers != "" {
				d.Triggers = parse(t, tt.triggers)
			}
			if tt.before != "" {
				entry.Triggers = triggers(t, tt.before)
			}
			if tt.adopted {
				entry = nil
			}
			in := inputs(d, tt.seen, entry)
			if tt.orders != nil {
				tt.orders(&in.Orders)
			}
			p, diags := Plan(in)
			c := changed(p)
			if c.Action != tt.action || c.Reason != tt.reason {
				t.Errorf("got %s (%s)", c.Action, c.Reason)
			}
			if n := p.Strangers(); c.Stranger != tt.stranger || tt.stranger != (n == 1) {
				t.Errorf("%d strangers would be destroyed", n)
			}
			if records := c.Adopt != nil && c.Adopt.Triggers.Known(); records != tt.records {
				t.Errorf("the ledger is to remember the triggers: %t", records)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
