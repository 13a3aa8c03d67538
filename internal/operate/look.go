package operate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Found is an actor that is declared, and exists.
type Found struct {
	*plan.Desired
	plan.Observed
}

// Find looks for the actor that is declared at an address. It wakes nobody.
func (s *Session) Find(ctx context.Context, at address.Address) (*Found, hcl2.Diagnostics) {
	diags := s.observe(ctx, s.against(PlanOptions{Mode: plan.ModeApply, Orders: plan.Orders{NoRefresh: true}}, nil))
	if diags.HasErrors() {
		return nil, diags
	}
	s.keepSecrets(s.evaluation.Desired())
	observed := s.evaluation.Observed()
	for i, d := range s.evaluation.Desired() {
		switch {
		case d.Address != at:
		case observed[i].Exists:
			return &Found{d, observed[i]}, diags
		case d.Key == nil && d.ID == "":
			if causes := s.evaluation.WhyKeyUnknown(at); causes.HasErrors() {
				return nil, append(diags, causes...)
			}
			return nil, append(diags, At(d.Settings.Range, "Key is not known", fmt.Errorf("%s depends on what only an apply makes", at)).Diagnostics...)
		default:
			return nil, append(diags, At(d.Settings.Range, "Actor does not exist", fmt.Errorf(`%s is declared, and does not exist. "riveter apply" creates it`, at)).Diagnostics...)
		}
	}
	return nil, append(diags, Problemf("No actor has this address", "%s", s.instead(at)).Diagnostics...)
}

// instead says why no actor has an address, and which addresses there are.
func (s *Session) instead(at address.Address) string {
	const most = 5
	if at.Kind != address.KindActor {
		return fmt.Sprintf(`%s is no actor that is declared here. "riveter console" shows what is known of it.`, at)
	}
	var others []string
	for _, d := range s.evaluation.Desired() {
		if d.Address.Block() == at.Block() {
			others = append(others, d.Address.String())
		}
	}
	if len(others) == 0 {
		return fmt.Sprintf("%s is not declared.", at)
	}
	list := "\n\n  " + strings.Join(others[:min(len(others), most)], "\n  ")
	if more := len(others) - most; more > 0 {
		list += fmt.Sprintf("\n  … and %d more", more)
	}
	return fmt.Sprintf("%s is not declared. Of this block there are:%s", at, list)
}

// unconnected says why nobody can connect to an actor.
func (s *Session) unconnected(f *Found) hcl2.Diagnostics {
	if value.IsKnown(f.Params) {
		return nil
	}
	if diags := s.evaluation.CheckParams(f.Address); diags.HasErrors() {
		return diags
	}
	return At(f.Settings.Range, "Connection parameters are not known", fmt.Errorf("the params of %s depend on what only an apply makes", f.Address)).Diagnostics
}

// State reads the live state of an actor, which wakes it.
func (s *Session) State(ctx context.Context, f *Found) (cty.Value, hcl2.Diagnostics) {
	if diags := s.unconnected(f); diags != nil {
		return cty.NilVal, diags
	}
	d := &plan.Desired{Address: f.Address, Params: f.Params, Settings: f.Settings, ReadState: true}
	live, err := s.server.Read(ctx, []plan.Read{{Desired: d, ActorID: f.ActorID, Asleep: f.Asleep}})
	switch {
	case err != nil:
		return cty.NilVal, s.refuse(err)
	case live[0].StateFault != "":
		return cty.NilVal, At(f.Settings.Range, "State cannot be read", errors.New(s.secrets.Redact(live[0].StateFault))).Diagnostics
	default:
		return live[0].State, nil
	}
}

// Call calls an action of an actor and returns what it answers. The ledger remembers nothing of it.
func (s *Session) Call(ctx context.Context, f *Found, action string, args []cty.Value) (cty.Value, hcl2.Diagnostics) {
	if diags := s.unconnected(f); diags != nil {
		return cty.NilVal, diags
	}
	if err := s.server.Prepare(ctx); err != nil {
		return cty.NilVal, Diagnose(err)
	}
	step := &plan.Step{
		Address: address.StepAddress{Actor: f.Address, Kind: address.StepAction, Label: action},
		Spec:    &plan.Action{Name: action, Args: cty.TupleVal(args)}, Settings: &plan.StepSettings{},
	}
	s.secrets.Add(step.Secrets()...)
	output, err := s.server.Call(ctx, f.ActorID, f.Desired, step, nil)
	if err != nil {
		summary := "Call failed"
		if errors.Is(err, apply.ErrInDoubt) {
			summary = "Outcome in doubt"
		}
		return cty.NilVal, hcl2.Diagnostics{diagnostic(hcl2.Range{}, summary, s.secrets.Redact(step.Address.String()+": "+s.server.Explain(err).Text))}
	}
	s.secrets.Add(value.Secrets(output)...)
	return output, nil
}

// Outputs evaluates the outputs as they are now, and reads what they are made of.
func (s *Session) Outputs(ctx context.Context) (map[string]plan.Output, hcl2.Diagnostics) {
	diags := s.observe(ctx, s.against(PlanOptions{Mode: plan.ModeApply}, nil))
	if diags.HasErrors() {
		return nil, diags
	}
	outputs, more := s.outputs()
	return outputs, append(diags, more...)
}
