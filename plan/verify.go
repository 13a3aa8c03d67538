package plan

// verifyAll plans to look at every fact of every declared actor.
func (b *builder) verifyAll() []Change {
	changes := make([]Change, len(b.Desired))
	for i, d := range b.Desired {
		c := b.newChange(d, &b.Observed[i])
		c.Action, c.Input = ActionNoOp, InputChange{}
		c.DependsOn = nil // what is so of one actor says nothing of another
		changes[i] = c
		if c.ActorID == "" {
			b.errorf(d, "Actor does not exist", "There is no %s, so nothing can be said of %s. Apply the configuration first.", describeKey(c.Name, c.Key), c.Address)
			continue
		}
		c.Steps = facts(d)
		b.diags = append(b.diags, d.Broken()...)
	}
	return changes
}

// facts returns the steps that are about facts. Those that do not hold now are looked at again, since an expectation has
// its time.
func facts(d *Desired) []*StepChange {
	var steps []*StepChange
	for _, desired := range d.Steps {
		fact := desired.Fact()
		if fact == nil {
			continue
		}
		s := &StepChange{Address: desired.Address, Desired: desired, Decision: DecisionDone}
		if holds := fact.Holds(); !holds.IsKnown() || holds.False() {
			s.run("it does not hold now")
		}
		steps = append(steps, s)
	}
	return steps
}
