package decide

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// createdWith returns what an actor was created with: what the ledger remembers of it, or else what was read back, or was tried.
func createdWith(d *plan.Desired, o plan.Observed, entry *plan.Entry) value.Memo {
	if entry.KnowsInput(o.ActorID) || !o.Input.Known() && entry.MayHaveMade(o.CreatedAt) {
		return entry.Input
	}
	if value.HasSensitive(d.Input) {
		o.Input.Value = nil // for it is of the same kind
	}
	return o.Input
}

// Original returns what an actor that goes was created with, where that is not what is declared; nil where it is, or nobody remembers. It is not
// known where only that it was another is remembered.
func Original(recalled *plan.Recalled, d *plan.Desired, o plan.Observed) *cty.Value {
	before := createdWith(d, o, recalled.Of(d, &o))
	if !before.Tells() || before.IsPlainly(d.Input) {
		return nil
	}
	if same, err := before.Is(recalled.DigestKey, d.Input); err == nil && same {
		return nil
	}
	original := cty.DynamicVal.Mark(value.Sensitive)
	if _, known := before.Decoded(); known {
		original = before.Before(d.Input)
	}
	original = recalled.Conceal(original)
	return &original
}

// cannotTell reports that nobody can say whether an actor was created with an input: it is made of what nobody kept, and what was read back does
// not say how it was made.
func cannotTell(d *plan.Desired, o plan.Observed, entry *plan.Entry) bool {
	return value.IsUnkept(d.Input) && createdWith(d, o, entry).Recipe == "" && !entry.KnowsInput(o.ActorID)
}

// checkInput compares the declared input of an actor that stays to the one that it was created with. What was read back of
// that is remembered.
func (b *builder) checkInput(c *plan.ActorChange, o *plan.Observed, entry *plan.Entry) {
	if o.InputFault != "" {
		b.warnf(c.Desired, "Input cannot be read", "What %s was created with cannot be read back: %s. So nobody knows whether it is what is declared.", c.Address, o.InputFault)
	}
	input := createdWith(c.Desired, *o, entry)
	if input.Known() && !entry.KnowsInput(o.ActorID) {
		learn(c, entry).Input = input
	}
	if onChange := c.Desired.Settings.OnInputChange; input.Known() && !value.IsLasting(c.Desired.Input) && onChange != plan.InputIgnore {
		learn(c, entry) // when its turn comes
		if c.Action == plan.ActionNoOp {
			c.Reason = "its input is known after apply; if it has changed, " + map[plan.OnInputChange]string{
				plan.InputWarn: "the apply warns", plan.InputFail: "the apply fails", plan.InputReplace: "the next plan replaces the actor",
			}[onChange]
		}
	}
	if input.IsPlainly(c.Input.After) { // as most are
		c.Input.Before = c.Input.After
	} else if !cannotTell(c.Desired, *o, entry) && b.compareInput(c, input) {
		b.inputChanged(c)
	} else if input, more := b.withRecipe(input, c.Desired.Input); more {
		learn(c, entry).Input = input
	}
}

// withRecipe adds to the memo of what a value is how that is made, and reports whether that is more than the memo had.
func (b *builder) withRecipe(m value.Memo, v cty.Value) (value.Memo, bool) {
	if !m.Known() || m.Recipe != "" {
		return m, false
	}
	recipe, err := value.RecipeOf(b.Recalled.DigestKey, v)
	m.Recipe = recipe
	return m, err == nil && recipe != "" && value.IsLasting(v)
}

// compareInput reports whether the declared input is known to be another than the actor was created with.
func (b *builder) compareInput(c *plan.ActorChange, input value.Memo) bool {
	c.Input.Before = input.Before(c.Input.After)
	if !input.Known() || !value.IsLasting(c.Input.After) {
		return false
	}
	same, err := input.Is(b.Recalled.DigestKey, c.Input.After)
	if err == nil && same {
		if value.IsKnown(c.Input.After) {
			c.Input.Before = c.Input.After
		}
		return false
	}
	if err != nil {
		b.errorf(c.Desired, "Input cannot be sent", "The input of %s cannot be sent to an actor: %s.", c.Address, err)
		return false
	}
	c.Input.Differs = true
	if _, known := input.Decoded(); !known {
		c.Input.Before = cty.UnknownVal(cty.DynamicPseudoType).Mark(value.Sensitive)
	}
	return true
}

// inputChanged says what another input means for an actor that stays.
func (b *builder) inputChanged(c *plan.ActorChange) {
	diag := c.Desired.InputChanged()
	switch {
	case diag == nil:
		c.Input.Differs = false
		return
	case diag.Severity == hcl2.DiagWarning && c.Action == plan.ActionNoOp:
		c.Reason = "its input changed, which has no effect on an actor that exists"
	}
	b.diags = append(b.diags, diag)
}

// warnOfInputs warns that calls which cannot be taken back may give an actor that stays another input. Those that are made in every run do not count.
func (b *builder) warnOfInputs(p *plan.Plan) {
	isDue := p.DueBefore()
	for _, change := range p.Changes {
		c, ok := change.(*plan.ActorChange)
		if !ok || c.Desired == nil || !b.Replacements.open[c.Address] || !slices.ContainsFunc(c.DependsOn, isDue) {
			continue
		}
		var then string
		switch c.Desired.Settings.OnInputChange {
		case plan.InputFail:
			then = "the apply fails when they have been made, and so does every plan after it, until the actor is destroyed or the input put back. " +
				"Leave these calls out, or say on_input_change = \"warn\" or \"ignore\", if that must not be"
		case plan.InputWarn:
			then = "the actor stays as it is"
		case plan.InputIgnore, plan.InputReplace:
			continue
		}
		b.warnf(c.Desired, "Input may change", "The input of %s is known only after calls that the plan makes. If it is another one then, %s.", c.Address, then)
	}
}
