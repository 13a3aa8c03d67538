package evaluate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

func (e *Evaluation) evaluateNamespace(n *declare.Namespace, s *instances.Module) hcl2.Diagnostics {
	f := e.frame(s, n.ExpansionScope)
	rounds, known, diags := f.Expand(n.Repetition, f.Ctx)
	for _, round := range rounds {
		desired, more := e.evaluateNamespaceRound(n, s, round)
		diags = append(diags, more...)
		if !known || s.IsOpen() || more.HasErrors() {
			continue
		}
		if i := slices.IndexFunc(e.namespaces, func(o *plan.DesiredNamespace) bool { return o.Name == desired.Name }); i >= 0 {
			diags = append(diags, syntax.Problem("Duplicate namespace", fmt.Sprintf("%s and %s both declare the namespace %q.",
				desired.Address, e.namespaces[i].Address, desired.Name), n.Range))
			continue
		}
		e.namespaces = append(e.namespaces, desired)
	}
	return diags
}

func (e *Evaluation) evaluateNamespaceRound(n *declare.Namespace, s *instances.Module, round instances.Round) (*plan.DesiredNamespace, hcl2.Diagnostics) {
	f := e.frame(s, n.BodyScope)
	ctx, _ := f.Instance(round.NamesIn(n.BodyScope))
	v := &instances.Reader{Frame: f, Ctx: ctx, Attributes: n.Attributes}
	desired := &plan.DesiredNamespace{
		Address: address.Address{Module: s.Path, Kind: address.KindNamespace, Label: n.Label, Key: round.Key},
		Name:    n.Label,
		Range:   n.Range,
	}
	n.Fill(desired, v)
	if !v.Diags.HasErrors() {
		checkNamespace(v, desired)
	}
	return desired, v.Diags
}

// namespaceName is what the engine takes as the name of a namespace, of which it takes no more than 64 bytes, and 128 of a display name.
var namespaceName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkNamespace says what the engine would refuse. A name that is not known while validating is that of the block until then.
func checkNamespace(e *instances.Reader, n *plan.DesiredNamespace) {
	written := e.Attributes["name"]
	isKnown := written == nil || !e.Frame.Lenient || n.Name != n.Address.Label
	if isKnown && (len(n.Name) > 64 || !namespaceName.MatchString(n.Name)) {
		detail := fmt.Sprintf("%q cannot be the name of a namespace: that is 1 to 64 lower-case letters and digits, with single dashes between them.", n.Name)
		if written != nil {
			e.Fail("name", "Invalid namespace name", detail)
		} else {
			e.Diags = append(e.Diags, syntax.Problem("Invalid namespace name", detail+` Give it one with the argument "name", or another label.`, n.Range))
		}
	}
	if len(n.DisplayName) > 128 || n.DisplayName != "" && strings.TrimSpace(n.DisplayName) == "" {
		e.Fail("display_name", "Invalid display name", "The display name of a namespace is 1 to 128 bytes long, and not only space.")
	}
}

// Namespaces returns the declared namespaces in the order of their addresses.
func (e *Evaluation) Namespaces() []*plan.DesiredNamespace {
	e.mu.Lock()
	defer e.mu.Unlock()
	return sortedByAddress(e.namespaces, func(n *plan.DesiredNamespace) address.Address { return n.Address })
}

func (e *Evaluation) evaluateRunnerConfig(c *declare.RunnerConfig, s *instances.Module) hcl2.Diagnostics {
	now, diags := expanded(e, s, c)
	f := e.frame(s, now.Scope)
	datacenters := map[string]cty.Value{}
	for _, d := range now.Datacenters {
		value, more := datacenter(f, d)
		datacenters[d.Name] = cty.ObjectVal(map[string]cty.Value{d.Variant: value})
		diags = append(diags, more...)
	}
	if !s.IsOpen() {
		e.runnerConfigs = append(e.runnerConfigs, &plan.DesiredRunnerConfig{
			Address:     address.Address{Module: s.Path, Kind: address.KindRunnerConfig, Label: c.Pool},
			Datacenters: cty.ObjectVal(datacenters),
			Range:       c.Range,
		})
	}
	return diags
}

// datacenter returns the settings of a datacenter as the management API has them.
func datacenter(f *instances.Frame, d *declare.Datacenter) (cty.Value, hcl2.Diagnostics) {
	if d.Variant != "serverless" {
		return cty.EmptyObjectVal, nil
	}
	settings := map[string]cty.Value{"headers": cty.MapValEmpty(cty.String), "min_runners": cty.Zero, "runners_margin": cty.Zero}
	var diags hcl2.Diagnostics
	for _, a := range declare.ServerlessSchema.Attributes {
		ex := d.Attributes[a.Name]
		if ex == nil {
			continue
		}
		v, more := f.Value(ex, f.Ctx, func(v cty.Value) hcl2.Diagnostics { return f.CheckEphemeral(a.Name, v, ex, f.Ctx) })
		diags = append(diags, more...)
		if more.HasErrors() {
			continue
		}
		want := typeNamed(a.Type)
		converted, err := convert.Convert(v, want)
		if err != nil {
			diags = append(diags, syntax.WrongType(a.Name, want, v, err, ex, f.Ctx))
			continue
		}
		settings[a.Name] = converted
	}
	return cty.ObjectVal(settings), diags
}

func typeNamed(name string) cty.Type {
	switch name {
	case "number":
		return cty.Number
	case "map(string)":
		return cty.Map(cty.String)
	default:
		return cty.String
	}
}

// RunnerConfigs returns the declared pool configurations in the order of their addresses.
func (e *Evaluation) RunnerConfigs() []*plan.DesiredRunnerConfig {
	e.mu.Lock()
	defer e.mu.Unlock()
	return sortedByAddress(e.runnerConfigs, func(c *plan.DesiredRunnerConfig) address.Address { return c.Address })
}
