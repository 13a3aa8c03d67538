package evaluate

import (
	"fmt"
	"strings"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/declare"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

// evaluator evaluates attributes of a block and collects what is wrong with them.
type evaluator struct {
	frame      *frame
	ctx        *hcl2.EvalContext
	attributes map[string]*declare.Expression
	diags      hcl2.Diagnostics
}

func (r *evaluator) fail(name, summary, detail string) {
	r.diags = append(r.diags, syntax.ProblemIn(summary, detail, r.attributes[name], r.ctx))
}

// typed returns the value of an attribute as the given type, unmarked. It is not ok if it is absent or wrong.
func (r *evaluator) typed(name string, want cty.Type) (v cty.Value, ok bool) {
	ex := r.attributes[name]
	if ex == nil {
		return cty.NilVal, false
	}
	v, diags := r.frame.value(ex, r.ctx, nil)
	r.diags = append(r.diags, diags...)
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	v, _ = v.UnmarkDeep()
	converted, err := convert.Convert(v, want)
	if err != nil {
		r.diags = append(r.diags, syntax.WrongType(lastName(name), want, v, err, ex, r.ctx))
		return cty.NilVal, false
	}
	return converted, true
}

// known returns the value of an attribute that must be known while planning. It is not ok if it is absent, null or wrong.
func (r *evaluator) known(name string, want cty.Type) (v cty.Value, ok bool) {
	v, ok = r.typed(name, want)
	switch {
	case !ok:
		return cty.NilVal, false
	case !v.IsWhollyKnown():
		if !r.frame.lenient {
			r.fail(name, "Value not known while planning", fmt.Sprintf(
				"%q depends on what is only known after apply, but it must be known to make a plan.", lastName(name)))
		}
		return cty.NilVal, false
	}
	return v, !v.IsNull()
}

// lastName returns the name of an attribute without the names of the blocks around it.
func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func (r *evaluator) text(name string) string {
	if v, ok := r.known(name, cty.String); ok {
		return v.AsString()
	}
	return ""
}

func (r *evaluator) flag(name string) bool {
	v, ok := r.known(name, cty.Bool)
	return ok && v.True()
}

// duration reads a length of time such as "1m30s".
func (r *evaluator) duration(name string) time.Duration {
	v, ok := r.known(name, cty.String)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		r.fail(name, "Invalid duration", fmt.Sprintf(
			"%q must be a length of time greater than zero, written with its unit, such as \"500ms\", \"10s\" or \"1m30s\".", lastName(name)))
		return 0
	}
	return d
}

// number reads a whole number that is not negative.
func (r *evaluator) number(name string) *int {
	v, ok := r.known(name, cty.Number)
	if !ok {
		return nil
	}
	n, fault := countNumber(v)
	if fault != "" {
		r.fail(name, "Wrong type of value", fault)
		return nil
	}
	return &n
}

// choose reads an attribute that has one of a few values. The first is the default.
func choose[T ~string](r *evaluator, name string, values ...T) T {
	v, ok := r.known(name, cty.String)
	if !ok {
		return values[0]
	}
	var spelt []string
	for _, value := range values {
		if string(value) == v.AsString() {
			return value
		}
		if value != "" {
			spelt = append(spelt, string(value))
		}
	}
	written := fmt.Sprintf(", not %q.%s", v.AsString(), syntax.DidYouMean(v.AsString(), spelt))
	if marked, _ := r.frame.value(r.attributes[name], r.ctx, nil); value.HasSensitive(marked) {
		written = "."
	}
	r.fail(name, "Unknown value", fmt.Sprintf("%q must be one of %s%s", lastName(name), strings.Join(spelt, ", "), written))
	return values[0]
}

// texts reads a map of strings. Elements that are null are left out.
func (r *evaluator) texts(name string) map[string]string {
	v, ok := r.known(name, cty.Map(cty.String))
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

// list reads a list of strings.
func (r *evaluator) list(name string) []string {
	v, ok := r.known(name, cty.List(cty.String))
	if !ok {
		return nil
	}
	var list []string
	for _, element := range v.AsValueSlice() {
		if element.IsNull() {
			r.fail(name, "Wrong type of value", "An element is null, but all of them must be strings.")
			return nil
		}
		list = append(list, element.AsString())
	}
	return list
}

// message reads the author's words for the case that something does not hold; none if there are none.
func (r *evaluator) message(name string) string {
	ex := r.attributes[name]
	if ex == nil {
		return ""
	}
	text, diags := r.frame.errorMessage(ex, r.ctx)
	r.diags = append(r.diags, diags...)
	return text
}
