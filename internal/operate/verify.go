package operate

import (
	"context"
	"errors"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
)

// VerifyOptions say what is verified, and how.
type VerifyOptions struct {
	ApplyOptions
	Orders plan.Orders // of which those say something that select
}

// Verified is what became of looking at live actors.
type Verified struct {
	*Applied
	Drifted  bool             // something is not as it is declared
	Unclear  bool             // something could not be looked at
	Problems hcl2.Diagnostics // of looking, that are about no actor or fact
}

// Verify looks whether everything that the configuration says of live actors is so. It sends nothing but reads. It returns
// nil where it cannot tell. What does not hold is among the diagnostics, with what could not be looked at.
func (s *Session) Verify(ctx context.Context, o VerifyOptions) (*Verified, hcl2.Diagnostics) {
	p, diags := s.Plan(ctx, PlanOptions{Mode: plan.ModeVerify, Orders: o.Orders})
	if p == nil {
		return nil, diags
	}
	v := &Verified{Unclear: diags.HasErrors(), Problems: diags}
	var more hcl2.Diagnostics
	v.Applied, more = s.run(ctx, p, o.ApplyOptions)
	diags = append(diags, more...)
	for _, r := range v.Report.Changes {
		v.note(r.Result)
		for _, step := range r.Steps {
			v.note(step)
		}
	}
	for _, c := range v.Report.Checks {
		broken := c.Broken(hcl2.DiagError)
		v.Drifted = v.Drifted || broken.HasErrors()
		diags = append(diags, broken...)
	}
	diags = distinct(diags) // as what is wrong with a plan is wrong with its facts, too
	s.describe(v.Document, diags)
	return v, diags
}

// note notes what the result of a change or step says. That of a change without an error of its own is that of its steps.
func (v *Verified) note(r plan.Result) {
	switch {
	case errors.Is(r.Err, plan.ErrDrift):
		v.Drifted = true
	case r.Err != nil || r.Outcome == plan.OutcomeNotStarted:
		v.Unclear = true
	}
}
