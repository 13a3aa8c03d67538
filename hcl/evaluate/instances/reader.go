package instances

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// Reader evaluates attributes of a block and collects what is wrong with them. It implements [declare.Values].
type Reader struct {
	Frame      *Frame
	Ctx        *hcl2.EvalContext
	Attributes map[string]*expr.Expression
	KeepsNone  bool               // of the values, so that they may be ephemeral
	SecretFact bool               // what is compared, what is sent for it and what is said of it are secrets
	Unknown    []value.Ingredient // how what is not known yet is made, by attributes
	Diags      hcl2.Diagnostics
}

// Note keeps how the value of an expression is made, if it is not known.
func (e *Reader) Note(name string, ex *expr.Expression, v cty.Value) {
	e.Unknown = append(e.Unknown, IngredientsOf(name, e.Frame.Making(ex, e.Ctx, v))...)
}

// Reader returns one of attributes that are the same for all instances.
func (f *Frame) Reader(attributes map[string]*expr.Expression) *Reader {
	return &Reader{Frame: f, Ctx: f.Ctx, Attributes: attributes}
}

// Fail says what is wrong with an attribute.
func (e *Reader) Fail(name, summary, detail string) {
	e.Diags = append(e.Diags, syntax.ProblemIn(summary, detail, e.Attributes[name], e.Ctx))
}

// Has implements [declare.Values].
func (e *Reader) Has(name string) bool { return e.Attributes[name] != nil }

// typed returns the value of an attribute as the given type, unmarked, and with its marks. It is not ok if it is absent or wrong.
func (e *Reader) typed(name string, want cty.Type) (v, marked cty.Value, ok bool) {
	ex := e.Attributes[name]
	if ex == nil {
		return cty.NilVal, cty.NilVal, false
	}
	marked, diags := e.Frame.Value(ex, e.Ctx, nil)
	if !e.KeepsNone {
		diags = append(diags, e.Frame.CheckEphemeral(lastName(name), marked, ex, e.Ctx)...)
	}
	e.Diags = append(e.Diags, diags...)
	if diags.HasErrors() {
		return cty.NilVal, marked, false
	}
	v, _ = marked.UnmarkDeep()
	converted, err := value.Convert(v, want)
	if err != nil {
		e.Diags = append(e.Diags, syntax.WrongType(lastName(name), want, v, err, ex, e.Ctx))
		return cty.NilVal, marked, false
	}
	return converted, marked, true
}

// known returns the value of an attribute that must be known while planning. It is not ok if it is absent, null or wrong.
func (e *Reader) known(name string, want cty.Type) (v cty.Value, ok bool) {
	v, _, ok = e.knownWithMarks(name, want)
	return v, ok
}

// said is known for what is shown, so that it must be no secret.
func (e *Reader) said(name string, want cty.Type) (v cty.Value, ok bool) {
	v, marked, ok := e.knownWithMarks(name, want)
	if !ok || e.KeepsNone {
		return v, ok
	}
	if hidden := syntax.Hidden(marked, fmt.Sprintf("%q is shown in plans and kept in saved ones", lastName(name))); hidden != "" {
		e.Fail(name, "Sensitive value", hidden)
		return cty.NilVal, false
	}
	return v, true
}

func (e *Reader) knownWithMarks(name string, want cty.Type) (v, marked cty.Value, ok bool) {
	v, marked, ok = e.typed(name, want)
	switch {
	case !ok:
		return cty.NilVal, marked, false
	case !v.IsWhollyKnown():
		if !e.Frame.Lenient {
			e.Fail(name, "Value not known while planning", fmt.Sprintf(
				"%q depends on what is only known after apply, but it must be known to make a plan.", lastName(name)))
		}
		return cty.NilVal, marked, false
	}
	return v, marked, !v.IsNull()
}

// lastName returns the name of an attribute without the names of the blocks around it.
func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// Text reads a string.
func (e *Reader) Text(name string) string {
	if v, ok := e.said(name, cty.String); ok {
		return v.AsString()
	}
	return ""
}

// Flag reads true or false. What is neither counts as false.
func (e *Reader) Flag(name string) bool {
	v, ok := e.known(name, cty.Bool)
	return ok && v.True()
}

// Duration reads a length of time such as "1m30s".
func (e *Reader) Duration(name string) time.Duration {
	v, ok := e.known(name, cty.String)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		e.Fail(name, "Invalid duration", fmt.Sprintf(
			"%q must be a length of time greater than zero, written with its unit, such as \"500ms\", \"10s\" or \"1m30s\".", lastName(name)))
		return 0
	}
	return d
}

// Number reads a whole number that is not negative.
func (e *Reader) Number(name string) *int {
	v, ok := e.known(name, cty.Number)
	if !ok {
		return nil
	}
	n, fault := countNumber(v)
	if fault != "" {
		e.Fail(name, "Wrong type of value", fault)
		return nil
	}
	return &n
}

// Choice reads an attribute that has one of a few values. The first is the default.
func (e *Reader) Choice(name string, of []string) string {
	v, marked, ok := e.knownWithMarks(name, cty.String)
	if !ok {
		return of[0]
	}
	if slices.Contains(of, v.AsString()) {
		return v.AsString()
	}
	spelt := slices.DeleteFunc(slices.Clone(of), func(value string) bool { return value == "" })
	written := fmt.Sprintf(", not %q.%s", v.AsString(), syntax.DidYouMean(v.AsString(), spelt))
	if value.HasSensitive(marked) {
		written = "."
	}
	e.Fail(name, "Unknown value", fmt.Sprintf("%q must be one of %s%s", lastName(name), strings.Join(spelt, ", "), written))
	return of[0]
}

// Texts reads a map of strings. Elements that are null are left out.
func (e *Reader) Texts(name string) map[string]string {
	v, ok := e.said(name, cty.Map(cty.String))
	if !ok {
		return nil
	}
	texts := map[string]string{}
	for key, element := range v.AsValueMap() {
		if !element.IsNull() {
			texts[key] = element.AsString()
		}
	}
	return texts
}

// List reads a list of strings; nil where there is none.
func (e *Reader) List(name string) []string {
	v, ok := e.said(name, cty.List(cty.String))
	if !ok {
		return nil
	}
	list := make([]string, 0, v.LengthInt())
	for _, element := range v.AsValueSlice() {
		if element.IsNull() {
			e.Fail(name, "Wrong type of value", "An element is null, but all of them must be strings.")
			return nil
		}
		list = append(list, element.AsString())
	}
	return list
}

// Message reads the author's words for the case that something does not hold; none if there are none.
func (e *Reader) Message(name string) string {
	ex := e.Attributes[name]
	if ex == nil {
		return ""
	}
	text, diags := e.Frame.errorMessage(ex, e.Ctx)
	e.Diags = append(e.Diags, diags...)
	if e.SecretFact && !ex.IsGiven() {
		return hiddenMessage
	}
	return text
}
