package operate

import (
	"slices"

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

// Own returns those of the entries that are this project's, or nobody's in particular, and the others.
func (s *Session) Own(entries []*plan.Entry) (own, others []*plan.Entry) {
	for _, e := range entries {
		if e.Project == "" || e.Project == plan.Owner(s.config.Project(), s.config.keyPrefix) {
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
