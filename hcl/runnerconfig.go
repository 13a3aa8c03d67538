package hcl

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/plan"
	"riveter/plan/address"
)

var runnerConfigSchema = &blockSchema{
	doc:    "How the actors of a pool are run, datacenter by datacenter.",
	blocks: []nestedSchema{{name: "datacenter", labels: []string{"name"}, schema: datacenterSchema}},
}

var datacenterSchema = &blockSchema{
	doc: "How they are run in one datacenter: either normal or serverless.",
	blocks: []nestedSchema{
		{name: "normal", single: true, schema: &blockSchema{doc: "By registries that connect to the engine."}},
		{name: "serverless", single: true, schema: serverlessSchema},
	},
}

var serverlessSchema = &blockSchema{
	doc: "By requests that the engine makes to a URL.",
	attributes: []attributeSchema{
		{name: "url", typ: "string", required: true, doc: "URL that the engine calls."},
		{name: "headers", typ: "map(string)", doc: "Sent with every call. Default: none."},
		{name: "request_lifespan", typ: "number", required: true, doc: "Seconds after which a request is ended. It must exceed the drain grace period of the engine."},
		{name: "slots_per_runner", typ: "number", required: true, doc: "How many actors a request serves."},
		{name: "min_runners", typ: "number", doc: "Default: 0."},
		{name: "max_runners", typ: "number", required: true, doc: "How many requests there are at most."},
		{name: "runners_margin", typ: "number", doc: "How many more there are than needed. Default: 0."},
	},
}

// runnerConfig is a decoded runner_config block.
type runnerConfig struct {
	pool        string
	datacenters []*datacenter
	group       *group
	rng         hcl2.Range
}

// datacenter is a decoded datacenter block.
type datacenter struct {
	name       string
	variant    string // normal or serverless
	attributes map[string]*expression
	rng        hcl2.Range
}

func (c *runnerConfig) address() string { return "runner_config." + c.pool }

func decodeRunnerConfig(block *hcl2.Block) (*runnerConfig, hcl2.Diagnostics) {
	c, diags := runnerConfigSchema.decode(block.Body)
	config := &runnerConfig{pool: block.Labels[0], rng: block.DefRange}
	for _, nested := range c.ordered {
		d, more := decodeDatacenter(nested)
		diags = append(diags, more...)
		if i := slices.IndexFunc(config.datacenters, func(o *datacenter) bool { return o.name == d.name }); i >= 0 {
			diags = append(diags, duplicate("datacenter", d.rng, config.datacenters[i].rng))
			continue
		}
		config.datacenters = append(config.datacenters, d)
	}
	config.group = &group{offline: "runner_config"}
	for _, d := range config.datacenters {
		config.group.add(d.attributes)
	}
	if len(c.ordered) == 0 && !c.hasDynamic {
		diags = append(diags, problem("Missing block", "A runner_config has at least one datacenter block.", c.missing))
	}
	return config, diags
}

func decodeDatacenter(block *hcl2.Block) (*datacenter, hcl2.Diagnostics) {
	c, diags := datacenterSchema.decode(block.Body)
	d := &datacenter{name: block.Labels[0], rng: block.DefRange}
	if len(c.ordered) != 1 && !c.hasDynamic {
		return d, append(diags, problem("Invalid datacenter", fmt.Sprintf(
			"The pool runs in the datacenter %q in one way: write either a normal or a serverless block.", d.name), block.DefRange))
	}
	if len(c.ordered) == 0 {
		return d, diags
	}
	d.variant = c.ordered[0].Type
	inner, more := datacenterSchema.nested(d.variant).schema.decode(c.ordered[0].Body)
	d.attributes = inner.expressions()
	return d, append(diags, more...)
}

func (c *runnerConfig) stage() *stage {
	return &stage{groups: []*group{c.group}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		now, diags := redecoded(e, s, c, decodeRunnerConfig)
		f := e.frame(s, now.group)
		datacenters := map[string]cty.Value{}
		for _, d := range now.datacenters {
			value, more := f.datacenter(d)
			datacenters[d.name] = cty.ObjectVal(map[string]cty.Value{d.variant: value})
			diags = append(diags, more...)
		}
		if !s.isOpen() {
			e.runnerConfigs = append(e.runnerConfigs, &plan.DesiredRunnerConfig{
				Address:     address.Address{Module: s.path, Kind: address.KindRunnerConfig, Label: c.pool},
				Datacenters: cty.ObjectVal(datacenters),
				Range:       c.rng,
			})
		}
		return diags
	}}
}

// datacenter returns the settings of a datacenter as the management API has them.
func (f *frame) datacenter(d *datacenter) (cty.Value, hcl2.Diagnostics) {
	if d.variant != "serverless" {
		return cty.EmptyObjectVal, nil
	}
	settings := map[string]cty.Value{"headers": cty.MapValEmpty(cty.String), "min_runners": cty.Zero, "runners_margin": cty.Zero}
	var diags hcl2.Diagnostics
	for _, a := range serverlessSchema.attributes {
		ex := d.attributes[a.name]
		if ex == nil {
			continue
		}
		v, more := f.value(ex, f.ctx, nil)
		diags = append(diags, more...)
		if more.HasErrors() {
			continue
		}
		want := typeNamed(a.typ)
		converted, err := convert.Convert(v, want)
		if err != nil {
			diags = append(diags, wrongType(a.name, want, v, err, ex, f.ctx))
			continue
		}
		settings[a.name] = converted
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
