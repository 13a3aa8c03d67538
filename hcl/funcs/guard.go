package funcs

import (
	"errors"
	"regexp"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// guard says which arguments are not for a function that would break on them.
type guard struct {
	broken string                        // what is wrong where the function panics
	check  func(args []cty.Value) string // what is wrong with arguments that are known, for which the memory would not do; nil for a function with none such
}

// guards are those of functions that check too little by themselves.
var guards = map[string]guard{
	"log":             {broken: "both numbers must be greater than zero, and the base must not be 1"},
	"pow":             {broken: "a negative number has whole powers only"},
	"sum":             {broken: "infinite numbers of both signs have no sum"},
	"setintersection": {broken: "the elements are of types that have nothing in common"},
	"setsubtract":     {broken: "the elements are of types that have nothing in common"},
	"setunion":        {broken: "the elements are of types that have nothing in common"},
	"merge":           {broken: "only maps and objects can be merged"},
	"indent":          {broken: "the number of spaces must not be negative", check: indents},
	"format":          {check: pads},
	"formatlist":      {check: pads},
}

// guarded returns a function that does what f does, and says what is wrong where that breaks.
func guarded(f function.Function, g guard) function.Function {
	spec := &function.Spec{Description: f.Description()}
	for _, p := range f.Params() {
		spec.Params = append(spec.Params, takingAll(p))
	}
	if rest := f.VarParam(); rest != nil {
		all := takingAll(*rest)
		spec.VarParam = &all
	}
	spec.Type = func(args []cty.Value) (cty.Type, error) {
		t, err := f.ReturnTypeForValues(args)
		return t, g.told(err)
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if g.check != nil {
			if wrong := g.check(args); wrong != "" {
				return cty.NilVal, errors.New(wrong)
			}
		}
		v, err := f.Call(args)
		return v, g.told(err)
	}
	return function.New(spec)
}

// told returns an error that is no panic.
func (g guard) told(err error) error {
	if _, panicked := errors.AsType[function.PanicError](err); panicked {
		return errors.New(g.broken)
	}
	return err
}

// takingAll returns a parameter that leaves it to another one of its type to say what it takes.
func takingAll(p function.Parameter) function.Parameter {
	p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
	return p
}

// widest is more than anybody indents by.
const widest = 9999

func indents(args []cty.Value) string {
	spaces, _ := args[0].Unmark()
	if !spaces.IsKnown() || spaces.IsNull() || spaces.LessThanOrEqualTo(cty.NumberIntVal(widest)).True() {
		return ""
	}
	return "there can be 9999 spaces at most"
}

var tooWide = regexp.MustCompile(`%[^a-zA-Z%]*[1-9][0-9]{7}`)

func pads(args []cty.Value) string {
	format, _ := args[0].Unmark()
	if format.IsKnown() && !format.IsNull() && tooWide.MatchString(format.AsString()) {
		return "a width, precision or index can be 9999999 at most"
	}
	return ""
}
