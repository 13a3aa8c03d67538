package decide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Plan decides what is to be done. It is pure: the same inputs give the same plan. The plan is whole even where there
// are errors among the diagnostics, so that it can be shown, but such a plan must not be applied.
func Plan(in Inputs) (*plan.Plan, hcl2.Diagnostics) {
	if in.Recalled == nil {
		in.Recalled = &plan.Recalled{}
	}
	in.Orders = in.Understood()
	b := &builder{Inputs: in, homes: newHomes(&in), used: map[string]bool{}, asked: map[string]*hcl2.Diagnostic{}}
	p := &plan.Plan{
		Mode:     in.Mode,
		Target:   in.Target,
		Ledger:   plan.LedgerVersion{Lineage: b.Recalled.Lineage, Serial: b.Recalled.Serial},
		Outputs:  in.Outputs,
		Checks:   in.Checks,
		Observed: in.Stats,
	}
	b.left, b.unsettledNames = b.undeclared(), b.unsettled()
	b.last, b.othersThere = lastDeclared(b.left), b.areOthersThere()
	asked := b.choose("-replace", in.Orders.Replace)
	b.narrow()
	switch in.Mode {
	case plan.ModeDestroy:
		p.Changes = append(b.destroyAll(), b.destroyPools()...)
		b.warnOfUndeclared()
	case plan.ModeVerify:
		p.Changes, p.Checks = b.verifyAll(), b.checks()
		b.warnOfIdle()
		b.refuseLookups(func([]address.Address) bool { return false })
	case plan.ModeApply:
		b.checkReplaced(asked)
		b.decideReplacements()
		p.Changes = b.applyAll()
		b.warnOfFarewells(p.Changes)
		p.Changes = append(p.Changes, b.undeclaredAll()...)
		p.Changes = append(p.Changes, b.surroundAll(p.Changes)...)
		b.excuseAlways(p.Changes)
		b.warnOfInputs(p)
		p.Lookups = in.Lookups
		b.refuseMissing(p)
		b.checkPatterns("-rerun", in.Orders.Rerun)
		b.checkPatterns("-mark-done", in.Orders.MarkDone)
		b.checkPatterns("-invoke", in.Orders.Invoke)
	}
	b.limitDestruction(p.Changes)
	if in.Mode == plan.ModeApply {
		b.warnOfForeign()
		b.warnOfStrangers(p.Changes)
		b.warnOfNames(p.Changes)
	}
	slices.SortFunc(p.Changes, compareChanges)
	return p, b.diags
}

// compareChanges orders changes by address. What had an address before comes before what has it now.
func compareChanges(x, y plan.Change) int {
	if order := x.Head().Address.Compare(y.Head().Address); order != 0 {
		return order
	}
	a, isActor := x.(*plan.ActorChange)
	b, both := y.(*plan.ActorChange)
	switch {
	case !isActor || !both:
		return 0
	case (a.Desired == nil) == (b.Desired == nil):
		return slices.Compare(a.Key, b.Key)
	case a.Desired == nil:
		return -1
	default:
		return 1
	}
}

type builder struct {
	Inputs
	homes homes
	used  map[string]bool             // flags with patterns that have selected a step
	asked map[string]*hcl2.Diagnostic // whether steps were renamed
	// left has what is remembered and not declared at all, last the last of it at each address, told the addresses that are declared, where there
	// is any of it, and whether others have a say in their keys, and unsettledNames the names of which nobody knows all that is.
	left           map[plan.Identity]*plan.Entry
	last           map[address.Address]*plan.Entry
	told           map[address.Address]bool
	unsettledNames map[string]unsettled
	// selected has what the plan is about; nil for everything.
	selected    map[address.Address]bool
	diags       hcl2.Diagnostics
	othersThere bool // of the names of which some key is not known
	meeting     bool // the plan is being carried out, and an actor has turned up
}

func (b *builder) errorf(d *plan.Desired, summary, format string, args ...any) {
	b.report(hcl2.DiagError, d.Settings.Range.Ptr(), summary, format, args...)
}

func (b *builder) warnf(d *plan.Desired, summary, format string, args ...any) {
	b.report(hcl2.DiagWarning, d.Settings.Range.Ptr(), summary, format, args...)
}

// report adds a diagnostic about a place in the configuration, or with nil about the run as a whole.
func (b *builder) report(severity hcl2.DiagnosticSeverity, place *hcl2.Range, summary, format string, args ...any) {
	b.diags = append(b.diags, &hcl2.Diagnostic{Severity: severity, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: place})
}

// change decides one row of the table of actors: what the server has against what the ledger has.
func (b *builder) change(d *plan.Desired, o *plan.Observed) *plan.ActorChange {
	c := b.newChange(d, o)
	entry := b.Recalled.Of(d, o)
	seen := o.ActorID
	switch reason, replaced := b.Replacements.reasons[d.Address]; {
	case !o.Exists && (d.Key == nil || d.Settings.Create == plan.CreateNever):
		b.lookLater(c)
	case !o.Exists:
		b.create(c, entry)
	case replaced:
		b.replace(c, createdWith(d, *o, entry), reason, entry)
		b.refuseForeign(c, entry)
		seen = ""
	case entry == nil || entry.ActorID != o.ActorID:
		b.adopt(c, o, entry)
		b.checkInput(c, o, entry)
	default:
		c.Action = plan.ActionNoOp
		b.checkInput(c, o, entry)
	}
	if seen == "" {
		if results := value.LostIn(d.Input, false); len(results) > 0 {
			b.refuseUnkept(d.Settings.Range, c.Address.String(), results[0])
		}
	}
	if c.Action == plan.ActionAdopt || c.Action == plan.ActionNoOp {
		b.checkSettled(c, o, entry)
		b.warnOfFailing(c, o)
	}
	c.Guarded = d.Undecided || !b.Orders.NoRefresh && slices.ContainsFunc(d.Postconditions, isUndecided)
	b.rememberTriggers(c, entry)
	b.rememberDeclaration(c, entry)
	if c.Action == plan.ActionAdopt {
		entry = &plan.Entry{ActorID: c.ActorID, Created: c.Adopt.Created, Fresh: c.Adopt.Fresh}
	}
	b.decideSteps(c, entry, seen)
	b.noteFormer(c, entry)
	if c.Action == plan.ActionNoOp {
		if slices.ContainsFunc(c.Steps, (*plan.StepChange).IsDue) {
			c.Action, c.Reason = plan.ActionUpdate, cmp.Or(c.Reason, plan.ReasonCallsDue)
		} else {
			b.diags = append(b.diags, d.Broken()...)
			b.takeOver(c, entry)
		}
	}
	return c
}

// isUndecided reports whether nobody knows yet if something holds, and somebody will.
func isUndecided(a plan.Assertion) bool { return !value.IsLasting(a.Holds) }

func (b *builder) newChange(d *plan.Desired, o *plan.Observed) *plan.ActorChange {
	return &plan.ActorChange{
		ChangeHead: plan.ChangeHead{Address: d.Address, DependsOn: d.DependsOn, Place: d.Settings.Range},
		Name:       d.Address.Name,
		Key:        d.Key,
		ActorID:    o.ActorID,
		CreatedAt:  o.CreatedAt,
		Input:      plan.InputChange{After: d.Input},
		Desired:    d,
	}
}

// rememberDeclaration has the ledger follow what is declared of an actor that it knows: how it is called, what it comes after, and
// whether it may go. Of an actor of which it thought that another one had taken its place, or its address, it is told that it is there.
func (b *builder) rememberDeclaration(c *plan.ActorChange, entry *plan.Entry) {
	d := c.Desired
	if entry == nil || b.isOthers(entry) && b.ownerAfter(entry) != b.owner() {
		return
	}
	if entry.Address != d.Address {
		c.PreviousAddress = entry.Address
	}
	isFirst := b.Recalled.Actors[entry.Identity()].ActorID == entry.ActorID
	other := b.last[d.Address]
	isLast := other == nil || !entry.LastApplied.Before(other.LastApplied)
	same := isFirst && isLast && entry.Project == b.owner() && entry.Address == d.Address && entry.PreventDestroy == d.Settings.PreventDestroy &&
		entry.OnDestroy == d.HasFarewells() && entry.KeyRecipe == d.KeyRecipe && slices.Equal(entry.DependsOn, d.DependsOn)
	if c.Action == plan.ActionNoOp && !same {
		learn(c, entry).Project = b.owner()
	}
}

func (b *builder) create(c *plan.ActorChange, entry *plan.Entry) {
	c.Action, c.Gone = plan.ActionCreate, entry.Formers()
	if entry != nil && entry.ActorID == "" {
		c.Doubted = entry
	}
	switch {
	case entry != nil && entry.ActorID != "":
		c.Reason = "the actor " + entry.ActorID + ", which the ledger remembers, has disappeared"
		c.Input.Before = entry.Input.Before(c.Desired.Input)
	default:
		c.Reason = plan.ReasonAbsent
	}
}

// adopt takes over an actor that the ledger does not know, or knows as another one, or was about to know when riveter was
// stopped.
func (b *builder) adopt(c *plan.ActorChange, o *plan.Observed, entry *plan.Entry) {
	c.Action = plan.ActionAdopt
	c.Adopt = &plan.Entry{Name: c.Name, Key: c.Key, ActorID: c.ActorID}
	switch {
	case entry == nil:
		c.Reason = "it exists, and the ledger does not know it"
		c.Adopt.Fresh = b.meeting && !b.Named[c.ActorID] // it was not there when the plan was made
	case entry.ActorID == "" && !entry.Created:
		c.Reason = "somebody made it on " + plan.Moment(c.CreatedAt) + ", and not riveter, which had tried to"
		if dropsInput(c.Desired) && !o.Input.Known() {
			b.warnf(c.Desired, "Input was dropped", "%s was made by somebody else, when riveter had tried to: the input of %s was dropped.", c.What(), c.Address)
		}
	case entry.ActorID == "":
		c.Reason = "riveter was to create it, and was stopped or never heard how that ended"
		c.Adopt.Created, c.Adopt.Fresh, c.Adopt.Input = true, entry.Fresh, entry.Input
		return
	default:
		c.Reason = "it was made anew by somebody else: the ledger remembers " + entry.ActorID
		c.Adopt.Fresh, c.Adopt.Project = true, b.ownerAfter(entry)
	}
	b.refuseExisting(c)
}

func (b *builder) refuseExisting(c *plan.ActorChange) {
	switch what := c.What(); {
	case b.Orders.Fixture && !c.Adopt.Fresh:
		b.errorf(c.Desired, "Key prefix is in use", "A fixture destroys everything that it begins with, and %s is there already: somebody else made it. "+
			"Choose another -key-prefix, or give none, so that the fixture has one of its own.", what)
	case c.Desired.Settings.Create == plan.CreateNew:
		b.errorf(c.Desired, "Actor exists already", "%s says create = \"create\", but %s is there already and riveter did not make it. "+
			"Destroy it, choose another key, or say create = \"get_or_create\" to adopt it.", c.Address, what)
	}
}

func (b *builder) refuseProtected(c *plan.ActorChange) {
	if c.Desired != nil && c.Desired.Settings.PreventDestroy && !b.Orders.Fixture {
		b.errorf(c.Desired, "Actor is protected", "The plan would destroy %s, whose lifecycle says prevent_destroy = true. "+
			"Remove that line if the actor may go, or take the actor out of this operation.", c.Address)
	}
}

// checkPatterns refuses patterns that select nothing: they are misspelt.
func (b *builder) checkPatterns(flag string, patterns []address.Pattern) {
	for _, p := range patterns {
		if !b.used[flag+"="+p.String()] {
			b.report(hcl2.DiagError, nil, "No step has this address", "%s=%s selects no step that it can decide. The plan lists the steps with their addresses; "+
				"those with run = \"manual\" are asked for with -invoke, and the others with -rerun.", flag, p)
		}
	}
}

// checkReplaced refuses patterns of which nothing is replaced although they select something.
func (b *builder) checkReplaced(asked map[address.Address]bool) {
	for _, p := range b.Orders.Replace {
		selects := func(a address.Address) bool { return p.Selects(a.String()) }
		isKept := slices.ContainsFunc(b.Desired, func(d *plan.Desired) bool { return selects(d.Address) })
		isLeftOut := slices.ContainsFunc(slices.Collect(maps.Keys(asked)), selects) || slices.ContainsFunc(b.LeftOut, p.MayReach)
		if !isKept && isLeftOut {
			b.report(hcl2.DiagError, nil, "Nothing would be replaced",
				"-replace=%s selects only what -target and -exclude leave out, or what is declared no more. An actor that is replaced is created as its block says.", p)
		}
	}
}
