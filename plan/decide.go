package plan

import "slices"

// decideSteps decides every step of c. actorID is the actor that will take the calls, empty when it is yet to be made.
func (b *builder) decideSteps(c *Change, entry *Entry, actorID string) {
	c.Steps = make([]*StepChange, len(c.Desired.Steps))
	for i, d := range c.Desired.Steps {
		s := &StepChange{Address: d.Address, Desired: d}
		c.Steps[i] = s
		switch {
		case b.selects(b.Orders.MarkDone, s):
			s.Decision, s.MarkDone, s.Reason = DecisionDone, true, "recorded as done by -mark-done"
		case b.selects(b.Orders.Rerun, s):
			s.run("asked for by -rerun")
		case d.Settings.Policy == RunManual:
			s.Decision, s.Reason = DecisionSkip, "runs only when it is asked for"
		case actorID == "":
			s.run("the actor is made by this run")
		case d.Settings.Policy == RunAlways:
			s.run("runs always")
		default:
			b.recallStep(s, entry, actorID)
		}
	}
}

// recallStep decides a step by what the ledger remembers of it on this very actor.
func (b *builder) recallStep(s *StepChange, entry *Entry, actorID string) {
	memo := entry.Step(s.Address, actorID)
	switch {
	case memo == nil && entry != nil && entry.Fresh:
		s.run("it was never made on this actor")
	case memo == nil:
		s.unknown("the actor was there before riveter, and nobody knows whether this was done")
	case memo.Status == StepStarted:
		s.unknown("it was started on " + memo.At.UTC().Format("2006-01-02 15:04:05 UTC") + " and never finished")
	case memo.Status == StepFailed:
		s.Before, _ = memo.Args.decoded()
		s.run("it failed the last time")
	default:
		b.compareStep(s, memo)
	}
}

// compareStep decides a step that was done once by whether its arguments are still the same.
func (b *builder) compareStep(s *StepChange, memo *StepMemo) {
	s.Before, _ = memo.Args.decoded()
	s.DoneDigest = memo.Args.Digest
	s.Decision = DecisionDone
	onChange := s.Desired.Settings.Policy == RunOnChange
	if !IsKnown(s.Desired.Args) {
		if onChange {
			s.run("if its arguments, known after apply, have changed")
			s.IfChanged = true
		}
		return
	}
	now, err := RememberCall(b.Recalled.DigestKey, s.Desired.Call, s.Desired.Args)
	if err != nil || now.Equal(memo.Args) {
		return
	}
	if onChange {
		s.run("its arguments changed")
		return
	}
	s.Reason = "the arguments changed since; it runs once"
}

func (b *builder) selects(patterns []Pattern, s *StepChange) bool {
	if len(patterns) == 0 {
		return false
	}
	address := s.Address.String()
	i := slices.IndexFunc(patterns, func(p Pattern) bool { return p.MatchString(address) })
	if i >= 0 {
		b.used[patterns[i].String()] = true
	}
	return i >= 0
}

func (s *StepChange) run(reason string) { s.Decision, s.Reason = DecisionRun, reason }

// unknown leaves the decision to the step's on_unknown.
func (s *StepChange) unknown(reason string) {
	s.Reason = reason
	switch s.Desired.Settings.OnUnknown {
	case UnknownRun:
		s.Decision = DecisionRun
	case UnknownSkip:
		s.Decision = DecisionSkip
	default:
		s.Decision = DecisionUnknown
	}
}
