package declare

import (
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

// stepKind is one kind of step: how it is written, and what it is evaluated to.
type stepKind struct {
	kind   address.StepKind
	schema *syntax.Schema
	spec   func(s *Step, v Values) plan.Spec
	check  func(*syntax.Content) hcl2.Diagnostics // attributes that exclude each other
}

var stepKinds = []stepKind{
	newStepKind(address.StepAction, "A seeding call: an action that is called with these arguments.", actionRows,
		func(label string) *plan.Action { return &plan.Action{Name: label, Args: cty.EmptyTupleVal} }, nil, awaitBlock),
	newStepKind(address.StepEnsure, "A fact, and the call that makes it true where it is not.", ensureRows,
		func(label string) *plan.Ensure { return &plan.Ensure{Action: label} }, nil, awaitBlock),
	newStepKind(address.StepMessage, "A message that is put into one of the actor's queues.", messageRows,
		func(label string) *plan.Message { return &plan.Message{Queue: label} }, nil, awaitBlock),
	newStepKind(address.StepRequest, "A request over HTTP, for actors that answer such.", requestRows,
		func(string) *plan.Request { return &plan.Request{} },
		func(c *syntax.Content) hcl2.Diagnostics { return c.Conflict("json", "body") }, awaitBlock),
	newStepKind(address.StepExpect, "An assertion on what is live, looked at again and again until it holds or the time is up.", expectRows,
		func(string) *plan.Expect { return &plan.Expect{} }, checkExpect),
}

func newStepKind[T any, P interface {
	*T
	plan.Spec
}](kind address.StepKind, doc string, rows []row[T], empty func(label string) P,
	check func(*syntax.Content) hcl2.Diagnostics, blocks ...syntax.Nested,
) stepKind {
	s := stepKind{kind: kind, check: check}
	s.schema = &syntax.Schema{
		Doc: doc, Attributes: slices.Concat(attributes(rows), attributes(stepParts), attributes(stepSettings)), Blocks: blocks,
	}
	s.spec = func(s *Step, v Values) plan.Spec {
		spec := empty(s.Label)
		fill((*T)(spec), v, "", rows)
		return spec
	}
	return s
}

// kindOf returns the kind of a step block.
func kindOf(block *hcl2.Block) stepKind {
	return stepKinds[slices.IndexFunc(stepKinds, func(k stepKind) bool { return string(k.kind) == block.Type })]
}

// stepBlocks are the nested blocks of an actor that are steps.
func stepBlocks() []syntax.Nested {
	blocks := make([]syntax.Nested, len(stepKinds))
	for i, k := range stepKinds {
		blocks[i] = syntax.Nested{Name: string(k.kind), Labels: []string{"label"}, Schema: k.schema}
	}
	return blocks
}

// stepParts and stepSettings are of every step.
var stepParts = []part[Step]{
	expression("for_each", "map(any) or set(string)", "One step for each element.", func(s *Step) **expr.Expression { return &s.Repetition.ForEach }),
	expression("params", "any", "Connection parameters of this step, to act as somebody else. Default: the actor's.",
		func(s *Step) **expr.Expression { return &s.Params }),
}

var stepSettings = []row[plan.StepSettings]{
	duration("timeout", "For the step. Default: the actor's timeouts.call, or 10s for an expect.", func(s *plan.StepSettings) *time.Duration { return &s.Timeout }),
	choice("on_failure", "What to do when it fails: halt (default) or continue.",
		func(s *plan.StepSettings) *plan.OnFailure { return &s.OnFailure }, plan.FailureHalt, plan.FailureContinue),
	flag("sensitive", "Whether the result is hidden, and what an ensure or expect compares.", func(s *plan.StepSettings) *bool { return &s.Sensitive }),
}

// callRows are those of the steps that are done once and remembered.
var callRows = []row[plan.Call]{
	choice("run", "When it is due: once (default), on_change, always, manual, or on_destroy, before the actor is destroyed.",
		func(c *plan.Call) *plan.Policy { return &c.Policy }, plan.RunOnce, plan.RunOnChange, plan.RunAlways, plan.RunManual, plan.RunOnDestroy),
	guard("only_if", "It is only done if this is true.", func(c *plan.Call) *cty.Value { return &c.OnlyIf }),
	guard("unless", "It is not done if this is true.", func(c *plan.Call) *cty.Value { return &c.Unless }),
	choice("on_unknown", "What to do when nobody knows whether it was done: fail (default), run, skip, or guard, by only_if and unless.",
		func(c *plan.Call) *plan.OnUnknown { return &c.OnUnknown }, plan.UnknownFail, plan.UnknownRun, plan.UnknownSkip, plan.UnknownGuard),
	flag("idempotent", "Whether it may be sent again when it is not certain that it did not run.", func(c *plan.Call) *bool { return &c.Idempotent }),
	custom("triggers", "any", "With run = \"on_change\", a change of this makes it due as well.",
		func(c *plan.Call, v Values, name string) { c.Triggers = v.Triggers(name) }),
	list("accept", "Codes of errors of the actor that count as done.", func(c *plan.Call) *[]string { return &c.Accept }),
	compared("expect", "What the result must contain.", func(c *plan.Call) *cty.Value { return &c.Expect }),
}

var actionRows = append([]row[plan.Action]{
	custom("call", "string", "Name of the action, nested ones with dots. Default: the label.",
		func(a *plan.Action, v Values, name string) { a.Name = v.Name(name, a.Name) }),
	custom("args", "list(any)", "The arguments. Default: none.",
		func(a *plan.Action, v Values, name string) { a.Args = v.Args(name, a.Args) }),
}, within(func(a *plan.Action) *plan.Call { return &a.Call }, callRows)...)

var ensureRows = []row[plan.Ensure]{
	compared("value", "The value as it is, from a read or the live state.", func(e *plan.Ensure) *cty.Value { return &e.Value }).required(),
	custom("want", "any", "What it should be.", func(e *plan.Ensure, v Values, name string) {
		if v.Has("args") {
			e.Want = v.Compared(name)
		} else {
			e.Want = v.Payload(name)
		}
	}).required(),
	custom("call", "string", "Name of the action that makes it so. Default: the label.",
		func(e *plan.Ensure, v Values, name string) { e.Action = v.Name(name, e.Action) }),
	custom("match", "string", "subset (default): the value may have more than is wanted; or exact.",
		func(e *plan.Ensure, v Values, name string) {
			e.Exact = v.Choice(name, []string{"subset", "exact"}) == "exact"
		}),
	custom("args", "list(any)", "The arguments, evaluated when the call is needed. Default: what is wanted, as the only one.",
		func(e *plan.Ensure, v Values, name string) {
			e.Args = v.LateArgs(name, oneArgument(e.Want), isBroken(e))
		}),
}

// isBroken reports whether a fact is known not to hold.
func isBroken(e *plan.Ensure) bool {
	if e.Value == cty.NilVal || e.Want == cty.NilVal {
		return false
	}
	holds := e.Holds()
	return holds.IsKnown() && holds.False()
}

// oneArgument returns the arguments of a call with one.
func oneArgument(arg cty.Value) cty.Value {
	if arg == cty.NilVal {
		return cty.DynamicVal
	}
	return cty.TupleVal([]cty.Value{arg})
}

var messageRows = append([]row[plan.Message]{
	custom("queue", "string", "Name of the queue. Default: the label.",
		func(m *plan.Message, v Values, name string) { m.Queue = v.Name(name, m.Queue) }),
	custom("body", "any", "The message. Default: null.",
		func(m *plan.Message, v Values, name string) { m.Body = orNull(v.Payload(name)) }),
	flag("wait", "Whether it is done only when the actor has worked on it, not when it is stored.", func(m *plan.Message) *bool { return &m.Wait }),
}, within(func(m *plan.Message) *plan.Call { return &m.Call }, callRows)...)

func orNull(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v
}

var requestRows = append([]row[plan.Request]{
	choice("method", "Default: GET.", // OPTIONS never reaches an actor: it is answered before
		func(r *plan.Request) *string { return &r.Method }, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
	custom("path", "string", "Path of the request, with a slash at its start.",
		func(r *plan.Request, v Values, name string) { r.Path = orNull(v.Path(name)) }).required(),
	custom("headers", "map(string)", "Headers of the request.",
		func(r *plan.Request, v Values, name string) { r.Headers = v.Headers(name) }),
	custom("json", "any", "A value to send as JSON.", func(r *plan.Request, v Values, name string) { r.JSON = v.JSON(name) }),
	custom("body", "string", "A text to send as it is.",
		func(r *plan.Request, v Values, name string) { r.Body = v.Converted(name, cty.String) }),
	custom("expect_status", "number or list(number)", "Which status is good. Default: any from 200 to 299.",
		func(r *plan.Request, v Values, name string) { r.Status = v.Statuses(name) }),
}, within(func(r *plan.Request) *plan.Call { return &r.Call }, callRows)...)

var expectRows = []row[plan.Expect]{
	compared("value", "The value as it is, to be compared with \"want\".", func(e *plan.Expect) *cty.Value { return &e.Value }),
	compared("want", "What it should be.", func(e *plan.Expect) *cty.Value { return &e.Want }),
	custom("condition", "bool", "What must be true, instead of \"value\" and \"want\".",
		func(e *plan.Expect, v Values, name string) { e.Condition, e.Unmet = v.Condition(name) }),
	custom("error_message", "string", "What to say when it does not hold.",
		func(e *plan.Expect, v Values, name string) { e.Message = v.Message(name) }),
	duration("interval", "Time between two looks. Default: growing.", func(e *plan.Expect) *time.Duration { return &e.Interval }),
}

// checkExpect checks that there is a condition, or a value with what is wanted.
func checkExpect(c *syntax.Content) hcl2.Diagnostics {
	value, want, condition := c.Attributes["value"], c.Attributes["want"], c.Attributes["condition"]
	switch {
	case condition != nil && value != nil:
		return c.Conflict("condition", "value")
	case condition != nil && want != nil:
		return c.Conflict("condition", "want")
	case condition == nil && (value == nil || want == nil):
		return hcl2.Diagnostics{syntax.Problem("Missing required argument",
			"An expect has either \"value\" and \"want\", or \"condition\".", c.MissingRange)}
	}
	return nil
}
