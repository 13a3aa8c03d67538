package plan

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// decideSteps decides every step of c. actorID is the actor that will take the calls, empty when it is yet to be made.
func (b *builder) decideSteps(c *ActorChange, entry *Entry, actorID string) {
	d := &decider{builder: b, desired: c.Desired, entry: entry, actorID: actorID, goes: c.Action == ActionReplace}
	c.Steps = make([]*StepChange, len(c.Desired.Steps))
	for i, desired := range c.Desired.Steps {
		c.Steps[i] = &StepChange{Address: desired.Address, Desired: desired}
		d.decide(c.Steps[i])
	}
}

func (d *decider) decide(s *StepChange) {
	if s.Desired.Deferred {
		d.deferred(s)
		return
	}
	s.Desired.Spec.decide(d, s)
}

// decideFarewells decides the steps that come before an actor is destroyed.
func (b *builder) decideFarewells(c *ActorChange, entry *Entry) {
	d := &decider{builder: b, entry: entry, actorID: c.ActorID, goes: true}
	for _, desired := range c.Desired.Steps {
		if desired.Policy() == RunOnDestroy {
			s := &StepChange{Address: desired.Address, Desired: desired}
			d.decide(s)
			c.Steps = append(c.Steps, s)
		}
	}
}

// deferred decides a step of which nobody knows yet how often it is to be made: each instance is decided when its turn comes.
func (d *decider) deferred(s *StepChange) {
	call := s.Desired.Call()
	switch {
	case call != nil && call.Policy == RunOnDestroy && !d.goes:
		s.skip("runs only before the actor is destroyed")
	case call != nil && call.Policy == RunManual && !d.selects("-invoke", d.Orders.Invoke, s):
		s.skip("runs only when it is asked for")
	default:
		s.runIf("for each of what is known after apply")
	}
	recalled, orders, entry, actorID, goes := d.Recalled, d.Orders, d.entry, d.actorID, d.goes
	s.Instance = func(now *Step) *StepChange {
		later := &decider{builder: &builder{Inputs: Inputs{Recalled: recalled, Orders: orders}, used: map[string]bool{}}, entry: entry, actorID: actorID, goes: goes}
		c := &StepChange{Address: now.Address, Desired: now}
		now.Spec.decide(later, c)
		return c
	}
	d.called, d.repeated = d.called || s.isDue(), d.repeated || s.Decision == DecisionRun
}

// decider decides the steps of one actor, in their order.
type decider struct {
	*builder
	desired *Desired // whose steps they are; nil where only one of them is decided
	entry   *Entry
	actorID string
	goes    bool // the actor that is there is to be destroyed
	// called says that an earlier call is due, which may change anything, and repeated that one runs always, which may too;
	// ensured says that an earlier ensure is due, which changes its own fact.
	called, repeated, ensured bool
}

// isDue reports whether the step is to run, and not only because it, or one before it, always does.
func (s *StepChange) isDue() bool {
	return s.MarkDone || s.Decision == DecisionRun && s.Desired.Policy() != RunAlways && !s.AfterAlways
}

// decide decides a step by whether its fact holds. Where it is due, it changes its own fact.
func (e *Ensure) decide(d *decider, s *StepChange) {
	holds := e.Holds()
	switch {
	case d.isUnkept(e.Value, e.Want):
		s.skip(ReasonUnkept)
	case d.actorID == "":
		s.runIf("if it differs after creation")
	case !holds.IsKnown() && d.unread():
		s.skip(ReasonUnread)
	case !holds.IsKnown():
		s.runIf("if it differs, which is known after apply")
	case holds.True() && (d.called || d.repeated):
		s.runIf("if it differs after the steps before it")
		s.AfterAlways = !d.called
	case holds.True():
		s.Decision = DecisionDone
	case d.called || d.repeated:
		s.runIf("if it still differs after the steps before it")
	default:
		s.run("it differs")
	}
	d.needsResults(s)
	d.ensured = d.ensured || s.isDue()
}

// decide decides whether apply is to look at an expectation.
func (e *Expect) decide(d *decider, s *StepChange) {
	holds := e.Holds()
	switch {
	case d.isUnkept(e.Condition, e.Value, e.Want):
		s.skip(ReasonUnkept)
	case d.actorID == "" || d.called || d.ensured:
		s.run(ReasonInTurn)
	case !holds.IsKnown() && d.unread():
		s.skip(ReasonUnread)
	case !holds.IsKnown():
		s.run("known after apply")
	case holds.True() && d.repeated:
		s.run(ReasonInTurn)
		s.AfterAlways = true
	case holds.True():
		s.Decision = DecisionDone
	default:
		s.run("it does not hold now")
	}
	d.needsResults(s)
}

// isUnkept reports whether nobody can compare values on an actor that was there before, as nobody kept what they are made of.
func (d *decider) isUnkept(values ...cty.Value) bool {
	return d.actorID != "" && slices.ContainsFunc(values, value.IsLost)
}

// unread reports whether live values are unknown because nobody asked for them.
func (d *decider) unread() bool { return d.Orders.NoRefresh && !d.called && !d.ensured }

// decide decides an action, message or request: by what is asked for, by its policy and the ledger, and by its guards. Where
// it is due, it may change anything.
func (c *Call) decide(d *decider, s *StepChange) {
	switch {
	case c.Policy == RunOnDestroy:
		d.farewell(s)
	case c.Policy == RunManual:
		if d.selects("-invoke", d.Orders.Invoke, s) {
			s.run("asked for by -invoke")
		} else {
			s.skip("runs only when it is asked for")
		}
	case d.selects("-rerun", d.Orders.Rerun, s):
		s.run("asked for by -rerun")
	case d.actorID == "":
		s.run(ReasonNewActor)
	case c.Policy == RunAlways:
		s.run("runs always")
	default:
		d.recall(s, c)
	}
	if s.Decision == DecisionUnknown && c.OnUnknown == UnknownRun {
		s.Decision = DecisionRun
	}
	d.guard(s, c)
	d.mark(s, c)
	if s.Decision == DecisionUnknown && c.OnUnknown == UnknownSkip {
		s.Decision = DecisionSkip
	}
	if s.Decision == DecisionUnknown {
		d.obey(s, c)
	}
	d.needsResults(s)
	d.called = d.called || s.isDue() && !s.MarkDone
	d.repeated = d.repeated || s.Decision == DecisionRun
}

// farewell decides a step that comes before the actor is destroyed. Where somebody tried to destroy it before, it may be done.
func (d *decider) farewell(s *StepChange) {
	var memo *StepMemo
	if d.entry != nil {
		memo = d.entry.Step(s.Address, d.entry.ActorID)
	}
	switch {
	case !d.goes:
		s.skip("runs only before the actor is destroyed")
	case d.selects("-rerun", d.Orders.Rerun, s):
		s.run("asked for by -rerun")
	case memo == nil || memo.Status == StepFailed:
		s.run("the actor is to be destroyed")
	case memo.Status == StepStarted:
		s.unknown(startedOn(memo))
	default:
		s.Decision, s.Reason = DecisionDone, "it was done when the actor was to be destroyed before"
	}
}

// mark records a step as done where a person says so: one that would be made otherwise, or was made in another way. One
// that is made always, or on request only, is never done.
func (d *decider) mark(s *StepChange, c *Call) {
	if c.Policy == RunAlways || c.Policy == RunManual || s.Decision == DecisionSkip || !d.selects("-mark-done", d.Orders.MarkDone, s) {
		return
	}
	if d.selects("-rerun", d.Orders.Rerun, s) {
		d.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Contradicting flags", "-rerun and -mark-done both select %s: it is made again, or recorded as done.", s.Address)
	}
	if s.Decision != DecisionDone || s.Reason != "" {
		s.markDone("-mark-done")
	}
}

func (s *StepChange) markDone(flag string) {
	s.Decision, s.MarkDone, s.Conditional, s.AfterAlways = DecisionDone, true, false, false
	s.Reason = "recorded as done by " + flag
}

// obey decides what nobody knows as -on-unknown says. Where the guards do not let a step be made, it is not.
func (d *decider) obey(s *StepChange, c *Call) {
	switch d.Orders.OnUnknown {
	case OrderRun:
		s.run("asked for by -on-unknown")
		d.guard(s, c)
	case OrderDone:
		s.markDone("-on-unknown")
	case OrderSkip:
		s.Decision = DecisionSkip
	case OrderNone:
	}
}

// recall decides a step by what the ledger remembers of it on this very actor.
func (d *decider) recall(s *StepChange, c *Call) {
	memo := d.memo(s.Address)
	switch {
	case memo == nil && d.entry != nil && d.entry.Fresh:
		s.run("it was never made on this actor")
	case memo == nil && d.entry != nil && d.entry.Created:
		s.unknown("riveter was stopped when it was about to create the actor, and nobody knows whether this was done")
	case memo == nil:
		s.unknown("the actor was there before riveter, and nobody knows whether this was done")
	case memo.Status == StepStarted:
		s.unknown(startedOn(memo))
	case memo.Status == StepFailed:
		s.Before = s.Desired.sentBefore(memo.Args)
		s.run("it failed the last time")
	default:
		d.compare(s, c, memo)
	}
}

func startedOn(memo *StepMemo) string {
	return "it was started on " + memo.At.UTC().Format("2006-01-02 15:04:05 UTC") + " and was not seen to succeed"
}

// memo returns what is remembered of a step. Of an instance whose run announced its step before it knew the instances, and did
// not say more, that is that it may have been made.
func (d *decider) memo(s address.StepAddress) *StepMemo {
	memo := d.entry.Step(s, d.actorID)
	if memo != nil || s.Key.IsZero() {
		return memo
	}
	s.Key = address.InstanceKey{}
	if announced := d.entry.Step(s, d.actorID); announced != nil && announced.Status == StepStarted {
		return announced
	}
	return nil
}

// compare decides a step that was done once by whether its arguments and triggers are still the same.
func (d *decider) compare(s *StepChange, c *Call, memo *StepMemo) {
	s.Before = s.Desired.sentBefore(memo.Args)
	s.DoneDigest, s.DoneRecipe = memo.Args.Digest, memo.Args.Recipe
	s.Result, _ = d.Recalled.result(memo) // what cannot be opened was said when it was asked for
	s.Decision = DecisionDone
	onChange := c.Policy == RunOnChange
	_, payload := s.Desired.Sends()
	if !value.IsLasting(payload) || !value.IsLasting(c.Triggers) {
		if onChange {
			s.runIf("if its arguments, known after apply, have changed")
		}
		return
	}
	if !memo.Args.Known() && memo.Args.Recipe == "" {
		if onChange {
			s.Reason = "it was recorded as done when its arguments were not known, so that nobody sees whether they changed"
		}
		return
	}
	if s.Desired.is(memo.Args, d.Recalled.DigestKey) {
		return
	}
	what := "arguments"
	if s.Before != cty.NilVal && value.Same(s.Before, payload) {
		what = "call or triggers"
	}
	if onChange {
		s.run("its " + what + " changed")
		return
	}
	s.Reason = "the " + what + " changed since; it runs once"
}

// sentBefore is what a step has sent, as far as it is remembered.
func (s *Step) sentBefore(made value.Memo) cty.Value {
	_, payload := s.Sends()
	return made.Before(payload)
}

// is reports whether a call is the one that is remembered. Where results that nobody kept are a part of it, it is if it is made
// in the same way, or if nobody knows how the other one was, and it may have been the same.
func (s *Step) is(made value.Memo, key []byte) bool {
	if s.isUnkept() {
		recipe, err := s.recipe(key)
		return err != nil || made.Recipe == recipe || made.Recipe == "" && s.mayHaveBeen(made)
	}
	digest, err := value.Digest(key, s.identified()...)
	return err != nil || !made.Absent && digest == made.Digest
}

// mayHaveBeen reports whether what is known of a call does not differ from what is remembered of one.
func (s *Step) mayHaveBeen(made value.Memo) bool {
	before, remembered := made.Decoded()
	_, payload := s.Sends()
	payload, _ = payload.UnmarkDeep()
	return !remembered || isFilledIn(payload, before)
}

// guard lets the guards of a step that may run keep it from that. They say whether a step is applicable, and not whether it was
// done: where the ledger does not know, they decide only if the author says so.
func (d *decider) guard(s *StepChange, c *Call) {
	if c.OnlyIf == cty.NilVal && c.Unless == cty.NilVal || s.Decision != DecisionRun && s.Decision != DecisionUnknown {
		return
	}
	inDoubt := s.Decision == DecisionUnknown
	allowed := c.Allowed()
	mayChange := (d.called || d.repeated) && c.GuardIsLive
	switch {
	case inDoubt && c.OnUnknown != UnknownGuard && (!allowed.IsKnown() || allowed.True() || mayChange):
	case !allowed.IsKnown():
		s.runIf("if its guard, known after apply, lets it")
	case mayChange:
		s.runIf("if its guard lets it after the steps before it")
		s.AfterAlways = !d.called && allowed.False()
	case allowed.False():
		s.skip("its guard does not let it")
	case inDoubt:
		s.run("its guard says that it is due")
	}
}

// selects reports whether a flag with addresses means the step.
func (b *builder) selects(flag string, patterns []address.Pattern, s *StepChange) bool {
	return b.isUsed(flag, address.SelectingStep(patterns, s.Address))
}

// isUsed reports whether a pattern of a flag has selected something, and remembers that it was of use.
func (b *builder) isUsed(flag string, p *address.Pattern) bool {
	if p != nil {
		b.used[flag+"="+p.String()] = true
	}
	return p != nil
}

// isLook reports whether the step sends nothing, but only looks.
func (s *StepChange) isLook() bool {
	switch s.Desired.Spec.(type) {
	case *Expect:
		return true
	case *Action, *Message, *Request, *Ensure:
	}
	return false
}

func (s *StepChange) run(reason string) { s.Decision, s.Reason = DecisionRun, reason }

func (s *StepChange) runIf(reason string) {
	s.run(reason)
	s.Conditional = true
}

func (s *StepChange) skip(reason string) { s.Decision, s.Reason = DecisionSkip, reason }

func (s *StepChange) unknown(reason string) { s.Decision, s.Reason = DecisionUnknown, reason }
