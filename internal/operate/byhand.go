package operate

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/address"
)

// Remembered returns what the ledger remembers of the actors of the session's environment whose last address one of the patterns
// selects, or of all where there is none, sorted by it.
func (s *Session) Remembered(patterns []address.Pattern) []*plan.Entry {
	patterns = s.understood(plan.Orders{Target: patterns}).Target
	var entries []*plan.Entry
	for _, e := range s.recalled.Actors {
		if len(patterns) == 0 || address.Selecting(patterns, e.Address.String) != nil {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b *plan.Entry) int { return a.Address.Compare(b.Address) })
	return entries
}

// Own returns those of the entries that are this project's with the prefix of its keys or, without a prefix, nobody's in particular, and the others.
func (s *Session) Own(entries []*plan.Entry) (own, others []*plan.Entry) {
	owner := plan.Owner(s.config.Project(), s.config.keyPrefix)
	for _, e := range entries {
		if e.Project == owner || e.Project == "" && len(s.config.keyPrefix) == 0 {
			own = append(own, e)
		} else {
			others = append(others, e)
		}
	}
	return own, others
}

// Forget makes the ledger forget actors, and returns the path of the backup that it made of a local ledger before. The actors
// themselves stay as they are.
func (s *Session) Forget(entries []*plan.Entry) (backup string, err error) {
	if backup, err = s.ledger.Backup(); err != nil {
		return "", err
	}
	for _, e := range entries {
		if err := s.memory().Forget(e.Identity()); err != nil {
			return backup, err
		}
	}
	return backup, nil
}

// StepMove says how steps of an actor that are remembered are to be called from now on, as [address.StepAddress.Relative] spells them.
type StepMove struct {
	Entry *plan.Entry
	To    map[string]string // by the old name
}

// Moves returns what it takes to call a step something else. Both addresses are those of a step of one actor, or within any
// actor, as action.welcome; without an instance key they are about all rounds of a step that is repeated. A name that is
// remembered already is refused, as is one of another kind.
func (s *Session) Moves(from, to string) ([]StepMove, error) {
	actor, old, err := stepWithin(from)
	if err != nil {
		return nil, err
	}
	toActor, renamed, err := stepWithin(to)
	if err != nil {
		return nil, err
	}
	if actor != toActor || old.Kind != renamed.Kind {
		return nil, fmt.Errorf("%s and %s are to be steps of one kind, and of one actor", from, to)
	}
	own, _ := s.Own(s.Remembered(nil))
	var moves []StepMove
	for _, e := range own {
		if actor != "" && e.Address.String() != actor {
			continue
		}
		if names := renamings(e, old.Relative(), renamed.Relative()); len(names) > 0 {
			moves = append(moves, StepMove{e, names})
		}
	}
	return moves, cmp.Or(nothingTo(moves, from), collision(moves))
}

// stepWithin reads the address of a step. Actor is empty where it is that within any actor.
func stepWithin(text string) (actor string, step address.StepAddress, err error) {
	kind, _, _ := strings.Cut(text, ".")
	if address.IsStepKind(kind) {
		step, err = address.ParseStep("actor.any.any." + text)
		return "", step, err
	}
	step, err = address.ParseStep(text)
	return step.Actor.String(), step, err
}

// renamings are those of the steps of an entry that are called from, and of the rounds of such a step.
func renamings(e *plan.Entry, from, to string) map[string]string {
	names := map[string]string{}
	for _, name := range slices.AppendSeq(slices.Collect(maps.Keys(e.Steps)), maps.Keys(e.Withheld)) {
		if round, ok := strings.CutPrefix(name, from); ok && (round == "" || round[0] == '[') {
			names[name] = to + round
		}
	}
	return names
}

func nothingTo(moves []StepMove, from string) error {
	if len(moves) == 0 {
		return fmt.Errorf("no step %s is remembered", from)
	}
	return nil
}

// collision says which step would take the place of another one that stays.
func collision(moves []StepMove) error {
	for _, m := range moves {
		for _, name := range slices.Sorted(maps.Values(m.To)) {
			_, taken := m.Entry.Steps[name]
			if _, moves := m.To[name]; taken && !moves {
				return fmt.Errorf("%s.%s is remembered already", m.Entry.Address, name)
			}
		}
	}
	return nil
}

// MoveSteps makes the ledger remember steps under other names, and returns the path of the backup that it made of a local
// ledger before.
func (s *Session) MoveSteps(moves []StepMove) (backup string, err error) {
	if backup, err = s.ledger.Backup(); err != nil {
		return "", err
	}
	for _, m := range moves {
		err = errors.Join(err, s.memory().MoveSteps(m.Entry.Identity(), m.To))
	}
	return backup, err
}
