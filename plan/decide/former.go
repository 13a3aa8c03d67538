package decide

import (
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

// noteFormer notes what is remembered of steps that are called something else now, or are not declared any more.
func (b *builder) noteFormer(c *plan.ActorChange, entry *plan.Entry) {
	if c.Action != plan.ActionNoOp || entry == nil {
		return
	}
	c.RenamedSteps = b.Recalled.Actors[entry.Identity()].Of(c.ActorID).Renames(c.Desired.StepMoves)
	changes, remembered := make(map[string]*plan.StepChange, len(c.Steps)), 0
	for _, s := range c.Steps {
		name := s.Address.Relative()
		changes[name] = s
		if entry.Steps[name] != nil {
			remembered++
		}
	}
	if remembered == len(entry.Steps) && len(c.RenamedSteps) == 0 {
		return
	}
	for from, to := range c.RenamedSteps {
		if s := changes[to]; s != nil {
			s.Previously = from
		}
	}
	declared := declaredSteps(c.Desired)
	for _, name := range slices.Sorted(maps.Keys(entry.Steps)) {
		memo := entry.Steps[name]
		switch {
		case declared.has(name) || memo.ActorID != c.ActorID:
		case memo.Status == plan.StepDone:
			c.FormerSteps = append(c.FormerSteps, name)
		case memo.Status == plan.StepStarted:
			c.FormerDoubts = append(c.FormerDoubts, name)
		}
	}
	for _, name := range c.FormerSteps {
		b.askWhetherRenamed(c, entry, name)
	}
}

// askWhetherRenamed looks for a step that would be made for the first time, and that would send the same as one which is not
// declared any more.
func (b *builder) askWhetherRenamed(c *plan.ActorChange, entry *plan.Entry, name string) {
	memo := entry.Steps[name]
	for _, s := range c.Steps {
		isNew := s.Desired.Call() != nil && entry.Step(s.Address, c.ActorID) == nil && s.IsDue() && strings.HasPrefix(name, string(s.Address.Kind)+".")
		if !isNew || !s.Desired.IsKnown() {
			continue
		}
		now, err := s.Desired.Remember(b.Recalled.DigestKey)
		if err != nil || !now.Equal(memo.Args) {
			continue
		}
		b.ask(c, s, name, s.Address.Relative())
		return
	}
}

// withoutSameKey leaves out the instance key of two steps if it is the same.
func withoutSameKey(from, to string) (string, string) {
	i, j := strings.IndexByte(from, '['), strings.IndexByte(to, '[')
	if i >= 0 && j >= 0 && from[i:] == to[j:] {
		return from[:i], to[:j]
	}
	return from, to
}

// ask asks once for all instances of a block. Of one that is declared still, only an instance can have moved to another.
func (b *builder) ask(c *plan.ActorChange, s *plan.StepChange, from, to string) {
	block := c.Address.Block()
	block.Module = "" // a moved block is in the module of what it is about
	label, _, keyed := strings.Cut(from, "[")
	if !hasBlock(c.Desired, label) {
		from, to = withoutSameKey(from, to)
	} else if !keyed && label != strings.Split(to, "[")[0] {
		b.report(hcl2.DiagWarning, s.Desired.Settings.Range.Ptr(), "Was this step renamed?",
			"%s would be made, though %s, which has instances now, sent the same to this actor already. If it is only called something else now, "+
				"-mark-done='%[1]s' records that it was made, and it is not made again.", s.Address, from)
		return
	}
	question := block.String() + "." + from + " " + to
	if b.asked[question] != nil {
		return
	}
	b.report(hcl2.DiagWarning, s.Desired.Settings.Range.Ptr(), "Was this step renamed?",
		"%s would be made, though %s, which is not declared any more, sent the same to this actor already. If it is only called something else now, "+
			"write this beside the block of the actor, and it is not made again:\n\n  moved {\n    from = %s.%s\n    to   = %s.%s\n  }",
		s.Address, from, block, from, block, to)
	b.asked[question] = b.diags[len(b.diags)-1]
}

// hasBlock reports whether a step is declared, or an instance of it.
func hasBlock(d *plan.Desired, name string) bool {
	return slices.ContainsFunc(d.Steps, func(s *plan.Step) bool {
		block := s.Address
		block.Key = address.InstanceKey{}
		return block.Relative() == name
	})
}

// doubt is a call of which nobody knows whether it was made, and that is not declared any more.
type doubt struct {
	name string // within the actor
	memo *plan.StepMemo
}

// formerDoubts returns those of the actor that takes the calls, in order.
func formerDoubts(d *plan.Desired, entry *plan.Entry, actorID string) []doubt {
	if entry == nil {
		return nil
	}
	var doubts []doubt
	for name, memo := range entry.Steps {
		if memo.Status == plan.StepStarted && memo.ActorID == actorID {
			doubts = append(doubts, doubt{name, memo})
		}
	}
	if len(doubts) == 0 { // as mostly
		return nil
	}
	declared := declaredSteps(d)
	doubts = slices.DeleteFunc(doubts, func(d doubt) bool { return declared.has(d.name) })
	slices.SortFunc(doubts, func(a, b doubt) int { return strings.Compare(a.name, b.name) })
	return doubts
}

// stepNames are the names of steps within their actor, each with whether nobody knows yet how many instances it has.
type stepNames map[string]bool

func declaredSteps(d *plan.Desired) stepNames {
	names := make(stepNames, len(d.Steps))
	for _, s := range d.Steps {
		names[s.Address.Relative()] = s.Deferred
	}
	return names
}

// has reports whether a step has a name, or an instance of one may turn out to have it.
func (n stepNames) has(name string) bool {
	_, isDeclared := n[name]
	block, _, isInstance := strings.Cut(name, "[")
	return isDeclared || isInstance && n[block]
}

// renewsDoubt reports whether a step may be one in doubt that was called otherwise: it sends the same, or nobody knows what that
// sent. Then it is in doubt, too.
func (d *decider) renewsDoubt(s *plan.StepChange) bool {
	for _, former := range d.doubts {
		args := former.memo.Args
		isOfKind := strings.HasPrefix(former.name, string(s.Address.Kind)+".")
		if isOfKind && (!args.Tells() || s.Desired.IsComparable() && s.Desired.Is(args, d.Recalled.DigestKey)) {
			unknown(s, former.name+", which is not declared any more and may have been the same, "+startedOn(former.memo))
			return true
		}
	}
	return false
}
