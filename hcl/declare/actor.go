package declare

import (
	"fmt"
	"regexp"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

var actorSchema = &syntax.Schema{
	Doc: "One actor, or with for_each or count several, that are created if missing and then seeded by steps.",
	Attributes: append([]syntax.Attribute{
		{Name: "key", Type: "list(string)", Required: true, Doc: "The compound key. A string is short for a list of one."},
		{Name: "input", Type: "any", Doc: "Given to the actor once, when it is created. Absent and null are different."},
		{Name: "create", Type: "string", Doc: "get_or_create (default), create or never."},
		{Name: "pool", Type: "string", Doc: "Pool to create it in. Default: the one of the rivet block."},
		{Name: "region", Type: "string", Doc: "Datacenter to create it in. Default: the server's choice."},
		{Name: "crash_policy", Type: "string", Doc: "sleep (default), restart or destroy."},
		{Name: "params", Type: "any", Doc: "Connection parameters of every call. Default: those of the rivet block."},
		{Name: "depends_on", Type: "list(reference)", Doc: "What must be done first, beyond what is referred to."},
	}, repetitionAttributes...),
	Blocks: append([]syntax.Nested{
		{Name: "lifecycle", Single: true, Schema: lifecycleSchema},
		{Name: "timeouts", Single: true, Schema: timeoutsSchema},
		{Name: "read", Labels: []string{"label"}, Schema: readSchema},
	}, stepBlocks...),
}

// Actor is a decoded actor block, or a data block, which is an actor that is only looked at.
type Actor struct {
	Kind           address.Kind
	Name, Label    string
	Repetition     *Repetition
	Key            *Expression
	ID             *Expression // of a data block that has no key
	Optional       *Expression // of a data block: whether the actor may be missing
	Input          *Expression
	Params         *Expression
	Settings       map[string]*Expression // create, pool, lifecycle.prevent_destroy, timeouts.call and so on
	Triggers       *Expression            // lifecycle.replace_triggered_by
	DependsOn      []*Reference
	Reads          []*Read
	Steps          []*Step
	Preconditions  []*Condition
	Postconditions []*Condition
	Range          hcl2.Range

	ExpansionScope      *Scope // says how many instances there are
	IdentityScope       *Scope // says which actor each of them is
	BodyScope           *Scope // says how it is made and talked to
	ReadsScope          *Scope // of the reads
	PreconditionsScope  *Scope
	PostconditionsScope *Scope
	Used                *Used
	hasDynamic          bool // some nested blocks are only known for each instance
}

func (a *Actor) Address() string { return string(a.Kind) + "." + a.Name + "." + a.Label }

var actorName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func decodeActor(block *hcl2.Block) (*Actor, hcl2.Diagnostics) {
	c, diags := actorSchema.Decode(block.Body)
	a := newActor(address.KindActor, block)
	diags = append(diags, checkActorName(block)...)
	a.Key, a.Input, a.Params = attributeOf(c, "key"), attributeOf(c, "input"), attributeOf(c, "params")
	a.addSettings("", c, "create", "pool", "region", "crash_policy")
	diags = append(diags, a.decodeMeta(c)...)
	labels := labelSet{}
	for _, nested := range c.Blocks {
		diags = append(diags, a.decodeNested(nested, labels)...)
	}
	a.arrange()
	return a, diags
}

func newActor(kind address.Kind, block *hcl2.Block) *Actor {
	return &Actor{
		Kind: kind, Name: block.Labels[0], Label: block.Labels[1], Range: block.DefRange,
		Settings: map[string]*Expression{}, Used: &Used{names: map[string]bool{}},
	}
}

func checkActorName(block *hcl2.Block) hcl2.Diagnostics {
	name := block.Labels[0]
	if actorName.MatchString(name) {
		return nil
	}
	return hcl2.Diagnostics{syntax.Problem("Invalid actor name", fmt.Sprintf(
		"The first label, %q, is the name under which the actor is registered: 1 to 64 letters, digits, underscores and dashes.", name,
	), block.LabelRanges[0])}
}

// decodeMeta decodes what says how many instances there are and when.
func (a *Actor) decodeMeta(c *syntax.Content) hcl2.Diagnostics {
	var diags, more hcl2.Diagnostics
	a.Repetition, diags = decodeRepetition(c)
	a.DependsOn, more = decodeDependsOn(c)
	return append(diags, more...)
}

func (a *Actor) addSettings(prefix string, c *syntax.Content, names ...string) {
	for _, name := range names {
		if e := attributeOf(c, name); e != nil {
			a.Settings[prefix+name] = e
		}
	}
}

func (a *Actor) decodeNested(block *hcl2.Block, labels labelSet) hcl2.Diagnostics {
	switch block.Type {
	case "lifecycle":
		return a.decodeLifecycle(block)
	case "timeouts":
		c, diags := timeoutsSchema.Decode(block.Body)
		a.addSettings("timeouts.", c, "create", "ready", "call", "destroy")
		return diags
	case "read":
		return a.decodeRead(block)
	default:
		s, diags := decodeStep(block)
		diags = append(diags, checkLabels(block)...)
		if d := labels.claim(s.Label, block.DefRange); d != nil {
			return append(diags, d)
		}
		a.Steps = append(a.Steps, s)
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
	d := syntax.Duplicate("step", at, first)
	d.Detail = fmt.Sprintf("Another step of this actor is called %q already, at %s. Labels are unique across all kinds of steps.", label, syntax.Place(first))
	return d
}

// arrange sorts the expressions of an actor and its steps into groups.
func (a *Actor) arrange() {
	a.ExpansionScope = &Scope{Expressions: a.Repetition.expressions(), actor: a}
	a.IdentityScope = &Scope{Expressions: present(a.Key, a.ID, a.Optional), repetition: a.Repetition, actor: a}
	a.BodyScope = &Scope{Expressions: present(a.Input, a.Params, a.Triggers), repetition: a.Repetition, actor: a}
	a.BodyScope.add(a.Settings)
	a.ReadsScope = &Scope{repetition: a.Repetition, actor: a, live: liveSelf}
	for _, r := range a.Reads {
		a.ReadsScope.add(r.Attributes)
	}
	a.PreconditionsScope = &Scope{Expressions: conditionExpressions(a.Preconditions), repetition: a.Repetition, actor: a}
	a.PostconditionsScope = &Scope{Expressions: conditionExpressions(a.Postconditions), repetition: a.Repetition, actor: a, live: liveSteps}
	for _, s := range a.Steps {
		s.arrange(a)
	}
}

// groups returns all groups of an actor and its steps.
func (a *Actor) Scopes() []*Scope {
	groups := []*Scope{a.ExpansionScope, a.IdentityScope, a.BodyScope, a.ReadsScope, a.PreconditionsScope, a.PostconditionsScope}
	for _, s := range a.Steps {
		groups = append(groups, s.scopes()...)
	}
	return groups
}

// stepCalled returns the step with a label, or nil.
func (a *Actor) Step(label string) *Step {
	if i := slices.IndexFunc(a.Steps, func(s *Step) bool { return s.Label == label }); i >= 0 {
		return a.Steps[i]
	}
	return nil
}

// readCalled returns the read with a label, or nil.
func (a *Actor) readCalled(label string) *Read {
	if i := slices.IndexFunc(a.Reads, func(r *Read) bool { return r.Label == label }); i >= 0 {
		return a.Reads[i]
	}
	return nil
}

var lifecycleSchema = &syntax.Schema{
	Doc: "What may happen to an actor after it was created, and what must hold before and after.",
	Attributes: []syntax.Attribute{
		{Name: "prevent_destroy", Type: "bool", Doc: "Whether destroying it is refused in every case."},
		{Name: "on_input_change", Type: "string", Doc: "warn (default), fail, ignore or replace."},
		{Name: "replace_triggered_by", Type: "list(any)", Doc: "The actor is replaced when one of these values changes."},
	},
	Blocks: []syntax.Nested{
		{Name: "precondition", Schema: conditionSchema},
		{Name: "postcondition", Schema: conditionSchema},
	},
}

var timeoutsSchema = &syntax.Schema{
	Doc: "Limits of time, such as \"10s\".",
	Attributes: []syntax.Attribute{
		{Name: "create", Type: "duration", Doc: "For the actor to be made."},
		{Name: "ready", Type: "duration", Doc: "For it to have started."},
		{Name: "call", Type: "duration", Doc: "For one call to it."},
		{Name: "destroy", Type: "duration", Doc: "For it to be gone."},
	},
}

func (a *Actor) decodeLifecycle(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := lifecycleSchema.Decode(block.Body)
	a.addSettings("lifecycle.", c, "prevent_destroy", "on_input_change")
	a.Triggers = attributeOf(c, "replace_triggered_by")
	var more hcl2.Diagnostics
	a.Preconditions, more = decodeConditions(c.ByType["precondition"])
	diags = append(diags, more...)
	a.Postconditions, more = decodeConditions(c.ByType["postcondition"])
	return append(diags, more...)
}
