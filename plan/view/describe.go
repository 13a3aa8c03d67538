package view

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Describe returns the document of a plan.
func Describe(p *plan.Plan) *Document { return describe(p, nil) }

// describe describes a plan, with what became of its changes where that is given.
func describe(p *plan.Plan, results []plan.ChangeResult) *Document {
	d := &Document{
		FormatVersion: FormatVersion,
		Mode:          p.Mode,
		Target:        Target(p.Target),
		Changes:       describeChanges(p.Mode, p.Changes, results),
		Outputs:       DescribeOutputs(p.Outputs),
		Checks:        describeChecks(p.Checks),
		Diagnostics:   []*Diagnostic{},
		Summary:       Summary(p.Summary()),
		Observed:      describeStats(p.Observed),
	}
	if p.Ledger.Lineage != "" {
		d.Ledger = &Ledger{p.Ledger.Lineage, p.Ledger.Serial}
	}
	for _, l := range p.Lookups {
		d.Lookups = append(d.Lookups, Lookup{l.Address.String(), l.Address.Name, l.Key, l.Reason(), address.Spelled(l.DependsOn)})
	}
	return d
}

// DescribeReport returns the document of a plan with what became of it.
func DescribeReport(r *plan.Report) *Document {
	d := describe(r.Plan, r.Changes)
	d.Outputs, d.Checks = DescribeOutputs(r.Outputs), describeChecks(r.Checks)
	d.ElapsedMS, d.Interrupted = r.Elapsed.Milliseconds(), r.Interrupted
	d.Applied = tally(&d.Changes)
	return d
}

func describeStats(s plan.Stats) Observed {
	return Observed{
		Resolved: s.Resolved,
		Woken:    s.Woken,
		Reads:    s.Reads,
		Requests: s.Requests,
		Seconds:  s.Elapsed.Seconds(),
	}
}

func describeChange(c plan.Change) Change {
	head := c.Head()
	change := Change{
		Address:   head.Address.String(),
		Action:    head.Action,
		Reason:    head.Reason,
		Steps:     []Step{},
		DependsOn: address.Spelled(head.DependsOn),
	}
	switch c := c.(type) {
	case *plan.ActorChange:
		change.describeActor(c)
	case *plan.NamespaceChange:
		change.Name, change.Input = c.Name, describeInput(namespaceInput(c))
	case *plan.PoolChange:
		change.Name, change.Input = c.Name, describeInput(plan.InputChange{Before: c.Before, After: c.After, Differs: c.Action == plan.ActionUpdate})
	}
	return change
}

func (change *Change) describeActor(c *plan.ActorChange) {
	change.Name, change.Key, change.ActorID = c.Name, c.Key, c.ActorID
	change.Input = describeInput(c.Input)
	if c.PreviousAddress != (address.Address{}) {
		change.PreviousAddress = c.PreviousAddress.String()
	}
	if !c.CreatedAt.IsZero() {
		change.CreatedAt = c.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	if d := c.Desired; d != nil && (c.Action == plan.ActionCreate || c.Action == plan.ActionReplace) {
		change.Settled = describeSettled(d.Settings)
	}
	change.FormerSteps, change.FormerDoubts = c.FormerSteps, c.FormerDoubts
	for _, s := range c.Steps {
		change.Steps = append(change.Steps, describeStep(s))
	}
}

func describeSettled(s *plan.Settings) *Settled {
	settled := Settled{Pool: s.Pool, Region: s.Region, CrashPolicy: s.CrashPolicy}
	if settled == (Settled{}) {
		return nil
	}
	return &settled
}

// namespaceInput says what a namespace is made of as an input does it for an actor. A display name that is but the name says nothing.
func namespaceInput(c *plan.NamespaceChange) plan.InputChange {
	named := func(display string) cty.Value {
		names := map[string]cty.Value{"name": cty.StringVal(c.Name)}
		if display != c.Name {
			names["display_name"] = cty.StringVal(display)
		}
		return cty.ObjectVal(names)
	}
	input := plan.InputChange{After: named(c.DisplayName)}
	if c.Before != "" {
		input.Before = named(c.Before)
	}
	return input
}

func describeInput(in plan.InputChange) Input {
	before, after := mask(in.Before), mask(in.After)
	return Input{
		Before:          before.value,
		After:           after.value,
		AfterUnknown:    after.unknown,
		Sensitive:       after.sensitive,
		BeforeSensitive: omitFalse(before.sensitive),
		Differs:         in.Differs,
	}
}

func describeStep(s *plan.StepChange) Step {
	to, payload := s.Desired.Sends()
	before, after := mask(s.Before), mask(payload)
	return Step{
		Address:         s.Address.String(),
		Kind:            s.Address.Kind,
		Decision:        s.Decision,
		Reason:          s.Reason,
		Policy:          cmp.Or(s.Desired.Policy(), plan.RunOnce), // which every step has in this format
		Call:            to,
		Before:          before.value,
		After:           after.value,
		AfterUnknown:    omitFalse(after.unknown),
		Sensitive:       omitFalse(after.sensitive),
		BeforeSensitive: omitFalse(before.sensitive),
		MarkDone:        s.MarkDone,
		Conditional:     s.Conditional,
		Fact:            describeFact(s.Desired.Fact()),
		Previously:      s.Previously,
	}
}

func describeFact(f plan.Fact) *Fact {
	if f == nil {
		return nil
	}
	seen, want := mask(f.Seen()), mask(f.Wanted())
	return &Fact{
		Seen: seen.value, SeenUnknown: omitFalse(seen.unknown), SeenSensitive: omitFalse(seen.sensitive),
		Want: want.value, WantUnknown: omitFalse(want.unknown), WantSensitive: omitFalse(want.sensitive),
	}
}

func describeChecks(checks []plan.Check) []Check {
	described := make([]Check, len(checks))
	for i, c := range checks {
		described[i] = Check{Address: c.Name, Status: "pass"}
		for _, a := range c.Assertions {
			switch {
			case a.Broken():
				described[i].Problems = append(described[i].Problems, a.Message)
			case !a.Holds.IsKnown():
				described[i].Status = "unknown"
			}
		}
		if len(described[i].Problems) > 0 {
			described[i].Status = "fail"
		}
	}
	return described
}

// DescribeOutputs describes outputs, without what is sensitive in them.
func DescribeOutputs(outputs map[string]plan.Output) map[string]Output {
	described := make(map[string]Output, len(outputs))
	for name, output := range outputs {
		val := output.Value
		if output.Sensitive {
			val = val.Mark(value.Sensitive)
		}
		m := mask(val)
		described[name] = Output{Value: m.value, Unknown: omitFalse(m.unknown), Sensitive: m.sensitive}
	}
	return described
}

// add completes the description of c with how it ended.
func (change *Change) add(c plan.Change, r plan.ChangeResult) {
	change.Result, change.Became = describeResult(r.Result), r.Became
	change.Destroyed = r.Destroyed && r.Outcome != plan.OutcomeDone
	if r.ActorID != "" || change.Destroyed {
		change.ActorID = r.ActorID
	}
	steps := plan.StepsOf(c)
	for i, result := range r.Steps {
		step := &change.Steps[i]
		step.Result, step.Unneeded, step.Accepted, step.Made = describeResult(result), result.Unneeded, result.Accepted, result.Made
		if result.Output == cty.NilVal {
			continue
		}
		output := result.Output
		if steps[i].Desired.Settings.Sensitive {
			output = output.Mark(value.Sensitive)
		}
		m := mask(output)
		step.Output, step.OutputSensitive = m.value, omitFalse(m.sensitive)
	}
}

func describeResult(r plan.Result) Result {
	result := Result{Outcome: r.Outcome, Cause: r.Cause, ElapsedMS: r.Elapsed.Milliseconds(), Drift: errors.Is(r.Err, plan.ErrDrift)}
	if r.Err != nil {
		result.Error = strings.ToValidUTF8(r.Err.Error(), "\ufffd") // as JSON has it
	}
	return result
}
