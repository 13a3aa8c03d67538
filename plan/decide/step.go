package decide

import (
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// decideSteps decides every step of c. actorID is the actor that will take the calls, empty when it is yet to be made.
func (b *builder) decideSteps(c *plan.ActorChange, entry *plan.Entry, actorID string) {
	d := &decider{
		builder: b, desired: c.Desired, entry: entry, actorID: actorID, goes: c.Action == plan.ActionReplace,
		doubts: formerDoubts(c.Desired, entry, actorID), meets: c.Desired.Key == nil && b.othersThere,
	}
	c.Steps = make([]*plan.StepChange, len(c.Desired.Steps))
	for i, desired := range c.Desired.Steps {
		c.Steps[i] = &plan.StepChange{Address: desired.Address, Desired: desired}
		d.decide(c.Steps[i])
	}
}

func (d *decider) decide(s *plan.StepChange) {
	if s.Desired.Deferred {
		d.deferred(s)
		return
	}
	d.decideSpec(s)
}

// decideSpec decides a step, and notes what it does to those after it.
func (d *decider) decideSpec(s *plan.StepChange) {
	switch spec := s.Desired.Spec.(type) {
	case *plan.Ensure:
		d.ensure(s, spec)
	case *plan.Expect:
		d.expect(s, spec)
	case *plan.Action, *plan.Message, *plan.Request:
		d.call(s, s.Desired.Call())
	}
}

// decideFarewells decides the steps that come before an actor is destroyed.
func (b *builder) decideFarewells(c *plan.ActorChange, entry *plan.Entry) {
	d := &decider{builder: b, desired: c.Desired, entry: entry, actorID: c.ActorID, goes: true}
	for _, desired := range c.Desired.Steps {
		if desired.Policy() == plan.RunOnDestroy {
			s := &plan.StepChange{Address: desired.Address, Desired: desired}
			d.decide(s)
			c.Steps = append(c.Steps, s)
		}
	}
}

// deferred decides a step of which nobody knows yet how often it is to be made: each instance is decided when its turn comes, and by a person
// before that where it is in doubt.
func (d *decider) deferred(s *plan.StepChange) {
	call := s.Desired.Call()
	asked := call == nil || call.Policy != plan.RunManual || d.selects("-invoke", d.Orders.Invoke, s)
	switch inDoubt, undecided := d.instancesInDoubt(s); {
	case call != nil && call.Policy == plan.RunOnDestroy && !d.goes:
		skip(s, "runs only before the actor is destroyed")
	case undecided != "":
		unknown(s, undecided)
	case !asked && !inDoubt:
		skip(s, "runs only when it is asked for")
	case value.IsLost(s.Desired.Lost) && d.wasRepeated(s):
		s.Decision = plan.DecisionDone
		if call == nil {
			skip(s, plan.ReasonUnkept)
		}
	default:
		runIf(s, "for each of what is known after apply")
		d.needsRepetition(s)
	}
	recalled, orders, entry, actorID, goes, doubts := d.Recalled, d.Orders, d.entry, d.actorID, d.goes, d.doubts
	s.Instance = func(now *plan.Step) *plan.StepChange {
		later := &decider{
			builder: &builder{Inputs: Inputs{Recalled: recalled, Orders: orders}, used: map[string]bool{}},
			entry:   entry, actorID: actorID, goes: goes, doubts: doubts,
		}
		c := &plan.StepChange{Address: now.Address, Desired: now}
		later.decideSpec(c)
		return c
	}
	d.called, d.repeated = d.called || s.IsDue(), d.repeated || s.Decision == plan.DecisionRun
}

// instancesInDoubt reports whether an instance of a deferred step is in doubt, and says of the first that nobody decides why.
func (d *decider) instancesInDoubt(s *plan.StepChange) (inDoubt bool, undecided string) {
	call := s.Desired.Call()
	if call == nil || call.Policy == plan.RunAlways || d.entry == nil {
		return false, ""
	}
	for _, name := range slices.Sorted(maps.Keys(d.entry.Steps)) {
		at, err := address.ParseStep(s.Address.Actor.String() + "." + name)
		instance := &plan.StepChange{Address: at, Desired: s.Desired}
		if at.Key = (address.InstanceKey{}); err != nil || at != s.Address || !isStarted(d.made(instance)) {
			continue
		}
		rerun, done := d.selects("-rerun", d.Orders.Rerun, instance), d.selects("-mark-done", d.Orders.MarkDone, instance)
		isDecided := rerun || done || d.Orders.OnUnknown != plan.OrderNone || call.OnUnknown != plan.UnknownFail
		isAnnounced := instance.Address == s.Address // which may be any of them, and they are recorded one by one
		inDoubt = inDoubt || isDecided || !isAnnounced
		if !isDecided && !isAnnounced && undecided == "" {
			undecided = name + " " + startedOn(d.made(instance))
		}
	}
	return inDoubt, undecided
}

// decider decides the steps of one actor, in their order.
type decider struct {
	*builder
	desired *plan.Desired // whose steps they are; nil where only one of them is decided
	entry   *plan.Entry
	actorID string
	goes    bool    // the actor that is there is to be destroyed
	meets   bool    // the actor may be one that is there, as its key is not known
	doubts  []doubt // calls that are not declared any more
	// called says that an earlier call is due, and ensured that an earlier ensure is, which may change anything; so may one that runs always,
	// as repeated says.
	called, repeated, ensured bool
}

// isDue reports whether an earlier step is due.
func (d *decider) isDue() bool { return d.called || d.ensured }

// call decides an action, message or request: by what is asked for, by its policy and the ledger, and by its guards. Where
// it is due, it may change anything.
func (d *decider) call(s *plan.StepChange, c *plan.Call) {
	switch {
	case c.Policy == plan.RunOnDestroy:
		d.farewell(s)
	case c.Policy == plan.RunManual:
		d.onRequest(s)
	case d.selects("-rerun", d.Orders.Rerun, s):
		run(s, "asked for by -rerun")
	case d.actorID == "" && !d.meets:
		run(s, plan.ReasonNewActor)
	case c.Policy == plan.RunAlways:
		run(s, "runs always")
	case d.actorID == "":
		runIf(s, "if it is due on the actor that this turns out to be")
	default:
		d.recall(s, c)
	}
	if s.Decision == plan.DecisionUnknown && c.OnUnknown == plan.UnknownRun {
		s.Decision = plan.DecisionRun
	}
	d.guard(s, c)
	d.mark(s, c)
	if s.Decision == plan.DecisionUnknown && c.OnUnknown == plan.UnknownSkip {
		s.Decision = plan.DecisionSkip
	}
	if s.Decision == plan.DecisionUnknown {
		d.obey(s, c)
	}
	d.needsResults(s)
	s.Anew = c.Policy == plan.RunAlways && d.isAnew(s)
	d.called = d.called || s.IsDue() && !s.MarkDone
	d.repeated = d.repeated || s.Decision == plan.DecisionRun
}

// isAnew reports whether a step that runs for sure was not made before as it is declared now. What it sends of what its own actor says may be
// another thing in every run.
func (d *decider) isAnew(s *plan.StepChange) bool {
	memo := d.made(s)
	runs, hears := s.Decision == plan.DecisionRun && !s.Conditional, s.Desired.ReadState || len(s.Desired.Reads) > 0
	switch {
	case !runs || hears || d.entry == nil || !s.Desired.IsComparable():
		return false
	case memo == nil || memo.Status != plan.StepDone:
		return true
	default:
		return memo.Args.Tells() && !s.Desired.Is(memo.Args, d.Recalled.DigestKey)
	}
}

// onRequest decides a step that is made when somebody asks for it. Whether it was comes first, where that is in doubt.
func (d *decider) onRequest(s *plan.StepChange) {
	asked := d.selects("-invoke", d.Orders.Invoke, s)
	memo := d.made(s)
	switch {
	case isStarted(memo):
		d.doubt(s, memo)
	case asked && memo == nil && d.renewsDoubt(s):
	case asked:
		run(s, "asked for by -invoke")
	default:
		skip(s, "runs only when it is asked for")
	}
	if s.Decision == plan.DecisionUnknown && d.selects("-rerun", d.Orders.Rerun, s) {
		run(s, "asked for by -rerun")
	}
}

func isStarted(memo *plan.StepMemo) bool { return memo != nil && memo.Status == plan.StepStarted }

// farewell decides a step that comes before the actor is destroyed. Where somebody tried to destroy it before, it may be done.
func (d *decider) farewell(s *plan.StepChange) {
	memo := d.made(s)
	switch {
	case !d.goes:
		skip(s, "runs only before the actor is destroyed")
	case d.selects("-rerun", d.Orders.Rerun, s):
		run(s, "asked for by -rerun")
	case isStarted(memo):
		d.doubt(s, memo)
	case memo == nil || memo.Status == plan.StepFailed || !memo.Farewell: // or made when it came at another time
		run(s, "the actor is to be destroyed")
	default:
		s.Decision, s.Reason = plan.DecisionDone, "it was done when the actor was to be destroyed before"
	}
}

// mark records a step as done where a person says so: one that would be made otherwise, or was made in another way. One
// that is made always, or on request only and is not in doubt, is never done.
func (d *decider) mark(s *plan.StepChange, c *plan.Call) {
	isOnRequest := c.Policy == plan.RunManual && s.Decision != plan.DecisionUnknown && !isStarted(d.made(s))
	if c.Policy == plan.RunAlways || isOnRequest || s.Decision == plan.DecisionSkip || !d.selects("-mark-done", d.Orders.MarkDone, s) {
		return
	}
	if d.selects("-rerun", d.Orders.Rerun, s) {
		d.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Contradicting flags", "-rerun and -mark-done both select %s: it is made again, or recorded as done.", s.Address)
	}
	if s.Decision != plan.DecisionDone || s.Reason != "" {
		d.settle(s, c, "-mark-done")
	}
}

func markDone(s *plan.StepChange, flag string) {
	s.Decision, s.MarkDone, s.Conditional, s.AfterAlways = plan.DecisionDone, true, false, false
	s.Reason = "recorded as done by " + flag
}

// obey decides what nobody knows as -on-unknown says. Where the guards do not let a step be made, it is not.
func (d *decider) obey(s *plan.StepChange, c *plan.Call) {
	switch d.Orders.OnUnknown {
	case plan.OrderRun:
		run(s, "asked for by -on-unknown")
		d.guard(s, c)
	case plan.OrderDone:
		d.settle(s, c, "-on-unknown")
	case plan.OrderSkip:
		s.Decision = plan.DecisionSkip
	case plan.OrderNone:
	}
}

// recall decides a step by what the ledger remembers of it on this very actor.
func (d *decider) recall(s *plan.StepChange, c *plan.Call) {
	memo := d.made(s)
	switch {
	case memo == nil && d.renewsDoubt(s):
	case memo == nil && d.entry != nil && d.entry.Fresh:
		run(s, "it was never made on this actor")
	case memo == nil && d.entry != nil && d.entry.Created:
		unknown(s, "riveter was stopped when it was about to create the actor, and nobody knows whether this was done")
	case memo == nil:
		unknown(s, "the actor was there before riveter, and nobody knows whether this was done")
	case isStarted(memo):
		d.doubt(s, memo)
	case memo.Status == plan.StepFailed:
		s.Before = s.Desired.SentBefore(memo.Args)
		run(s, "it failed the last time")
	default:
		d.compare(s, c, memo)
	}
}

// doubt says that a step is in doubt, and shows what it was started with.
func (d *decider) doubt(s *plan.StepChange, memo *plan.StepMemo) {
	s.Before = s.Desired.SentBefore(memo.Args)
	reason := "it " + startedOn(memo)
	if memo.Args.Tells() && s.Desired.IsComparable() && !s.Desired.Is(memo.Args, d.Recalled.DigestKey) {
		reason += "; its " + whatChanged(s) + " changed since"
	}
	unknown(s, reason)
}

// settle records a step as done. One that is in doubt was done as it was started, and may be due again since.
func (d *decider) settle(s *plan.StepChange, c *plan.Call, flag string) {
	memo := d.made(s)
	if !isStarted(memo) || !memo.Args.Tells() {
		markDone(s, flag)
		s.DoneOutput = memo.Unseen()
		return
	}
	s.DoneAs, s.Reason, s.Conditional, s.AfterAlways = &memo.Args, "", false, false
	d.compare(s, c, memo)
	d.guard(s, c)
	s.DoneOutput = memo.Unseen()
	since := s.Reason
	if s.Decision == plan.DecisionDone {
		markDone(s, flag)
	}
	if since != "" {
		s.Reason = "recorded as done by " + flag + " as it was started; " + since
	}
}

func startedOn(memo *plan.StepMemo) string {
	return "was started on " + plan.Moment(memo.At) + " and was not seen to succeed"
}

// made returns what is remembered of a step on the actor that takes it: one that comes before an actor is destroyed, on that one.
func (d *decider) made(s *plan.StepChange) *plan.StepMemo {
	if s.IsFarewell() && d.entry != nil {
		return d.entry.Step(s.Address, d.entry.ActorID)
	}
	return d.memo(s.Address)
}

// memo returns what is remembered of a step. Of an instance whose run announced its step before it knew the instances, and did
// not say more, that is that it may have been made.
func (d *decider) memo(s address.StepAddress) *plan.StepMemo {
	if d.actorID == "" {
		return nil
	}
	memo := d.entry.Step(s, d.actorID)
	if memo != nil || s.Key.IsZero() {
		return memo
	}
	s.Key = address.InstanceKey{}
	if announced := d.entry.Step(s, d.actorID); isStarted(announced) {
		return announced
	}
	return nil
}

// compare decides a step that was done once by whether its arguments and triggers are still the same.
func (d *decider) compare(s *plan.StepChange, c *plan.Call, memo *plan.StepMemo) {
	s.Before = s.Desired.SentBefore(memo.Args)
	d.remember(s, memo)
	s.Decision = plan.DecisionDone
	onChange := c.Policy == plan.RunOnChange
	_, payload := s.Desired.Sends()
	if !value.IsLasting(payload) || !value.IsLasting(c.Triggers) {
		if onChange {
			runIf(s, "if its arguments, known after apply, have changed")
		}
		return
	}
	if !memo.Args.Known() && memo.Args.Recipe == "" {
		if onChange {
			s.Reason = "it was recorded as done when its arguments were not known, so that nobody sees whether they changed"
		}
		return
	}
	if s.Desired.Is(memo.Args, d.Recalled.DigestKey) {
		d.learnRecipe(s, memo.Args)
		return
	}
	switch what := whatChanged(s); {
	case onChange:
		run(s, "its "+what+" changed")
	case c.Policy == plan.RunManual:
		s.Reason = "the " + what + " changed since; it runs only when it is asked for"
	default:
		s.Reason = "the " + what + " changed since; it runs once"
	}
}

// remember notes how a step was done, and what it gave.
func (d *decider) remember(s *plan.StepChange, memo *plan.StepMemo) {
	s.DoneDigest, s.DoneRecipe, s.DoneOutput = memo.Args.Digest, memo.Args.Recipe, memo.OutputDigest
	s.Result, _ = d.Recalled.Result(memo) // what cannot be opened was said when it was asked for
}

// learnRecipe has the ledger remember how the arguments of a step are made now that are what they were, so that the step stays done when
// nobody can evaluate them again.
func (d *decider) learnRecipe(s *plan.StepChange, made value.Memo) {
	recipe, err := s.Desired.Recipe(d.Recalled.DigestKey)
	if err != nil || recipe == "" || recipe == made.Recipe || !s.Desired.IsKnown() {
		return
	}
	if now, err := s.Desired.Remember(d.Recalled.DigestKey); err == nil {
		s.Remade = &now
	}
}

// whatChanged says what of a step is not what it was sent with.
func whatChanged(s *plan.StepChange) string {
	if _, payload := s.Desired.Sends(); s.Before != cty.NilVal && value.Same(s.Before, payload) {
		return "call or triggers"
	}
	return "arguments"
}

// guard lets the guards of a step that may run keep it from that. They say whether a step is applicable, and not whether it was
// done: where the ledger does not know, they decide only if the author says so.
func (d *decider) guard(s *plan.StepChange, c *plan.Call) {
	if c.OnlyIf == cty.NilVal && c.Unless == cty.NilVal || s.Decision != plan.DecisionRun && s.Decision != plan.DecisionUnknown {
		return
	}
	inDoubt := s.Decision == plan.DecisionUnknown
	allowed := c.Allowed()
	// Else somebody would be asked for what an ensure hardly ever changes, or for ever, as long as what is made always does not.
	isLookedAt := !inDoubt || c.OnUnknown == plan.UnknownGuard
	mayChange := c.GuardIsLive && (d.called || (d.repeated || d.ensured) && isLookedAt)
	switch {
	case inDoubt && c.OnUnknown != plan.UnknownGuard && (!allowed.IsKnown() || allowed.True() || mayChange):
	case d.isWithheld(s, c, allowed):
		skip(s, "its guard does not let it")
	case !allowed.IsKnown():
		runIf(s, "if its guard, known after apply, lets it")
	case mayChange:
		runIf(s, "if its guard lets it after the steps before it")
		s.AfterAlways = !d.isDue() && allowed.False()
	case allowed.False():
		skip(s, "its guard does not let it")
	case inDoubt:
		run(s, "its guard says that it is due")
	}
}

// isWithheld reports whether a guard that nobody can evaluate any more is the one that did not let the step be made.
func (d *decider) isWithheld(s *plan.StepChange, c *plan.Call, allowed cty.Value) bool {
	if !value.IsUnkept(allowed) {
		return false
	}
	recipe, err := c.GuardRecipe(d.Recalled.DigestKey)
	return err == nil && d.recalls(s, recipe)
}

// selects reports whether a flag with addresses means the step.
func (b *builder) selects(flag string, patterns []address.Pattern, s *plan.StepChange) bool {
	return b.isUsed(flag, address.SelectingStep(patterns, s.Address))
}

// isUsed reports whether a pattern of a flag has selected something, and remembers that it was of use.
func (b *builder) isUsed(flag string, p *address.Pattern) bool {
	if p != nil {
		b.used[flag+"="+p.String()] = true
	}
	return p != nil
}

func run(s *plan.StepChange, reason string) { s.Decision, s.Reason = plan.DecisionRun, reason }

func runIf(s *plan.StepChange, reason string) {
	run(s, reason)
	s.Conditional = true
}

func skip(s *plan.StepChange, reason string) { s.Decision, s.Reason = plan.DecisionSkip, reason }

func unknown(s *plan.StepChange, reason string) { s.Decision, s.Reason = plan.DecisionUnknown, reason }
