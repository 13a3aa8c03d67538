package declare

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

var actorSchema = &syntax.Schema{
	Doc:        "One actor, or with for_each or count several, that are created if missing and then seeded by steps.",
	Attributes: slices.Concat(attributes(actorParts), attributes(actorSettings), dependencyAttributes),
	Blocks: append([]syntax.Nested{
		{Name: "lifecycle", Single: true, Schema: lifecycleSchema},
		{Name: "timeouts", Single: true, Schema: timeoutsSchema},
		{Name: "read", Labels: []string{"label"}, Schema: readSchema},
	}, stepBlocks()...),
	Foreign: map[string]string{
		"assert":      "Its counterpart is \"expect\".",
		"provider":    "There is one server, and the rivet block says where it is.",
		"provisioner": "What is done with an actor is a step: action, message, request, or ensure.",
		"connection":  "Where the server is says the rivet block, and as whom the actor is called says \"params\".",
	},
}

var actorParts = []part[Actor]{
	expression("key", "list(string)", "The compound key. A string is short for a list of one.", func(a *Actor) **expr.Expression { return &a.Key }).required(),
	expression("input", "any", "Given to the actor once, when it is created. Absent and null are different.", func(a *Actor) **expr.Expression { return &a.Input }),
	expression("params", "any", "Connection parameters of every call. Default: those of the rivet block.", func(a *Actor) **expr.Expression { return &a.Params }),
}

var actorSettings = []row[plan.Settings]{
	choice("create", "get_or_create (default), create or never.",
		func(s *plan.Settings) *plan.CreateMode { return &s.Create }, plan.GetOrCreate, plan.CreateNew, plan.CreateNever),
	text("pool", "Pool to create it in. Default: the one of the rivet block.", func(s *plan.Settings) *string { return &s.Pool }),
	text("region", "Datacenter to create it in. Default: the server's choice.", func(s *plan.Settings) *string { return &s.Region }),
	choice("crash_policy", "sleep (default), restart or destroy.",
		func(s *plan.Settings) *string { return &s.CrashPolicy }, "", "sleep", "restart", "destroy"),
}

// Actor is a decoded actor block, or a data block, which is an actor that is only looked at.
type Actor struct {
	Kind           address.Kind
	Name, Label    string
	Repetition     *Repetition
	Key            *expr.Expression
	ID             *expr.Expression // of a data block that has no key
	Optional       *expr.Expression // of a data block: whether the actor may be missing
	External       *expr.Expression // of a data block: whether its key is without the prefix of a run
	Input          *expr.Expression
	Params         *expr.Expression
	Settings       map[string]*expr.Expression // create, pool, lifecycle.prevent_destroy, timeouts.call and so on
	Triggers       *expr.Expression            // lifecycle.replace_triggered_by
	DependsOn      []*expr.Reference
	Reads          []*Read
	Steps          []*Step
	byLabel        map[string]*Step
	suggestions    syntax.Suggestions
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
	Open                bool // steps and reads are left out whose labels are not known yet
	Waits               bool // something that is not known yet stands in place of dynamic blocks
	hasDynamic          bool // some nested blocks are only known for each instance
}

// Address returns the address within the module.
func (a *Actor) Address() string { return string(a.Kind) + "." + a.Name + "." + a.Label }

var actorName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func decodeActor(block *hcl2.Block) (*Actor, hcl2.Diagnostics) {
	c, diags := actorSchema.Decode(block.Body)
	a := newActor(address.KindActor, block)
	diags = append(diags, checkActorName(block)...)
	diags = append(diags, keep(a, c, actorParts)...)
	settings(a.Settings, c, "", actorSettings)
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
		Settings: map[string]*expr.Expression{}, Used: &Used{names: map[string]bool{}},
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
	a.DependsOn, more = expr.DependsOn(c)
	return append(diags, more...)
}

func (a *Actor) decodeNested(block *hcl2.Block, labels labelSet) hcl2.Diagnostics {
	switch block.Type {
	case "lifecycle":
		return a.decodeLifecycle(block)
	case "timeouts":
		c, diags := timeoutsSchema.Decode(block.Body)
		settings(a.Settings, c, "timeouts.", timeoutSettings)
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

// arrange sorts the expressions of an actor and its steps into scopes.
func (a *Actor) arrange() {
	a.ExpansionScope = &Scope{Expressions: a.Repetition.expressions(), actor: a}
	a.IdentityScope = &Scope{Expressions: expr.Present(a.Key, a.ID, a.Optional, a.External), repetition: a.Repetition, actor: a}
	a.BodyScope = &Scope{Expressions: expr.Present(a.Input, a.Params, a.Triggers), repetition: a.Repetition, actor: a}
	a.BodyScope.add(a.Settings)
	a.ReadsScope = &Scope{repetition: a.Repetition, actor: a, live: liveSelf}
	for _, r := range a.Reads {
		a.ReadsScope.add(r.Attributes)
	}
	a.PreconditionsScope = &Scope{Expressions: conditionExpressions(a.Preconditions), repetition: a.Repetition, actor: a}
	a.PostconditionsScope = &Scope{Expressions: conditionExpressions(a.Postconditions), repetition: a.Repetition, actor: a, live: liveSteps}
	a.byLabel = make(map[string]*Step, len(a.Steps))
	for i, s := range a.Steps {
		a.byLabel[s.Label], s.Earlier = s, a.Steps[:i]
		s.arrange(a)
	}
}

// Scopes returns all scopes of an actor and its steps.
func (a *Actor) Scopes() []*Scope {
	scopes := []*Scope{a.ExpansionScope, a.IdentityScope, a.BodyScope, a.ReadsScope, a.PreconditionsScope, a.PostconditionsScope}
	for _, s := range a.Steps {
		scopes = append(scopes, s.scopes()...)
	}
	return scopes
}

// GivesParams reports whether there are connection parameters, of the actor or of a step.
func (a *Actor) GivesParams() bool {
	return a.Params != nil || slices.ContainsFunc(a.Steps, func(s *Step) bool { return s.Params != nil })
}

// Step returns the step with a label, or nil.
func (a *Actor) Step(label string) *Step { return a.byLabel[label] }

// readCalled returns the read with a label, or nil.
func (a *Actor) readCalled(label string) *Read {
	if i := slices.IndexFunc(a.Reads, func(r *Read) bool { return r.Label == label }); i >= 0 {
		return a.Reads[i]
	}
	return nil
}

var lifecycleSchema = &syntax.Schema{
	Doc:        "What may happen to an actor after it was created, and what must hold before and after.",
	Attributes: append(attributes(lifecycleSettings), attributes(lifecycleParts)...),
	Blocks: []syntax.Nested{
		{Name: "precondition", Schema: conditionSchema},
		{Name: "postcondition", Schema: conditionSchema},
	},
	Foreign: map[string]string{
		"ignore_changes":        "Only the input can change, and on_input_change = \"ignore\" accepts that.",
		"create_before_destroy": "There is one actor of a name and key at a time, so one that is replaced is destroyed first.",
		"destroy":               "Whether an actor that is not declared any more is destroyed says a removed block.",
	},
}

var lifecycleSettings = []row[plan.Settings]{
	flag("prevent_destroy", "Whether destroying it is refused in every case.", func(s *plan.Settings) *bool { return &s.PreventDestroy }),
	choice("on_input_change", "warn (default), fail, ignore or replace.",
		func(s *plan.Settings) *plan.OnInputChange { return &s.OnInputChange }, plan.InputWarn, plan.InputFail, plan.InputIgnore, plan.InputReplace),
}

var lifecycleParts = []part[Actor]{
	expression("replace_triggered_by", "list(any)", "The actor is replaced when one of these values changes, or may, as it is known only after apply.",
		func(a *Actor) **expr.Expression { return &a.Triggers }),
}

var timeoutsSchema = &syntax.Schema{Doc: "Limits of time, such as \"10s\".", Attributes: attributes(timeoutSettings)}

var timeoutSettings = []row[plan.Settings]{
	duration("create", "For the actor to be made.", func(s *plan.Settings) *time.Duration { return &s.CreateTimeout }),
	duration("ready", "For it to have started.", func(s *plan.Settings) *time.Duration { return &s.ReadyTimeout }),
	duration("call", "For one call to it.", func(s *plan.Settings) *time.Duration { return &s.CallTimeout }),
	duration("destroy", "For it to be gone.", func(s *plan.Settings) *time.Duration { return &s.DestroyTimeout }),
}

// Fill evaluates the settings of the actor.
func (a *Actor) Fill(s *plan.Settings, v Values) {
	fill(s, v, "", actorSettings)
	fill(s, v, "lifecycle.", lifecycleSettings)
	fill(s, v, "timeouts.", timeoutSettings)
}

func (a *Actor) decodeLifecycle(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := lifecycleSchema.Decode(block.Body)
	settings(a.Settings, c, "lifecycle.", lifecycleSettings)
	more := keep(a, c, lifecycleParts)
	diags = append(diags, more...)
	a.Preconditions, more = decodeConditions(c.ByType["precondition"])
	diags = append(diags, more...)
	a.Postconditions, more = decodeConditions(c.ByType["postcondition"])
	return append(diags, more...)
}
