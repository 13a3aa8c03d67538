package evaluate

import (
	"fmt"
	"net/url"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"golang.org/x/net/http/httpguts"

	"riveter/hcl/expr"
	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// Name reads what a call is addressed to: an action, a queue. It must be known while planning and is no secret.
func (e *evaluator) Name(attribute, fallback string) string {
	ex := e.attributes[attribute]
	if ex == nil {
		return fallback
	}
	v, ok := e.known(attribute, cty.String)
	if ok && v.AsString() == "" {
		e.fail(attribute, "Empty name", fmt.Sprintf("%q is empty. Leave it out to use the label, %q.", attribute, fallback))
	}
	if !ok {
		return fallback
	}
	return v.AsString()
}

// Payload reads a value that is sent to an actor. An absent one is cty.NilVal, a wrong one is unknown.
func (e *evaluator) Payload(name string) cty.Value {
	return e.kept(name, func(v cty.Value) hcl2.Diagnostics { return payload.Check(lastName(name), v, e.attributes[name], e.ctx) })
}

// Compared reads a value that is only compared, so that it may be any that an actor has. An absent one is cty.NilVal, a wrong one is
// unknown.
func (e *evaluator) Compared(name string) cty.Value { return e.kept(name, nil) }

// kept reads a value that is remembered, so that it must not be ephemeral.
func (e *evaluator) kept(name string, check func(cty.Value) hcl2.Diagnostics) cty.Value {
	ex := e.attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := e.frame.value(ex, e.ctx, check)
	diags = append(diags, checkEphemeral(lastName(name), v, ex, e.ctx)...)
	e.note(name, ex, v)
	e.diags = append(e.diags, diags...)
	return v
}

// Args reads a list of arguments as a tuple.
func (e *evaluator) Args(name string, fallback cty.Value) cty.Value {
	v := e.Payload(name)
	if v == cty.NilVal {
		return fallback
	}
	args, ok := tuple(v)
	if !ok {
		e.fail(name, "Invalid arguments", fmt.Sprintf(
			"%q is the list of all arguments, not %s. For a single argument, put it into brackets: %s = [ ... ].", name, syntax.WithArticle(v.Type()), name))
	}
	return args
}

// LateArgs reads arguments that may not be needed. Where they have no value, because of what a server says, and are not needed as
// far as is known, they are unknown.
func (e *evaluator) LateArgs(name string, fallback cty.Value, needed bool) cty.Value {
	before := len(e.diags)
	args := e.Args(name, fallback)
	if ex := e.attributes[name]; needed || ex == nil || ex.IsGiven() || !e.diags[before:].HasErrors() {
		return args
	}
	e.diags = e.diags[:before]
	return cty.DynamicVal
}

// tuple makes a tuple of a list, set or tuple, with its marks, and reports whether v is one. Null is the empty one.
func tuple(v cty.Value) (cty.Value, bool) {
	v, marks := v.Unmark()
	t := v.Type()
	isList := t.IsTupleType() || t.IsListType() || t.IsSetType()
	switch {
	case !v.IsKnown():
		return cty.DynamicVal.WithMarks(marks), isList || t == cty.DynamicPseudoType
	case v.IsNull():
		return cty.EmptyTupleVal, true
	case t.IsTupleType():
		return v.WithMarks(marks), true
	case isList:
		return cty.TupleVal(v.AsValueSlice()).WithMarks(marks), true
	default:
		return cty.DynamicVal, false
	}
}

// Path reads the path of a request.
func (e *evaluator) Path(name string) cty.Value {
	v := e.Converted(name, cty.String)
	if v == cty.NilVal {
		return v
	}
	text, _ := v.Unmark()
	switch {
	case !text.IsKnown():
	case text.IsNull() || !strings.HasPrefix(text.AsString(), "/"):
		e.fail(name, "Invalid path", "The path of a request starts with a slash, such as \"/rooms?limit=10\". The actor is in front of it already.")
	default:
		e.checkPath(name, text.AsString())
	}
	return v
}

// checkPath says what is wrong with a path, without quoting it: there may be a secret in it.
func (e *evaluator) checkPath(name, path string) {
	segments, _, _ := strings.Cut(path, "?")
	_, err := url.Parse(path)
	switch {
	case strings.Contains(path, "#"):
		e.fail(name, "Invalid path", "The path has a # in it, and what follows one is never sent. Write it as %23.")
	case strings.Contains(segments, "//"): // its router answers 404
		e.fail(name, "Invalid path", "The path has two slashes in a row, with which the engine hands no request to an actor.")
	case err != nil:
		e.fail(name, "Invalid path", "The path has a control character in it, or a percent sign that no two hexadecimal digits follow. Write those as %25 for the percent sign, %0A for a line feed, and so on.")
	}
}

// Headers reads the headers of a request.
func (e *evaluator) Headers(name string) cty.Value {
	v := e.Converted(name, cty.Map(cty.String))
	if v == cty.NilVal || v.IsNull() {
		return v
	}
	headers, _ := v.UnmarkDeep()
	if !headers.IsKnown() {
		return v
	}
	for header, text := range headers.AsValueMap() {
		switch {
		case !httpguts.ValidHeaderFieldName(header):
			e.fail(name, "Invalid header", fmt.Sprintf("%q is no name of a header, which is made of letters, digits and dashes.", header))
		case text.IsKnown() && !text.IsNull() && !httpguts.ValidHeaderFieldValue(text.AsString()):
			e.fail(name, "Invalid header", fmt.Sprintf("The header %s has a line break or another character that no header can carry. chomp(…) takes off the last line break of a file.", header))
		}
	}
	return v
}

// Converted reads a value that is sent as one of the given type, with its marks.
func (e *evaluator) Converted(name string, want cty.Type) cty.Value {
	v := e.Payload(name)
	if v == cty.NilVal {
		return cty.NilVal
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		e.diags = append(e.diags, syntax.WrongType(lastName(name), want, v, err, e.attributes[name], e.ctx))
		return cty.UnknownVal(want)
	}
	return converted
}

// JSON reads a value that is sent as JSON.
func (e *evaluator) JSON(name string) cty.Value {
	v := e.Payload(name)
	if v != cty.NilVal {
		e.diags = append(e.diags, payload.CheckJSON(name, v, e.attributes[name], e.ctx)...)
	}
	return v
}

// Triggers reads a value that is compared from run to run.
func (e *evaluator) Triggers(name string) cty.Value { return lasting(e.Compared(name)) }

// Connection reads connection parameters with their marks. Those that are not known, as while validating, count as absent.
func (e *evaluator) Connection(name string) cty.Value {
	ex := e.attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := e.frame.payload(name, ex, e.ctx)
	e.diags = append(e.diags, diags...)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return cty.NilVal
	}
	return v
}

// Guard reads something that is true, false or not known yet. An absent one is cty.NilVal.
func (e *evaluator) Guard(name string) cty.Value {
	ex := e.attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := e.frame.boolean(name, ex, e.ctx)
	e.note(name, ex, v)
	e.diags = append(e.diags, diags...)
	return v
}

// Condition reads true, false or unknown, and shows what a condition that does not hold is made of.
func (e *evaluator) Condition(name string) (holds cty.Value, unmet *hcl2.Diagnostic) {
	holds = e.Guard(name)
	if known, _ := holds.Unmark(); known != cty.NilVal && known.IsKnown() && known.False() {
		unmet = syntax.ProblemIn("Fact does not hold", "", e.attributes[name], e.ctx)
	}
	return holds, unmet
}

// Statuses reads which status of an answer is good: one, or a list.
func (e *evaluator) Statuses(name string) []int {
	ex := e.attributes[name]
	if ex == nil {
		return nil
	}
	v, diags := e.frame.value(ex, e.ctx, nil)
	e.diags = append(e.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	v, _ = v.UnmarkDeep()
	if v.Type() == cty.Number || v.Type() == cty.String {
		v = cty.TupleVal([]cty.Value{v})
	}
	var statuses []int
	for _, element := range elementsOf(v) {
		status, fault := countNumber(element)
		if fault != "" || status < 100 || status > 599 {
			e.fail(name, "Invalid status", fmt.Sprintf("%q is a status such as 200, or a list of them.", name))
			return nil
		}
		statuses = append(statuses, status)
	}
	return statuses
}

// elementsOf returns the elements of a list that is known; of anything else, the value itself.
func elementsOf(v cty.Value) []cty.Value {
	if args, ok := tuple(v); ok && args.IsKnown() {
		return args.AsValueSlice()
	}
	return []cty.Value{v}
}

// checkEphemeral reports a value that differs from run to run where it would be kept.
func checkEphemeral(what string, v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if !value.HasEphemeral(v) {
		return nil
	}
	return hcl2.Diagnostics{syntax.ProblemIn("Ephemeral value would be kept", fmt.Sprintf(
		"%q is kept in plans and ledgers, but this value is made of an ephemeral variable. Such values can be used in the rivet block and in params.", what,
	), ex, ctx)}
}
