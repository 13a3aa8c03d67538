package instances

import (
	"fmt"
	"net/url"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/net/http/httpguts"

	"riveter/hcl/expr"
	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// Name reads what a call is addressed to: an action, a queue. It must be known while planning and is no secret.
func (e *Reader) Name(attribute, fallback string) string {
	ex := e.Attributes[attribute]
	if ex == nil {
		return fallback
	}
	v, ok := e.said(attribute, cty.String)
	if ok && v.AsString() == "" {
		e.Fail(attribute, "Empty name", fmt.Sprintf("%q is empty. Leave it out to use the label, %q.", attribute, fallback))
	}
	if !ok {
		return fallback
	}
	return v.AsString()
}

// Payload reads a value that is sent to an actor. An absent one is cty.NilVal, a wrong one is unknown.
func (e *Reader) Payload(name string) cty.Value {
	return e.kept(name, func(v cty.Value) hcl2.Diagnostics { return payload.Check(lastName(name), v, e.Attributes[name], e.Ctx) })
}

// Compared reads a value that is only compared, so that it may be any that an actor has. An absent one is cty.NilVal, a wrong one is
// unknown.
func (e *Reader) Compared(name string) cty.Value { return e.kept(name, nil) }

// kept reads a value that is remembered, so that it must not be ephemeral.
func (e *Reader) kept(name string, check func(cty.Value) hcl2.Diagnostics) cty.Value {
	ex := e.Attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := e.Frame.Value(ex, e.Ctx, check)
	diags = append(diags, e.Frame.CheckEphemeral(lastName(name), v, ex, e.Ctx)...)
	e.Note(name, ex, v)
	e.Diags = append(e.Diags, diags...)
	if e.SecretFact {
		v = e.secret(ex, v)
	}
	return v
}

// secret marks the value of an expression, and tells what it is made of.
func (e *Reader) secret(ex *expr.Expression, v cty.Value) cty.Value {
	if v.HasMark(value.Sensitive) {
		return v
	}
	e.Frame.TellMade(ex, e.Ctx, true)
	v = v.Mark(value.Sensitive)
	TellSecret(e.Frame.Secret, v)
	return v
}

// Args reads a list of arguments as a tuple.
func (e *Reader) Args(name string, fallback cty.Value) cty.Value {
	v := e.Payload(name)
	if v == cty.NilVal {
		return fallback
	}
	args, ok := tuple(v)
	if !ok {
		e.Fail(name, "Invalid arguments", fmt.Sprintf(
			"%q is the list of all arguments, not %s. For a single argument, put it into brackets: %s = [ ... ].", name, syntax.WithArticle(v.Type()), name))
	}
	return args
}

// LateArgs reads arguments that may not be needed. Where they have no value, because of what a server says, and are not needed as
// far as is known, they are unknown.
func (e *Reader) LateArgs(name string, fallback cty.Value, needed bool) cty.Value {
	before := len(e.Diags)
	args := e.Args(name, fallback)
	if ex := e.Attributes[name]; needed || ex == nil || ex.IsGiven() || !e.Diags[before:].HasErrors() {
		return args
	}
	e.Diags = e.Diags[:before]
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
func (e *Reader) Path(name string) cty.Value {
	v := e.Converted(name, cty.String)
	if v == cty.NilVal {
		return v
	}
	text, _ := v.Unmark()
	switch {
	case !text.IsKnown():
	case text.IsNull() || !strings.HasPrefix(text.AsString(), "/"):
		e.Fail(name, "Invalid path", "The path of a request starts with a slash, such as \"/rooms?limit=10\". The actor is in front of it already.")
	default:
		e.checkPath(name, text.AsString())
	}
	return v
}

// checkPath says what is wrong with a path, without quoting it: there may be a secret in it.
func (e *Reader) checkPath(name, path string) {
	segments, _, _ := strings.Cut(path, "?")
	_, err := url.Parse(path)
	switch {
	case strings.Contains(path, "#"):
		e.Fail(name, "Invalid path", "The path has a # in it, and what follows one is never sent. Write it as %23.")
	case strings.Contains(segments, "//"): // its router answers 404
		e.Fail(name, "Invalid path", "The path has two slashes in a row, with which the engine hands no request to an actor.")
	case err != nil:
		e.Fail(name, "Invalid path", "The path has a control character in it, or a percent sign that no two hexadecimal digits follow. Write those as %25 for the percent sign, %0A for a line feed, and so on.")
	}
}

// Headers reads the headers of a request.
func (e *Reader) Headers(name string) cty.Value {
	v := e.Converted(name, cty.Map(cty.String))
	if v == cty.NilVal || v.IsNull() {
		return v
	}
	headers, _ := v.UnmarkDeep()
	if !headers.IsKnown() {
		return v
	}
	texts := headers.AsValueMap()
	for _, header := range syntax.SortedKeys(texts) {
		switch text := texts[header]; {
		case !httpguts.ValidHeaderFieldName(header):
			e.Fail(name, "Invalid header", "One of the names is not that of a header, which is made of letters, digits and dashes.")
		case text.IsKnown() && !text.IsNull() && !httpguts.ValidHeaderFieldValue(text.AsString()):
			e.Fail(name, "Invalid header", fmt.Sprintf("The header %s has a line break or another character that no header can carry. chomp(…) takes off the last line break of a file.", header))
		}
	}
	return v
}

// Converted reads a value that is sent as one of the given type, with its marks.
func (e *Reader) Converted(name string, want cty.Type) cty.Value {
	v := e.Payload(name)
	if v == cty.NilVal {
		return cty.NilVal
	}
	converted, err := value.Convert(v, want)
	if err != nil {
		e.Diags = append(e.Diags, syntax.WrongType(lastName(name), want, v, err, e.Attributes[name], e.Ctx))
		return cty.UnknownVal(want)
	}
	return converted
}

// JSON reads a value that is sent as JSON.
func (e *Reader) JSON(name string) cty.Value {
	v := e.Payload(name)
	if v != cty.NilVal {
		e.Diags = append(e.Diags, payload.CheckJSON(name, v, e.Attributes[name], e.Ctx)...)
	}
	return v
}

// Triggers reads a value that is compared from run to run.
func (e *Reader) Triggers(name string) cty.Value { return Lasting(e.Compared(name)) }

// Connection reads connection parameters with their marks. Those that are not known, as while validating, count as absent.
func (e *Reader) Connection(name string) cty.Value {
	ex := e.Attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := e.Frame.Payload(name, ex, e.Ctx)
	e.Diags = append(e.Diags, diags...)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return cty.NilVal
	}
	return v
}

// Guard reads something that is true, false or not known yet. An absent one is cty.NilVal.
func (e *Reader) Guard(name string) cty.Value {
	ex := e.Attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := e.Frame.Guard(name, ex, e.Ctx)
	e.Note(name, ex, v)
	e.Diags = append(e.Diags, diags...)
	return v
}

// Condition reads true, false or unknown, and shows what a condition that does not hold is made of.
func (e *Reader) Condition(name string) (holds cty.Value, unmet *hcl2.Diagnostic) {
	holds = e.Guard(name)
	if e.SecretFact {
		return holds, nil
	}
	if known, _ := holds.Unmark(); known != cty.NilVal && known.IsKnown() && known.False() {
		unmet = syntax.ProblemIn("Fact does not hold", "", e.Attributes[name], e.Ctx)
	}
	return holds, unmet
}

// Statuses reads which status of an answer is good: one, or a list.
func (e *Reader) Statuses(name string) []int {
	v, ok := e.known(name, cty.DynamicPseudoType)
	if !ok {
		return nil
	}
	if v.Type() == cty.Number || v.Type() == cty.String {
		v = cty.TupleVal([]cty.Value{v})
	}
	var statuses []int
	for _, element := range elementsOf(v) {
		status, fault := countNumber(element)
		if fault != "" || status < 100 || status > 599 {
			e.Fail(name, "Invalid status", fmt.Sprintf("%q is a status such as 200, or a list of them.", name))
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

// CheckEphemeral reports a value that differs from run to run where it would be kept.
func (f *Frame) CheckEphemeral(what string, v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if !f.Outside.Ephemeral || !value.HasEphemeral(v) {
		return nil
	}
	return hcl2.Diagnostics{syntax.ProblemIn("Ephemeral value would be kept", fmt.Sprintf(
		"%q is kept in plans and ledgers, but this value is made of an ephemeral variable. Such values can be used in the rivet block and in params.", what,
	), ex, ctx)}
}
