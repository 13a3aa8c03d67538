package decide

import "riveter/plan"

// ensure decides a step by whether its fact holds. Where it is due, it changes its own fact.
func (d *decider) ensure(s *plan.StepChange, e *plan.Ensure) {
	holds := e.Holds()
	if memo := d.memo(s.Address); memo != nil {
		d.remember(s, memo)
		if isStarted(memo) {
			s.DoneOutput = memo.Unseen()
		}
	}
	switch {
	case d.isUnkept(e):
		d.unkept(s)
	case d.actorID == "":
		runIf(s, "if it differs after creation")
	case !holds.IsKnown() && d.unread():
		skip(s, plan.ReasonUnread)
	case !holds.IsKnown():
		runIf(s, "if it differs, which is known after apply")
	case holds.True() && (d.isDue() || d.repeated):
		runIf(s, "if it differs after the steps before it")
		s.AfterAlways = !d.isDue()
	case holds.True():
		s.Decision = plan.DecisionDone
		s.Looked = d.newLook(s)
	case d.called || d.repeated:
		runIf(s, "if it still differs after the steps before it")
	default:
		run(s, "it differs")
	}
	d.needsResults(s)
	d.ensured = d.ensured || s.IsDue()
}

// expect decides whether apply is to look at an expectation.
func (d *decider) expect(s *plan.StepChange, e *plan.Expect) {
	holds := e.Holds()
	switch {
	case d.isUnkept(e):
		d.unkept(s)
	case d.actorID == "" || d.isDue():
		run(s, plan.ReasonInTurn)
	case !holds.IsKnown() && d.unread():
		skip(s, plan.ReasonUnread)
	case !holds.IsKnown():
		run(s, "known after apply")
	case holds.True() && d.repeated:
		run(s, plan.ReasonInTurn)
		s.AfterAlways = true
	case holds.True():
		s.Decision = plan.DecisionDone
		s.Looked = d.newLook(s)
	default:
		run(s, "it does not hold now")
	}
	d.needsResults(s)
}

// unread reports whether live values are unknown because nobody asked for them.
func (d *decider) unread() bool { return d.Orders.NoRefresh && !d.isDue() }
