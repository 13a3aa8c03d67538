package evaluate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// evaluator evaluates attributes of a block and collects what is wrong with them. It implements [declare.Values].
type evaluator struct {
	frame      *frame
	ctx        *hcl2.EvalContext
	attributes map[string]*expr.Expression
	keepsNone  bool               // of the values, so that they may be ephemeral
	unknown    []value.Ingredient // how what is not known yet is made, by attributes
	diags      hcl2.Diagnostics
}

// note keeps how the value of an expression is made, if it is not known.
func (e *evaluator) note(name string, ex *expr.Expression, v cty.Value) {
	e.unknown = append(e.unknown, ingredientsOf(name, e.frame.making(ex, e.ctx, v))...)
}

// evaluator returns one of attributes that are the same for all instances.
func (f *frame) evaluator(attributes map[string]*expr.Expression) *evaluator {
	return &evaluator{frame: f, ctx: f.ctx, attributes: attributes}
}

func (e *evaluator) fail(name, summary, detail string) {
	e.diags = append(e.diags, syntax.ProblemIn(summary, detail, e.attributes[name], e.ctx))
}

// typed returns the value of an attribute as the given type, unmarked. It is not ok if it is absent or wrong.
func (e *evaluator) typed(name string, want cty.Type) (v cty.Value, ok bool) {
	ex := e.attributes[name]
	if ex == nil {
		return cty.NilVal, false
	}
	v, diags := e.frame.value(ex, e.ctx, nil)
	if !e.keepsNone {
		diags = append(diags, checkEphemeral(lastName(name), v, ex, e.ctx)...)
	}
	e.diags = append(e.diags, diags...)
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	v, _ = v.UnmarkDeep()
	converted, err := convert.Convert(v, want)
	if err != nil {
		e.diags = append(e.diags, syntax.WrongType(lastName(name), want, v, err, ex, e.ctx))
		return cty.NilVal, false
	}
	return converted, true
}

// known returns the value of an attribute that must be known while planning. It is not ok if it is absent, null or wrong.
func (e *evaluator) known(name string, want cty.Type) (v cty.Value, ok bool) {
	v, ok = e.typed(name, want)
	switch {
	case !ok:
		return cty.NilVal, false
	case !v.IsWhollyKnown():
		if !e.frame.lenient {
			e.fail(name, "Value not known while planning", fmt.Sprintf(
				"%q depends on what is only known after apply, but it must be known to make a plan.", lastName(name)))
		}
		return cty.NilVal, false
	}
	return v, !v.IsNull()
}

// lastName returns the name of an attribute without the names of the blocks around it.
func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func (e *evaluator) Text(name string) string {
	if v, ok := e.known(name, cty.String); ok {
		return v.AsString()
	}
	return ""
}

func (e *evaluator) Flag(name string) bool {
	v, ok := e.known(name, cty.Bool)
	return ok && v.True()
}

// Duration reads a length of time such as "1m30s".
func (e *evaluator) Duration(name string) time.Duration {
	v, ok := e.known(name, cty.String)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		e.fail(name, "Invalid duration", fmt.Sprintf(
			"%q must be a length of time greater than zero, written with its unit, such as \"500ms\", \"10s\" or \"1m30s\".", lastName(name)))
		return 0
	}
	return d
}

// Number reads a whole number that is not negative.
func (e *evaluator) Number(name string) *int {
	v, ok := e.known(name, cty.Number)
	if !ok {
		return nil
	}
	n, fault := countNumber(v)
	if fault != "" {
		e.fail(name, "Wrong type of value", fault)
		return nil
	}
	return &n
}

// Choice reads an attribute that has one of a few values. The first is the default.
func (e *evaluator) Choice(name string, of []string) string {
	v, ok := e.known(name, cty.String)
	if !ok {
		return of[0]
	}
	if slices.Contains(of, v.AsString()) {
		return v.AsString()
	}
	spelt := slices.DeleteFunc(slices.Clone(of), func(value string) bool { return value == "" })
	written := fmt.Sprintf(", not %q.%s", v.AsString(), syntax.DidYouMean(v.AsString(), spelt))
	if marked, _ := e.frame.value(e.attributes[name], e.ctx, nil); value.HasSensitive(marked) {
		written = "."
	}
	e.fail(name, "Unknown value", fmt.Sprintf("%q must be one of %s%s", lastName(name), strings.Join(spelt, ", "), written))
	return of[0]
}

// Texts reads a map of strings. Elements that are null are left out.
func (e *evaluator) Texts(name string) map[string]string {
	v, ok := e.known(name, cty.Map(cty.String))
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

// List reads a list of strings.
func (e *evaluator) List(name string) []string {
	v, ok := e.known(name, cty.List(cty.String))
	if !ok {
		return nil
	}
	var list []string
	for _, element := range v.AsValueSlice() {
		if element.IsNull() {
			e.fail(name, "Wrong type of value", "An element is null, but all of them must be strings.")
			return nil
		}
		list = append(list, element.AsString())
	}
	return list
}

// Message reads the author's words for the case that something does not hold; none if there are none.
func (e *evaluator) Message(name string) string {
	ex := e.attributes[name]
	if ex == nil {
		return ""
	}
	text, diags := e.frame.errorMessage(ex, e.ctx)
	e.diags = append(e.diags, diags...)
	return text
}
