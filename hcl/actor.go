package hcl

import (
	"fmt"
	"regexp"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

var actorSchema = &blockSchema{
	doc: "One actor, or with for_each or count several, that are created if missing and then seeded by steps.",
	attributes: append([]attributeSchema{
		{name: "key", typ: "list(string)", required: true, doc: "The compound key. A string is short for a list of one."},
		{name: "input", typ: "any", doc: "Given to the actor once, when it is created. Absent and null are different."},
		{name: "create", typ: "string", doc: "get_or_create (default), create or never."},
		{name: "pool", typ: "string", doc: "Pool to create it in. Default: the one of the rivet block."},
		{name: "region", typ: "string", doc: "Datacenter to create it in. Default: the server's choice."},
		{name: "crash_policy", typ: "string", doc: "sleep (default), restart or destroy."},
		{name: "params", typ: "any", doc: "Connection parameters of every call. Default: those of the rivet block."},
		{name: "depends_on", typ: "list(reference)", doc: "What must be done first, beyond what is referred to."},
	}, repetitionAttributes...),
	blocks: append([]nestedSchema{
		{name: "lifecycle", single: true, schema: lifecycleSchema},
		{name: "timeouts", single: true, schema: timeoutsSchema},
		{name: "read", labels: []string{"label"}, schema: readSchema},
	}, stepBlocks...),
}

// actor is a decoded actor block, or a data block, which is an actor that is only looked at.
type actor struct {
	kind        address.Kind
	name, label string
	repetition  *repetition
	key         *expression
	id          *expression // of a data block that has no key
	optional    *expression // of a data block: whether the actor may be missing
	input       *expression
	params      *expression
	settings    map[string]*expression // create, pool, lifecycle.prevent_destroy, timeouts.call and so on
	triggers    *expression            // lifecycle.replace_triggered_by
	dependsOn   []*reference
	reads       []*read
	steps       []*step
	preconds    []*condition
	postconds   []*condition
	rng         hcl2.Range

	expansion      *group // says how many instances there are
	identity       *group // says which actor each of them is
	body           *group // says how it is made and talked to
	asking         *group // of the reads
	preconditions  *group
	postconditions *group
	wanted         *wanted
	hasDynamic     bool // some nested blocks are only known for each instance
}

func (a *actor) address() string { return string(a.kind) + "." + a.name + "." + a.label }

var actorName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func decodeActor(block *hcl2.Block) (*actor, hcl2.Diagnostics) {
	c, diags := actorSchema.decode(block.Body)
	a := newActor(address.KindActor, block)
	diags = append(diags, checkActorName(block)...)
	a.key, a.input, a.params = attributeOf(c, "key"), attributeOf(c, "input"), attributeOf(c, "params")
	a.addSettings("", c, "create", "pool", "region", "crash_policy")
	diags = append(diags, a.decodeMeta(c)...)
	labels := labelSet{}
	for _, nested := range c.ordered {
		diags = append(diags, a.decodeNested(nested, labels)...)
	}
	a.arrange()
	return a, diags
}

func newActor(kind address.Kind, block *hcl2.Block) *actor {
	return &actor{
		kind: kind, name: block.Labels[0], label: block.Labels[1], rng: block.DefRange,
		settings: map[string]*expression{}, wanted: &wanted{names: map[string]bool{}},
	}
}

func checkActorName(block *hcl2.Block) hcl2.Diagnostics {
	name := block.Labels[0]
	if actorName.MatchString(name) {
		return nil
	}
	return hcl2.Diagnostics{problem("Invalid actor name", fmt.Sprintf(
		"The first label, %q, is the name under which the actor is registered: 1 to 64 letters, digits, underscores and dashes.", name,
	), block.LabelRanges[0])}
}

// decodeMeta decodes what says how many instances there are and when.
func (a *actor) decodeMeta(c *content) hcl2.Diagnostics {
	var diags, more hcl2.Diagnostics
	a.repetition, diags = decodeRepetition(c)
	a.dependsOn, more = decodeDependsOn(c)
	return append(diags, more...)
}

func (a *actor) addSettings(prefix string, c *content, names ...string) {
	for _, name := range names {
		if e := attributeOf(c, name); e != nil {
			a.settings[prefix+name] = e
		}
	}
}

func (a *actor) decodeNested(block *hcl2.Block, labels labelSet) hcl2.Diagnostics {
	switch block.Type {
	case "lifecycle":
		return a.decodeLifecycle(block)
	case "timeouts":
		c, diags := timeoutsSchema.decode(block.Body)
		a.addSettings("timeouts.", c, "create", "ready", "call", "destroy")
		return diags
	case "read":
		return a.decodeRead(block)
	default:
		s, diags := decodeStep(block)
		diags = append(diags, checkLabels(block)...)
		if d := labels.claim(s.label, block.DefRange); d != nil {
			return append(diags, d)
		}
		a.steps = append(a.steps, s)
		return diags
	}
}

// labelSet holds the labels of an actor's steps, which are unique across all kinds.
type labelSet map[string]hcl2.Range

func (l labelSet) claim(label string, at hcl2.Range) *hcl2.Diagnostic {
	first, taken := l[label]
	if !taken {
		l[label] = at
		return nil
	}
	d := duplicate("step", at, first)
	d.Detail = fmt.Sprintf("Another step of this actor is called %q already, at %s. Labels are unique across all kinds of steps.", label, place(first))
	return d
}

// arrange sorts the expressions of an actor and its steps into groups.
func (a *actor) arrange() {
	a.expansion = &group{expressions: a.repetition.expressions(), actor: a}
	a.identity = &group{expressions: present(a.key, a.id, a.optional), repetition: a.repetition, actor: a}
	a.body = &group{expressions: present(a.input, a.params, a.triggers), repetition: a.repetition, actor: a}
	a.body.add(a.settings)
	a.asking = &group{repetition: a.repetition, actor: a, live: liveSelf}
	for _, r := range a.reads {
		a.asking.add(r.attributes)
	}
	a.preconditions = &group{expressions: conditionExpressions(a.preconds), repetition: a.repetition, actor: a}
	a.postconditions = &group{expressions: conditionExpressions(a.postconds), repetition: a.repetition, actor: a, live: liveSteps}
	for _, s := range a.steps {
		s.arrange(a)
	}
}

// groups returns all groups of an actor and its steps.
func (a *actor) groups() []*group {
	groups := []*group{a.expansion, a.identity, a.body, a.asking, a.preconditions, a.postconditions}
	for _, s := range a.steps {
		groups = append(groups, s.groups()...)
	}
	return groups
}

// stepCalled returns the step with a label, or nil.
func (a *actor) stepCalled(label string) *step {
	if i := slices.IndexFunc(a.steps, func(s *step) bool { return s.label == label }); i >= 0 {
		return a.steps[i]
	}
	return nil
}

// readCalled returns the read with a label, or nil.
func (a *actor) readCalled(label string) *read {
	if i := slices.IndexFunc(a.reads, func(r *read) bool { return r.label == label }); i >= 0 {
		return a.reads[i]
	}
	return nil
}

var lifecycleSchema = &blockSchema{
	doc: "What may happen to an actor after it was created, and what must hold before and after.",
	attributes: []attributeSchema{
		{name: "prevent_destroy", typ: "bool", doc: "Whether destroying it is refused in every case."},
		{name: "on_input_change", typ: "string", doc: "warn (default), fail, ignore or replace."},
		{name: "replace_triggered_by", typ: "list(any)", doc: "The actor is replaced when one of these values changes."},
	},
	blocks: []nestedSchema{
		{name: "precondition", schema: conditionSchema},
		{name: "postcondition", schema: conditionSchema},
	},
}

var timeoutsSchema = &blockSchema{
	doc: "Limits of time, such as \"10s\".",
	attributes: []attributeSchema{
		{name: "create", typ: "duration", doc: "For the actor to be made."},
		{name: "ready", typ: "duration", doc: "For it to have started."},
		{name: "call", typ: "duration", doc: "For one call to it."},
		{name: "destroy", typ: "duration", doc: "For it to be gone."},
	},
}

func (a *actor) decodeLifecycle(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := lifecycleSchema.decode(block.Body)
	a.addSettings("lifecycle.", c, "prevent_destroy", "on_input_change")
	a.triggers = attributeOf(c, "replace_triggered_by")
	var more hcl2.Diagnostics
	a.preconds, more = decodeConditions(c.blocks["precondition"])
	diags = append(diags, more...)
	a.postconds, more = decodeConditions(c.blocks["postcondition"])
	return append(diags, more...)
}
