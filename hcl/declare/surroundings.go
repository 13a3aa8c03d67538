package declare

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
)

var namespaceSchema = &syntax.Schema{
	Doc:        "A namespace of the engine, created if it is missing and never deleted.",
	Attributes: append(attributes(namespaceRows), attributes(namespaceParts)...),
}

var namespaceRows = []row[plan.DesiredNamespace]{
	custom("name", "string", "Its name: 1 to 64 lower-case letters and digits, with single dashes between them. Default: the label.",
		func(n *plan.DesiredNamespace, v Values, name string) { n.Name = v.Name(name, n.Name) }),
	text("display_name", "Its name for people, which a server does not change any more. Without it, whatever it is will do.",
		func(n *plan.DesiredNamespace) *string { return &n.DisplayName }),
}

var namespaceParts = []part[Namespace]{
	expression("for_each", "map(any) or set(string)", "One namespace for each element.", func(n *Namespace) **expr.Expression { return &n.Repetition.ForEach }),
	expression("enabled", "bool", "Whether there are any instances at all. Default: true.", func(n *Namespace) **expr.Expression { return &n.Repetition.Enabled }),
}

// Namespace is a decoded namespace block.
type Namespace struct {
	Label      string
	Repetition *Repetition
	Attributes map[string]*expr.Expression
	Range      hcl2.Range

	ExpansionScope *Scope // says how many instances there are
	BodyScope      *Scope // everything else
}

// Address returns the address within the module.
func (n *Namespace) Address() string { return "namespace." + n.Label }

// Fill evaluates what is desired.
func (n *Namespace) Fill(d *plan.DesiredNamespace, v Values) { fill(d, v, "", namespaceRows) }

func decodeNamespace(block *hcl2.Block) (*Namespace, hcl2.Diagnostics) {
	c, diags := namespaceSchema.Decode(block.Body)
	n := &Namespace{Label: block.Labels[0], Repetition: &Repetition{}, Attributes: map[string]*expr.Expression{}, Range: block.DefRange}
	diags = append(diags, keep(n, c, namespaceParts)...)
	settings(n.Attributes, c, "", namespaceRows)
	n.ExpansionScope = offlineScope("namespace", nil)
	n.ExpansionScope.Expressions = n.Repetition.expressions()
	n.BodyScope = offlineScope("namespace", n.Attributes)
	n.BodyScope.repetition = n.Repetition
	return n, diags
}

var runnerConfigSchema = &syntax.Schema{
	Doc:    "How the actors of a pool are run, datacenter by datacenter.",
	Blocks: []syntax.Nested{{Name: "datacenter", Labels: []string{"name"}, Schema: datacenterSchema}},
}

var datacenterSchema = &syntax.Schema{
	Doc: "How they are run in one datacenter: either normal or serverless.",
	Blocks: []syntax.Nested{
		{Name: "normal", Single: true, Schema: &syntax.Schema{Doc: "By registries that connect to the engine."}},
		{Name: "serverless", Single: true, Schema: ServerlessSchema},
	},
}

// ServerlessSchema describes a serverless block. Its attributes are called as the management API calls them.
var ServerlessSchema = &syntax.Schema{
	Doc: "By requests that the engine makes to a URL.",
	Attributes: []syntax.Attribute{
		{Name: "url", Type: "string", Required: true, Doc: "URL that the engine calls."},
		{Name: "headers", Type: "map(string)", Doc: "Sent with every call. Default: none."},
		{Name: "request_lifespan", Type: "number", Required: true, Doc: "Seconds after which a request is ended. It must exceed the drain grace period of the engine, which is 1800 by default."},
		{Name: "slots_per_runner", Type: "number", Required: true, Doc: "How many actors a request serves."},
		{Name: "min_runners", Type: "number", Doc: "Default: 0."},
		{Name: "max_runners", Type: "number", Required: true, Doc: "How many requests there are at most."},
		{Name: "runners_margin", Type: "number", Doc: "How many more there are than needed. Default: 0."},
	},
}

// RunnerConfig is a decoded runner_config block.
type RunnerConfig struct {
	Pool        string
	Datacenters []*Datacenter
	Scope       *Scope
	Range       hcl2.Range
}

// Datacenter is a decoded datacenter block.
type Datacenter struct {
	Name       string
	Variant    string // normal or serverless
	Attributes map[string]*expr.Expression
	rng        hcl2.Range
}

// Address returns the address within the module.
func (c *RunnerConfig) Address() string { return "runner_config." + c.Pool }

func decodeRunnerConfig(block *hcl2.Block) (*RunnerConfig, hcl2.Diagnostics) {
	c, diags := runnerConfigSchema.Decode(block.Body)
	config := &RunnerConfig{Pool: block.Labels[0], Range: block.DefRange}
	for _, nested := range c.Blocks {
		d, more := decodeDatacenter(nested)
		diags = append(diags, more...)
		if i := slices.IndexFunc(config.Datacenters, func(o *Datacenter) bool { return o.Name == d.Name }); i >= 0 {
			diags = append(diags, syntax.Duplicate("datacenter", d.rng, config.Datacenters[i].rng))
			continue
		}
		config.Datacenters = append(config.Datacenters, d)
	}
	config.Scope = offlineScope("runner_config", nil)
	for _, d := range config.Datacenters {
		config.Scope.add(d.Attributes)
	}
	if len(c.Blocks) == 0 && !c.HasDynamic && !diags.HasErrors() { // what is there may be meant as one
		diags = append(diags, syntax.Problem("Missing block", "A runner_config has at least one datacenter block.", c.MissingRange))
	}
	return config, diags
}

func decodeDatacenter(block *hcl2.Block) (*Datacenter, hcl2.Diagnostics) {
	c, diags := datacenterSchema.Decode(block.Body)
	d := &Datacenter{Name: block.Labels[0], rng: block.DefRange}
	if len(c.Blocks) != 1 && !c.HasDynamic {
		return d, append(diags, syntax.Problem("Invalid datacenter", fmt.Sprintf(
			"The pool runs in the datacenter %q in one way: write either a normal or a serverless block.", d.Name), block.DefRange))
	}
	if len(c.Blocks) == 0 {
		return d, diags
	}
	d.Variant = c.Blocks[0].Type
	inner, more := datacenterSchema.Block(d.Variant).Schema.Decode(c.Blocks[0].Body)
	d.Attributes = expr.In(inner)
	return d, append(diags, more...)
}
