package instances

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan/address"
	"riveter/plan/value"
)

// withResults returns variables with the results of the steps that a scope names: by label, and by kind and label.
func (i *Instance) withResults(variables map[string]cty.Value, g *declare.Scope) map[string]cty.Value {
	steps := g.Results()
	variables = With(variables, "step", i.stepResults(steps))
	for _, kind := range g.StepKinds() {
		of := slices.DeleteFunc(slices.Clone(steps), func(s *declare.Step) bool { return s.Kind != kind })
		variables[string(kind)] = i.stepResults(of)
	}
	return variables
}

// stepResults returns the results of steps by label, as far as they are known. Those of a repeated step are in an object
// by key.
func (i *Instance) stepResults(steps []*declare.Step) cty.Value {
	if i.Actor().Open {
		return cty.DynamicVal
	}
	secret := i.secretSteps()
	results := map[string]cty.Value{}
	for _, s := range steps {
		_, isThere := results[s.Label]
		switch at := i.Desired.Address.Step(s.Kind, s.Label, address.InstanceKey{}); {
		case isThere || !s.HasResult():
		case s.Repetition.Repeats():
			results[s.Label] = i.roundResults(s)
		default:
			results[s.Label] = i.stepResult(at, secret[at])
		}
	}
	return cty.ObjectVal(results)
}

// secretSteps are the steps of which the result is a secret.
func (i *Instance) secretSteps() map[address.StepAddress]bool {
	secret := map[address.StepAddress]bool{}
	for _, s := range i.Desired.Steps {
		if s.Settings.Sensitive {
			secret[s.Address] = true
		}
	}
	return secret
}

// roundResults returns the results of all rounds of a step.
func (i *Instance) roundResults(s *declare.Step) cty.Value {
	results := map[string]cty.Value{}
	for _, d := range i.Desired.Steps {
		if d.Address.Label == s.Label && d.Deferred {
			return value.WithSources(cty.DynamicVal, value.Sources(d.Lost), true)
		}
		if d.Address.Label == s.Label {
			results[indexText(d.Address.Key)] = i.stepResult(d.Address, d.Settings.Sensitive)
		}
	}
	return cty.ObjectVal(results)
}

// stepResult is what there is to say of the result of a step, which may be yet to come.
func (i *Instance) stepResult(at address.StepAddress, secret bool) cty.Value {
	result := i.Results[at.Relative()]
	switch {
	case result != cty.NilVal:
	case secret:
		result = cty.DynamicVal.Mark(value.Sensitive)
	default:
		result = cty.DynamicVal
	}
	return cty.ObjectVal(map[string]cty.Value{"output": result})
}
