package hcl

import (
	"fmt"
	"regexp"

	hcl2 "github.com/hashicorp/hcl/v2"
)

var actorSchema = &blockSchema{
	doc: "One actor, or with for_each or count several, that are created if missing and then seeded by steps.",
	attributes: []attributeSchema{
		{name: "key", typ: "list(string)", required: true, doc: "The compound key. A string is short for a list of one."},
		{name: "input", typ: "any", doc: "Given to the actor once, when it is created. Absent and null are different."},
		{name: "create", typ: "string", doc: "get_or_create (default), create or never."},
		{name: "pool", typ: "string", doc: "Pool to create it in. Default: the one of the rivet block."},
		{name: "region", typ: "string", doc: "Datacenter to create it in. Default: the server's choice."},
		{name: "crash_policy", typ: "string", doc: "sleep (default), restart or destroy."},
		{name: "params", typ: "any", doc: "Connection parameters of every call. Default: those of the rivet block."},
		{name: "for_each", typ: "map(any) or set(string)", doc: "One instance for each element."},
		{name: "count", typ: "number", doc: "How many instances."},
		{name: "depends_on", typ: "references", doc: "What must be done first, beyond what is referred to."},
	},
	blocks: append([]nestedSchema{
		{name: "lifecycle", single: true, schema: lifecycleSchema},
		{name: "timeouts", single: true, schema: timeoutsSchema},
	}, stepBlocks...),
}

// actor is a decoded actor block.
type actor struct {
	name, label string
	repetition  *repetition
	key         *expression
	input       *expression
	params      *expression
	settings    map[string]*expression // create, pool, lifecycle.prevent_destroy, timeouts.call and so on
	dependsOn   []*reference
	steps       []*step
	rng         hcl2.Range

	expansion *group // says how many instances there are
	identity  *group // says which actor each of them is
	content   *group // everything else but the steps
}

func (a *actor) address() string { return "actor." + a.name + "." + a.label }

var actorName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func decodeActor(block *hcl2.Block) (*actor, hcl2.Diagnostics) {
	c, diags := actorSchema.decode(block.Body)
	a := &actor{name: block.Labels[0], label: block.Labels[1], rng: block.DefRange, settings: map[string]*expression{}}
	if !actorName.MatchString(a.name) {
		diags = append(diags, problem("Invalid actor name", fmt.Sprintf(
			"The first label, %q, is the name under which the actor is registered: 1 to 64 letters, digits, underscores and dashes.", a.name,
		), block.LabelRanges[0]))
	}
	a.key, a.input, a.params = c.expr("key"), c.expr("input"), c.expr("params")
	a.addSettings("", c, "create", "pool", "region", "crash_policy")
	var more hcl2.Diagnostics
	a.repetition, more = decodeRepetition(c)
	diags = append(diags, more...)
	a.dependsOn, more = decodeDependsOn(c)
	diags = append(diags, more...)
	diags = append(diags, a.decodeNested(c)...)
	a.arrange()
	return a, diags
}

func (a *actor) addSettings(prefix string, c *content, names ...string) {
	for _, name := range names {
		if e := c.expr(name); e != nil {
			a.settings[prefix+name] = e
		}
	}
}

func (a *actor) decodeNested(c *content) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	labels := map[string]*step{}
	for _, block := range c.ordered {
		switch block.Type {
		case "lifecycle":
			inner, more := lifecycleSchema.decode(block.Body)
			diags = append(diags, more...)
			a.addSettings("lifecycle.", inner, "prevent_destroy", "on_input_change")
		case "timeouts":
			inner, more := timeoutsSchema.decode(block.Body)
			diags = append(diags, more...)
			a.addSettings("timeouts.", inner, "create", "ready", "call", "destroy")
		default:
			diags = append(diags, a.decodeStep(block, labels)...)
		}
	}
	return diags
}

func (a *actor) decodeStep(block *hcl2.Block, labels map[string]*step) hcl2.Diagnostics {
	s, diags := decodeStep(block)
	diags = append(diags, checkLabels(block)...)
	if first, ok := labels[s.label]; ok {
		d := duplicate("step", block.DefRange, first.rng)
		d.Detail = fmt.Sprintf("Another step of this actor is called %q already, at %s. Labels are unique across all kinds of steps.",
			s.label, place(first.rng))
		return append(diags, d)
	}
	labels[s.label] = s
	a.steps = append(a.steps, s)
	return diags
}
