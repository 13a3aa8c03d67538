package plan

import (
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// renames returns what remembered steps are called now, by what they were called. Where something is remembered under the new
// name, nothing is renamed to it.
func (e *Entry) renames(moves []StepMove) map[string]string {
	if e == nil || len(moves) == 0 {
		return nil
	}
	renames := map[string]string{}
	for name := range e.Steps {
		if to := followMoves(moves, name); to != name && e.Steps[to] == nil {
			renames[name] = to
		}
	}
	return renames
}

// followMoves returns what a step is called after the moves, one after the other where they follow each other.
func followMoves(moves []StepMove, name string) string {
	for range moves { // a circle of moves ends where it began
		i := slices.IndexFunc(moves, func(m StepMove) bool { _, ok := m.rename(name); return ok })
		if i < 0 {
			break
		}
		name, _ = moves[i].rename(name)
	}
	return name
}

// rename returns what the move makes of the name of a step, as [address.StepAddress.Relative] spells it, and whether it is
// about that step.
func (m StepMove) rename(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, m.From.Relative())
	if !ok || rest != "" && (rest[0] != '[' || !m.From.Key.IsZero()) {
		return name, false
	}
	return m.To.Relative() + rest, true
}

// renamed returns the memory with its steps under the names that they have now.
func (e *Entry) renamed(moves []StepMove) *Entry {
	renames := e.renames(moves)
	if len(renames) == 0 {
		return e
	}
	again := *e
	again.Steps = make(map[string]*StepMemo, len(e.Steps))
	for name, memo := range e.Steps {
		if to, ok := renames[name]; ok {
			name = to
		}
		again.Steps[name] = memo
	}
	return &again
}

// noteFormer notes what is remembered of steps that are called something else now, or are not declared any more.
func (b *builder) noteFormer(c *ActorChange, entry *Entry) {
	if c.Action != ActionNoOp || entry == nil {
		return
	}
	c.RenamedSteps = b.Recalled.Actors[entry.Identity()].Of(c.ActorID).renames(c.Desired.StepMoves)
	declared, remembered := make(map[string]*StepChange, len(c.Steps)), 0
	for _, s := range c.Steps {
		name := s.Address.Relative()
		declared[name] = s
		if entry.Steps[name] != nil {
			remembered++
		}
	}
	if remembered == len(entry.Steps) && len(c.RenamedSteps) == 0 {
		return
	}
	for from, to := range c.RenamedSteps {
		if s := declared[to]; s != nil {
			s.Previously = from
		}
	}
	for _, name := range slices.Sorted(maps.Keys(entry.Steps)) {
		if memo := entry.Steps[name]; declared[name] == nil && memo.ActorID == c.ActorID && memo.Status != StepFailed {
			c.FormerSteps = append(c.FormerSteps, name)
		}
	}
	for _, name := range c.FormerSteps {
		b.askWhetherRenamed(c, entry, name)
	}
}

// askWhetherRenamed looks for a step that would be made for the first time, and that would send the same as one which is not
// declared any more.
func (b *builder) askWhetherRenamed(c *ActorChange, entry *Entry, name string) {
	memo := entry.Steps[name]
	for _, s := range c.Steps {
		isNew := s.Desired.Call() != nil && entry.Step(s.Address, c.ActorID) == nil && s.isDue() && strings.HasPrefix(name, string(s.Address.Kind)+".")
		if !isNew || memo.Status != StepDone || !s.Desired.IsKnown() {
			continue
		}
		now, err := s.Desired.Remember(b.Recalled.DigestKey)
		if err != nil || !now.Equal(memo.Args) {
			continue
		}
		from, to := withoutSameKey(name, s.Address.Relative())
		b.ask(c, s, from, to)
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

// ask asks once for all instances of a block.
func (b *builder) ask(c *ActorChange, s *StepChange, from, to string) {
	block := c.Address.Block()
	block.Module = "" // a moved block is in the module of what it is about
	question := block.String() + "." + from + " " + to
	if b.asked[question] {
		return
	}
	b.asked[question] = true
	b.report(hcl2.DiagWarning, s.Desired.Settings.Range.Ptr(), "Was this step renamed?",
		"%s would be made, though %s, which is not declared any more, sent the same to this actor already. If it is only called something else now, "+
			"write this beside the block of the actor, and it is not made again:\n\n  moved {\n    from = %s.%s\n    to   = %s.%s\n  }",
		s.Address, from, block, from, block, to)
}
