package hcl

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

var namespaceSchema = &blockSchema{
	doc: "A namespace of the engine, created if it is missing and never deleted.",
	attributes: []attributeSchema{
		{name: "display_name", typ: "string", doc: "Its name for people. Default: the label."},
	},
}

// namespace is a decoded namespace block.
type namespace struct {
	name       string
	attributes map[string]*expression
	group      *group
	rng        hcl2.Range
}

func (n *namespace) address() string { return "namespace." + n.name }

func decodeNamespace(block *hcl2.Block) (*namespace, hcl2.Diagnostics) {
	c, diags := namespaceSchema.decode(block.Body)
	attributes := attributesIn(c)
	return &namespace{name: block.Labels[0], attributes: attributes, group: offlineGroup("namespace", attributes), rng: block.DefRange}, diags
}

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
	config.group = offlineGroup("runner_config", nil)
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
	d.attributes = attributesIn(inner)
	return d, append(diags, more...)
}
