package view

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"

	"riveter/plan"
	"riveter/plan/address"
)

// Changes are what a plan has decided for everything, and how that ended in a report, in the order of the addresses. Most actors of a
// plan of many stay as they are, with nothing to say of them: each of these is described when somebody asks for all, and not kept.
type Changes struct {
	// Told are those that are described. Of a document that was read, they are all.
	Told []Change

	all      []plan.Change
	results  []plan.ChangeResult // one for each of all; nil in a plan
	places   []int               // of those that are told among all
	complete func(*Change)       // is done to each that is described; may be nil
}

// describeChanges describes what there is to say of changes, in a report with their results.
func describeChanges(mode plan.Mode, all []plan.Change, results []plan.ChangeResult) Changes {
	c := Changes{Told: []Change{}, all: all, results: results}
	for i := range all {
		if mode == plan.ModeVerify || !c.isIdle(i) { // who verifies wants to know of everything
			c.Told, c.places = append(c.Told, c.describe(i)), append(c.places, i)
		}
	}
	return c
}

func (c *Changes) describe(i int) Change {
	change := describeChange(c.all[i])
	if c.results != nil {
		change.add(c.all[i], c.results[i])
	}
	return change
}

// isIdle reports whether a change is of an actor that stays as it is, and there is nothing to say of it: see [Change.quiet].
func (c *Changes) isIdle(i int) bool {
	actor, ok := c.all[i].(*plan.ActorChange)
	if !ok || !isIdle(actor) {
		return false
	}
	return c.results == nil || isIdleResult(&c.results[i])
}

func isIdle(c *plan.ActorChange) bool {
	return c.Action == plan.ActionNoOp && c.Reason == "" && !c.Input.Differs && c.PreviousAddress == (address.Address{}) && len(c.FormerSteps)+len(c.FormerDoubts) == 0 &&
		!slices.ContainsFunc(c.Steps, func(s *plan.StepChange) bool { return !isIdleStep(s) })
}

func isIdleStep(s *plan.StepChange) bool {
	isDone := s.Decision == plan.DecisionDone && s.Reason == ""
	isLeft := s.Decision == plan.DecisionSkip && s.Reason != plan.ReasonUnread // which the closing line counts
	return (isDone || isLeft) && !s.MarkDone && s.Previously == ""
}

func isIdleResult(r *plan.ChangeResult) bool {
	isDone := func(r plan.Result) bool {
		return r.Outcome == plan.OutcomeDone && r.Err == nil && r.Accepted == "" && r.Made == 0
	}
	return isDone(r.Result) && r.Became == "" && !slices.ContainsFunc(r.Steps, func(r plan.Result) bool { return !isDone(r) })
}

// Len is how many there are, told or not.
func (c *Changes) Len() int { return len(c.Told) + c.idle() }

// idle is how many actors are not told of.
func (c *Changes) idle() int { return len(c.all) - len(c.places) }

// Complete does something to every change, also to those that are described later.
func (c *Changes) Complete(do func(*Change)) {
	for i := range c.Told {
		do(&c.Told[i])
	}
	c.complete = do
}

// All returns every change. Those that are not told are described while they are asked for.
func (c *Changes) All() iter.Seq[*Change] {
	return func(yield func(*Change) bool) {
		told := 0
		for i := range c.all {
			if told < len(c.places) && c.places[told] == i {
				told++
				if !yield(&c.Told[told-1]) {
					return
				}
				continue
			}
			change := c.describe(i)
			if c.complete != nil {
				c.complete(&change)
			}
			if !yield(&change) {
				return
			}
		}
		for i := told; i < len(c.Told); i++ {
			if !yield(&c.Told[i]) {
				return
			}
		}
	}
}

// MarshalJSON writes all changes.
func (c Changes) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('[')
	for change := range c.All() {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		if err := enc.Encode(change); err != nil {
			return nil, err
		}
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}

// UnmarshalJSON reads all changes, as told.
func (c *Changes) UnmarshalJSON(data []byte) error {
	*c = Changes{}
	return json.Unmarshal(data, &c.Told)
}
