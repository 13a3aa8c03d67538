package plan

import (
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// createdWith returns what an actor was created with: what the ledger remembers of it, or else what was read back.
func createdWith(d *Desired, o Observed, entry *Entry) value.Memo {
	if entry.KnowsInput(o.ActorID) {
		return entry.Input
	}
	if value.HasSensitive(d.Input) {
		o.Input.Value = nil // for it is of the same kind
	}
	return o.Input
}

// checkInput compares the declared input of an actor that stays to the one that it was created with. What was read back of
// that is remembered.
func (b *builder) checkInput(c *ActorChange, o *Observed, entry *Entry) {
	if o.InputFault != "" {
		b.warnf(c.Desired, "Input cannot be read", "What %s was created with cannot be read back: %s. So nobody knows whether it is what is declared.", c.Address, o.InputFault)
	}
	input := createdWith(c.Desired, *o, entry)
	if input.Known() && !entry.KnowsInput(o.ActorID) {
		c.learn(entry).Input = input
	}
	if b.compareInput(c, input) {
		b.inputChanged(c)
	}
}

// compareInput reports whether the declared input is known to be another than the actor was created with.
func (b *builder) compareInput(c *ActorChange, input value.Memo) bool {
	if !input.Known() || !value.IsKnown(c.Input.After) {
		c.Input.Before = input.Before(c.Input.After)
		return false
	}
	same, err := input.Is(b.Recalled.DigestKey, c.Input.After)
	if err == nil && same {
		c.Input.Before = c.Input.After
		return false
	}
	c.Input.Before = input.Before(c.Input.After)
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
func (b *builder) inputChanged(c *ActorChange) {
	const fact = "The input of %s is not the one that the actor was created with, and the input of an existing actor cannot be changed. "
	switch c.Desired.Settings.OnInputChange {
	case InputIgnore:
		c.Input.Differs = false
	case InputFail:
		b.errorf(c.Desired, "Input changed", fact+"Put the input back, or destroy the actor so that it is created anew.", c.Address)
	default:
		if c.Action == ActionNoOp {
			c.Reason = "its input changed, which has no effect on an actor that exists"
		}
		b.warnf(c.Desired, "Input changed", fact+
			"The actor stays as it is. Say lifecycle { on_input_change = \"replace\" } to destroy and create it, or \"ignore\" to accept the difference.", c.Address)
	}
}
