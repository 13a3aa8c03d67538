package decide

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

func TestBuildComparesInputsThatWereReadBack(t *testing.T) {
	warned := []string{"Input changed"}
	for _, tt := range []struct {
		name       string
		declared   string
		read       string // empty: nothing
		fault      string
		remembered string // empty: the ledger does not know the actor
		onChange   plan.OnInputChange
		action     plan.ChangeAction
		differs    bool
		learns     string
		problems   []string
	}{
		{name: "the same, of an adopted actor", declared: `{ a = 1 }`, read: `{ a = 1 }`, action: plan.ActionAdopt, learns: `{ a = 1 }`},
		{name: "another, of an adopted actor", declared: `{ a = 1 }`, read: `{ a = 2 }`, action: plan.ActionAdopt, differs: true, learns: `{ a = 2 }`, problems: warned},
		{name: "another, which is to be an error", declared: `1`, read: `2`, onChange: plan.InputFail, action: plan.ActionAdopt, differs: true, learns: `2`, problems: warned},
		{name: "another, which does not matter", declared: `1`, read: `2`, onChange: plan.InputIgnore, action: plan.ActionAdopt, learns: `2`},
		{name: "another, for which the actor goes", declared: `1`, read: `2`, onChange: plan.InputReplace, action: plan.ActionReplace, differs: true},
		{name: "not read", declared: `1`, action: plan.ActionAdopt},
		{name: "not readable", declared: `1`, fault: "no such table", action: plan.ActionAdopt, problems: []string{"Input cannot be read"}},
		{name: "remembered", declared: `1`, read: `2`, remembered: `1`, action: plan.ActionNoOp},
		{name: "known after apply", declared: `unknown`, read: `2`, action: plan.ActionAdopt, learns: `2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			d.Input = parse(t, tt.declared)
			if tt.onChange != "" {
				d.Settings.OnInputChange = tt.onChange
			}
			seen := present("id1")
			seen.InputFault = tt.fault
			if tt.read != "" {
				seen.Input = memo(t, parse(t, tt.read))
			}
			var entry *plan.Entry
			if tt.remembered != "" {
				entry = remembered(t, d)
				entry.Input = memo(t, parse(t, tt.remembered))
			}
			p, diags := Plan(inputs(d, seen, entry))
			c := changed(p)
			if c.Action != tt.action || c.Input.Differs != tt.differs {
				t.Errorf("got %s, differs: %t", c.Action, c.Input.Differs)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Error(diff)
			}
			var learns value.Memo
			if tt.learns != "" {
				learns = memo(t, parse(t, tt.learns))
			}
			if c.Adopt != nil && !c.Adopt.Input.Equal(learns) {
				t.Errorf("the ledger is to remember %s", c.Adopt.Input.Value)
			}
		})
	}
}

func TestAnInputThatWasReadBackIsAsSecretAsTheDeclaredOne(t *testing.T) {
	d := declare(t, "actor.counter.a")
	d.Input = parse(t, `{ token = secret }`)
	entry := remembered(t, d)
	entry.Input = value.Memo{}
	seen := present("id1")
	seen.Input = memo(t, parse(t, `{ token = "hunter1" }`))
	p, _ := Plan(inputs(d, seen, entry))
	c := changed(p)
	if !c.Input.Differs || !value.HasSensitive(c.Input.Before) || c.Input.Before.IsKnown() && c.Input.Before != cty.NilVal {
		t.Errorf("the input was %#v", c.Input.Before)
	}
	if c.Adopt == nil || !c.Adopt.Input.Known() || c.Adopt.Input.Value != nil {
		t.Errorf("the ledger is to remember %+v", c.Adopt)
	}
}
