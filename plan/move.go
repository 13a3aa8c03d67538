package plan

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// StepMove says that a step of an actor was called otherwise before. Both addresses leave out the actor; one without a key
// means all instances of a step.
type StepMove struct {
	From, To address.StepAddress
	Range    hcl2.Range
}

// Renames returns what remembered steps are called now, by what they were called. Where something is remembered under the new
// name, nothing is renamed to it. Of several that would have one name, what was made comes before what was
// not, and then that from which the fewest moves lead there; the others stay what they were.
func (e *Entry) Renames(moves []StepMove) map[string]string {
	if e == nil || len(moves) == 0 {
		return nil
	}
	type heir struct {
		from, to string
		far      int
	}
	var heirs []heir
	inherit := func(names iter.Seq[string], isTaken func(to string) bool) {
		first := len(heirs)
		for name := range names {
			if to, far := followMoves(moves, name); to != name && !isTaken(to) {
				heirs = append(heirs, heir{name, to, far})
			}
		}
		slices.SortFunc(heirs[first:], func(a, b heir) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.from, b.from)) })
	}
	inherit(maps.Keys(e.Steps), func(to string) bool { return e.Steps[to] != nil })
	inherit(maps.Keys(e.Withheld), func(to string) bool { return e.Steps[to] != nil || e.Withheld[to] != "" })
	renames, taken := map[string]string{}, map[string]bool{}
	for _, h := range heirs {
		if !taken[h.to] {
			renames[h.from], taken[h.to] = h.to, true
		}
	}
	return renames
}

// Renamed returns what is remembered of steps under the names that they have now, given those that have others.
func Renamed[Memory any](steps map[string]Memory, renames map[string]string) map[string]Memory {
	again := make(map[string]Memory, len(steps))
	for name, memory := range steps {
		if _, isRenamed := renames[name]; !isRenamed {
			again[name] = memory
		}
	}
	for from, to := range renames {
		if memory, ok := steps[from]; ok {
			again[to] = memory
		}
	}
	return again
}

// followMoves returns what a step is called after the moves, one after the other where they follow each other, and how many do.
func followMoves(moves []StepMove, name string) (to string, far int) {
	for range moves { // a circle of moves ends where it began
		i := slices.IndexFunc(moves, func(m StepMove) bool { _, ok := m.rename(name); return ok })
		if i < 0 {
			break
		}
		name, _ = moves[i].rename(name)
		far++
	}
	return name, far
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
	renames := e.Renames(moves)
	if len(renames) == 0 {
		return e
	}
	again := *e
	again.Steps, again.Withheld = Renamed(e.Steps, renames), Renamed(e.Withheld, renames)
	return &again
}

// Removal says that an actor is no longer declared: one that was declared at an address, or the one with a name and a key. An
// address means what it covers ([address.Address.Covers]).
type Removal struct {
	From    address.Address
	Name    string // registered name of the actor; empty where From says which it is
	Key     []string
	Destroy bool // and is to be destroyed, not only forgotten
	Range   hcl2.Range
}

// Concerns reports whether the removal is of what is remembered.
func (r Removal) Concerns(e *Entry) bool {
	if r.Name != "" {
		return IdentityOf(r.Name, r.Key) == e.Identity()
	}
	return r.From.Covers(e.Address)
}
