package decide

import (
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Replacements decides which actors are destroyed and created anew. It is asked about each actor once, before what refers
// to the actor is evaluated: a new actor has another id.
type Replacements struct {
	recalled  *plan.Recalled
	asked     []address.Pattern
	noRefresh bool
	reasons   map[address.Address]string
	open      map[address.Address]bool // the actors that stay and may have another input, which is known too late
	planned   bool                     // what is asked from then on was asked before
}

// NewReplacements returns what decides by the ledger and by the orders of a person.
func NewReplacements(recalled *plan.Recalled, orders plan.Orders) *Replacements {
	return &Replacements{
		recalled: recalled, asked: orders.Replace, noRefresh: orders.NoRefresh, reasons: map[address.Address]string{}, open: map[address.Address]bool{},
	}
}

// Decide reports whether the actor that is there is to be replaced. Of d, everything is evaluated but its steps.
func (r *Replacements) Decide(d *plan.Desired, o plan.Observed) bool {
	if !o.Exists {
		return false
	}
	reason := r.reason(d, o)
	if reason != "" {
		r.reasons[d.Address] = reason
	}
	if !r.planned && reason == "" && r.isOpen(d, o) {
		r.open[d.Address] = true
	}
	return reason != ""
}

// isOpen reports whether the input of an actor that stays may be another one, as what it is made of is yet to be made.
func (r *Replacements) isOpen(d *plan.Desired, o plan.Observed) bool {
	if value.IsLasting(d.Input) {
		return false
	}
	entry := r.recalled.Of(d, &o)
	return !cannotTell(d, o, entry) && r.differs(d.Input, createdWith(d, o, entry))
}

func (r *Replacements) reason(d *plan.Desired, o plan.Observed) string {
	if address.Selecting(r.asked, d.Address.String) != nil {
		return "asked for by -replace"
	}
	entry := r.recalled.Of(d, &o)
	switch {
	case entry != nil && entry.ActorID == "" && !entry.MayHaveMade(o.CreatedAt): // it is somebody else's
		return ""
	case d.Settings.OnInputChange == plan.InputReplace && !cannotTell(d, o, entry) && r.differs(d.Input, createdWith(d, o, entry)):
		if entry == nil && value.IsLasting(d.Input) {
			return "it was created with another input"
		}
		return differing("its input", d.Input)
	case entry == nil || entry.ActorID != o.ActorID:
		return ""
	case d.Triggers != cty.NilVal && r.differs(d.Triggers, entry.Triggers):
		return differing("what replace_triggered_by names", d.Triggers)
	default:
		return ""
	}
}

// differing says of a value that differs whether that is known already.
func differing(what string, now cty.Value) string {
	if !value.IsLasting(now) {
		return what + ", known after apply, may change"
	}
	return what + " changed"
}

// differs reports whether a value is another than the remembered one. One that is known only after apply is taken for
// another, as something that it refers to changes; but not where nothing was read, as then anything may be unknown.
func (r *Replacements) differs(now cty.Value, before value.Memo) bool {
	if !before.Tells() {
		return false
	}
	if !value.IsLasting(now) {
		return !r.noRefresh
	}
	same, err := before.Is(r.recalled.DigestKey, now)
	return err == nil && !same
}

// decideReplacements asks about every actor, unless that has been done.
func (b *builder) decideReplacements() {
	if b.Replacements != nil {
		b.Replacements.planned = true
		return
	}
	b.Replacements = NewReplacements(b.Recalled, b.Orders)
	for i, d := range b.Desired {
		b.Replacements.Decide(d, b.Observed[i])
	}
}

func (b *builder) replace(c *plan.ActorChange, input value.Memo, reason string, entry *plan.Entry) {
	c.Action, c.Reason, c.Stranger = plan.ActionReplace, reason, !isMade(c, entry)
	if c.Stranger {
		c.Reason += "; riveter did not create it"
	}
	c.Input.Differs = b.compareInput(c, input) || input.Known() && !value.IsKnown(c.Input.After)
	b.refuseProtected(c)
}

// rememberTriggers has the ledger remember what replaces the actor when it changes, if it does not do so yet: when its turn comes,
// where that is not known before.
func (b *builder) rememberTriggers(c *plan.ActorChange, entry *plan.Entry) {
	triggers := c.Desired.Triggers
	switch {
	case triggers == cty.NilVal || c.Action != plan.ActionAdopt && c.Action != plan.ActionNoOp:
		return
	case c.Action == plan.ActionNoOp && entry.Triggers.Tells():
		if memo, more := b.withRecipe(entry.Triggers, triggers); more {
			learn(c, entry).Triggers = memo
		}
		return
	case !value.IsLasting(triggers):
		learn(c, entry)
		return
	}
	memo, err := value.Remember(b.Recalled.DigestKey, triggers)
	if err != nil {
		b.errorf(c.Desired, "Value cannot be remembered", "What replace_triggered_by of %s names cannot be compared later: %s.", c.Address, err)
		return
	}
	learn(c, entry).Triggers = memo
}

// learn returns what the ledger is to remember of an actor that stays, to add something to it.
func learn(c *plan.ActorChange, entry *plan.Entry) *plan.Entry {
	if c.Adopt == nil {
		again := *entry
		c.Adopt = &again
	}
	return c.Adopt
}
