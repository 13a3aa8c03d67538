package operate

import (
	"context"
	"fmt"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// ApplyOptions say how a plan is carried out.
type ApplyOptions struct {
	Parallelism int             // actors at a time; zero adapts to what the server takes
	KeepFailed  bool            // leave actors that were created and do not start
	Stop        <-chan struct{} // when closed, nothing more is started and running calls finish; may be nil
}

// Applied is what became of a plan, with its document.
type Applied struct {
	Report   *plan.Report
	Document *view.Document
}

// Ready reports what would keep a plan from being carried out as soon as something of it is to be recorded. It is asked before somebody approves
// the plan.
func (s *Session) Ready(p *Planned) hcl2.Diagnostics {
	summary := p.Plan.Summary()
	summary.Checks = 0 // of which nothing is recorded
	if !summary.HasWork() {
		return nil
	}
	if err := s.ledger.Ready(); err != nil {
		return At(s.config.Settings().Ledger.Range, "Ledger cannot be written", err).Diagnostics
	}
	return nil
}

// Apply carries out a plan that Plan has made without errors, and that somebody has approved. Where it returns no report,
// nothing was done. Everything that failed is among the diagnostics.
func (s *Session) Apply(ctx context.Context, p *Planned, o ApplyOptions) (*Applied, hcl2.Diagnostics) {
	if diags := p.Undecided(); diags.HasErrors() {
		return nil, diags
	}
	if summary := p.Plan.Summary(); summary.Calls+summary.Always+summary.Conditional > 0 {
		if err := s.server.Prepare(ctx); err != nil {
			return nil, Diagnose(err)
		}
	}
	if err := s.conceal(); err != nil {
		return nil, Diagnose(err)
	}
	applied, diags := s.run(ctx, p, o)
	applied.Document.Transition = p.Document.Transition
	s.describe(applied.Document, diags)
	return applied, diags
}

// run carries out a plan for which everything is ready.
func (s *Session) run(ctx context.Context, of *Planned, o ApplyOptions) (*Applied, hcl2.Diagnostics) {
	p := of.Plan
	if of.stale != nil {
		p = of.stale.rest(p)
	}
	s.watcher.Begin(p)
	memory, at := s.memory(), s.now().UTC().Truncate(time.Millisecond)
	s.evaluation.Begin(at)
	report := apply.Run(ctx, p, apply.Options{
		Executor:    founder{s.server, s, memory},
		Resolver:    &resolver{s.evaluation, s.secrets},
		Ledger:      memory,
		DigestKey:   s.recalled.DigestKey,
		Parallelism: o.Parallelism,
		KeepFailed:  o.KeepFailed,
		At:          at,
		Stop:        o.Stop,
		Lost:        s.ledger.Lost(),
		Redact:      s.secrets.Redact,
		OnEvent:     s.watcher.Event,
	})
	if of.stale != nil {
		of.stale.complete(of.Plan, report)
	}
	diags := distinct(append(s.failures(report), s.conclude(ctx, report)...))
	return &Applied{report, view.DescribeReport(report)}, diags
}

// conclude completes a report with what holds now.
func (s *Session) conclude(ctx context.Context, report *plan.Report) (diags hcl2.Diagnostics) {
	report.Checks = report.Plan.Checks
	if report.Plan.Mode == plan.ModeApply {
		s.evaluation.End()
		if ctx.Err() == nil { // nobody wants the run to end at once
			diags = s.lookAtRest(ctx, report)
		}
		s.evaluation.ConcealAgain()
		outputs, wrong := s.outputs()
		checks, broken := s.checks(plan.ModeApply)
		report.Outputs, report.Checks = outputs, checks
		diags = slices.Concat(diags, s.evaluation.Validate(), wrong, broken, s.farewells(report.Plan))
	}
	return diags
}

// farewells warns of what is to be made before actors are destroyed of what this run alone knows, once of a block.
func (s *Session) farewells(p *plan.Plan) (diags hcl2.Diagnostics) {
	if s.ledger.Seals() {
		return nil
	}
	said := map[hcl2.Range]bool{}
	for _, c := range p.Changes {
		for _, step := range plan.StepsOf(c) {
			place := step.Desired.Settings.Range
			if !step.IsFarewell() || step.Desired.Making == nil || step.Desired.Unkept() != nil || said[place] {
				continue
			}
			now, wrong := s.evaluation.ResolveStep(step.Address)
			if wrong.HasErrors() {
				continue // as what it is made of has failed
			}
			if err := now.WillLack(); err != nil {
				diags = append(diags, &hcl2.Diagnostic{
					Severity: hcl2.DiagWarning, Summary: "Result is not known", Detail: fmt.Sprintf("%s %s.", step.Address, err), Subject: &place,
				})
				said[place] = true
			}
		}
	}
	return diags
}

// lookAtRest looks at the data blocks that no actor needed, where what they depend on is done.
func (s *Session) lookAtRest(ctx context.Context, report *plan.Report) hcl2.Diagnostics {
	undone := map[address.Address]bool{}
	for i, c := range report.Plan.Changes {
		if report.Changes[i].Outcome != plan.OutcomeDone {
			undone[c.Head().Address] = true
		}
	}
	diags, err := s.evaluation.LookAtRest(ctx, func(a address.Address) bool { return !undone[a] })
	if err != nil {
		diags = append(diags, s.refuse(err)...)
	}
	return diags
}
