package hcl

import (
	"fmt"
	"strings"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// reader reads attributes that say how something is done. They must be known while planning.
type reader struct {
	frame      *frame
	ctx        *hcl2.EvalContext
	attributes map[string]*expression
	lenient    bool // what is unknown is left out, since variables are missing on purpose
	diags      hcl2.Diagnostics
}

// value returns the value of an attribute as the given type. It is not ok if it is absent, null or wrong.
func (r *reader) value(name string, want cty.Type) (v cty.Value, ok bool) {
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
	v, err := convert.Convert(v, want)
	switch {
	case err != nil:
		r.fail(name, "Wrong type of value", fmt.Sprintf("%q must be %s: %s.", name, article(want.FriendlyName()), err))
		return cty.NilVal, false
	case !v.IsWhollyKnown():
		if !r.lenient {
			r.fail(name, "Value not known while planning", fmt.Sprintf("%q depends on what is only known after apply, but it must be known to make a plan.", name))
		}
		return cty.NilVal, false
	}
	return v, !v.IsNull()
}

func (r *reader) fail(name, summary, detail string) {
	r.diags = append(r.diags, problemIn(summary, detail, r.attributes[name], r.ctx))
}

func (r *reader) text(name string) string {
	if v, ok := r.value(name, cty.String); ok {
		return v.AsString()
	}
	return ""
}

func (r *reader) flag(name string) bool {
	v, ok := r.value(name, cty.Bool)
	return ok && v.True()
}

// duration reads a length of time such as "1m30s".
func (r *reader) duration(name string) time.Duration {
	v, ok := r.value(name, cty.String)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		r.fail(name, "Invalid duration", fmt.Sprintf(
			"%q must be a length of time greater than zero, written with its unit, such as \"500ms\", \"10s\" or \"1m30s\".", name))
		return 0
	}
	return d
}

// choose reads an attribute that has one of a few values. The first is the default.
func choose[T ~string](r *reader, name string, values ...T) T {
	v, ok := r.value(name, cty.String)
	if !ok {
		return values[0]
	}
	known := make([]string, len(values))
	for i, value := range values {
		if string(value) == v.AsString() {
			return value
		}
		known[i] = string(value)
	}
	r.fail(name, "Unknown value", fmt.Sprintf("%q must be one of %s, not %q.%s",
		name, strings.Join(known, ", "), v.AsString(), didYouMean(v.AsString(), known)))
	return values[0]
}
