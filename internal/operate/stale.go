package operate

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/internal/planfile"
	"riveter/plan"
	"riveter/plan/transition"
	"riveter/plan/view"
)

// stale is what of a saved plan is not any more as it was presumed.
type stale struct {
	changes map[int]bool // of the plan that was made again, with what depends on them
	reasons []string     // one for each address, sorted
}

// problems says what of a saved plan is stale: a warning where that is skipped; nothing where nothing is.
func (s *stale) problems(skip bool) hcl2.Diagnostics {
	const most = 50
	if len(s.reasons) == 0 {
		return nil
	}
	list := s.reasons
	more := ""
	if n := len(list) - most; n > 0 {
		list, more = list[:most], fmt.Sprintf("\n  … and %d more", n)
	}
	text := "\n\n  " + strings.Join(list, "\n  ") + more
	if !skip {
		return Problemf(view.StalePlan, "%s", "Since it was made, this has changed, so nothing was applied. Plan again, or say -stale=skip to apply the rest."+text).Diagnostics
	}
	diags := Problemf(view.StalePlan, "%s", "Since it was made, this has changed. It is left out, with what depends on it."+text).Diagnostics
	diags[0].Severity = hcl2.DiagWarning
	return diags
}

// stale compares a plan that was made again with what the saved one presumed.
func (s *Session) stale(p *plan.Plan, f *planfile.File) (*stale, error) {
	recalled := *s.recalled
	if f.Ledger.Serial == 0 {
		recalled.Serial = 0 // what was presumed before there was a key has none in it
	}
	now, err := transition.Presume(p, &recalled)
	if err != nil {
		return nil, err
	}
	before := map[string]planfile.Presumption{}
	for _, presumed := range f.Presumed {
		before[identify(presumed)] = presumed
	}
	found := &stale{changes: map[int]bool{}}
	for i, presumption := range now {
		is := planfile.Presumption(presumption)
		was, known := before[identify(is)]
		delete(before, identify(is))
		if reason := changed(was, is, known); reason != "" {
			found.changes[i] = true
			found.reasons = append(found.reasons, is.Address+": "+reason)
		}
	}
	for _, presumed := range before {
		found.reasons = append(found.reasons, presumed.Address+": there is nothing to be done about it any more")
	}
	slices.Sort(found.reasons)
	found.spread(p)
	return found, nil
}

// identify tells changes apart: what had an address before is not what has it now.
func identify(p planfile.Presumption) string {
	return fmt.Sprintf("%s %s %q", p.Address, p.Name, p.Key)
}

// changed says why a presumption does not hold any more, or nothing.
func changed(was, is planfile.Presumption, known bool) string {
	switch {
	case !known:
		return "the plan does not have it"
	case was.ActorID != is.ActorID && is.ActorID == "":
		return "the actor " + was.ActorID + " does not exist any more"
	case was.ActorID != is.ActorID && was.ActorID == "":
		return "it exists now, as the actor " + is.ActorID
	case was.ActorID != is.ActorID:
		return "the actor " + was.ActorID + " was destroyed, and made anew as " + is.ActorID
	case was.Entry != is.Entry:
		return "the ledger remembers something else of it"
	case was.Digest != is.Digest || !was.CreatedAt.Equal(is.CreatedAt):
		return "what would be done about it is something else now"
	default:
		return ""
	}
}

// spread adds what depends on what is stale.
func (s *stale) spread(p *plan.Plan) {
	gone := map[plan.Change]bool{}
	for i := range s.changes {
		gone[p.Changes[i]] = true
	}
	isBehind := p.Behind(func(c plan.Change) bool { return gone[c] })
	for i, c := range p.Changes {
		if slices.ContainsFunc(c.Head().DependsOn, isBehind) {
			s.changes[i] = true
		}
	}
}

// rest is the plan without what is stale.
func (s *stale) rest(p *plan.Plan) *plan.Plan {
	rest := *p
	rest.Changes = nil
	for i, c := range p.Changes {
		if !s.changes[i] {
			rest.Changes = append(rest.Changes, c)
		}
	}
	return &rest
}

// complete adds to the report of the rest that what is stale was not started.
func (s *stale) complete(p *plan.Plan, r *plan.Report) {
	results := make([]plan.ChangeResult, 0, len(p.Changes))
	rest := r.Changes
	for i, c := range p.Changes {
		if s.changes[i] {
			results = append(results, apply.NotStarted(c))
			continue
		}
		results, rest = append(results, rest[0]), rest[1:]
	}
	r.Plan, r.Changes = p, results
}
