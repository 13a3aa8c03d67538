package funcs

import (
	"errors"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/plan/value"
)

// guard says which arguments are not for a function that would break on them.
type guard struct {
	broken string                                   // what is wrong where the function panics
	result func(cty.Value) error                    // what is wrong with what it returns; nil for a function whose results are always good
	check  func(args []cty.Value) string            // what is wrong with arguments that are known, for which the memory would not do; nil for a function with none such
	bounds func(args []cty.Value, t cty.Type) error // what is wrong with the type of what it returns, for which it would not do either; nil for none
}

// guards are those of functions that check too little by themselves.
var guards = map[string]guard{
	"abs":             {check: endless},
	"ceil":            {check: endless},
	"floor":           {check: endless},
	"max":             {check: endless},
	"min":             {check: endless},
	"signum":          {check: endless},
	"log":             {broken: "both numbers must be greater than zero, and the base must not be 1", check: endless},
	"sum":             {broken: "infinite numbers of both signs have no sum"},
	"setintersection": {broken: "the elements are of types that have nothing in common"},
	"setsubtract":     {broken: "the elements are of types that have nothing in common"},
	"setunion":        {broken: "the elements are of types that have nothing in common"},
	"transpose":       {broken: "none of the lists, nor an element of one, may be null"},
	"zipmap":          {broken: "no key may be null"},
	"merge":           {broken: "only maps and objects can be merged"},
	"indent":          {broken: "the number of spaces must not be negative", check: indents},
	"format":          {check: pads},
	"formatlist":      {check: pads},
	"tonumber":        {check: overflows, result: value.CheckNumbers},
	"yamldecode":      {check: nests, bounds: repeats, result: value.CheckNumbers},
	"pow":             {broken: "a negative number has whole powers only", check: endless},
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
		if g.check != nil { // before the type is found out, for which some do all that they do
			if wrong := g.check(args); wrong != "" {
				return cty.NilType, errors.New(wrong)
			}
		}
		t, err := f.ReturnTypeForValues(args)
		if err == nil && g.bounds != nil {
			err = g.bounds(args, t)
		}
		return t, g.told(err)
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, err := f.Call(args)
		if err == nil && g.result != nil {
			err = g.result(v)
		}
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

// overflows reports digits that the library would take for an infinite number.
func overflows(args []cty.Value) string {
	text, _ := args[0].Unmark()
	if !text.IsKnown() || text.IsNull() || text.Type() != cty.String || !strings.ContainsAny(text.AsString(), "0123456789") {
		return ""
	}
	if v, err := cty.ParseNumberVal(text.AsString()); err != nil || !v.AsBigFloat().IsInf() {
		return ""
	}
	return value.ErrEndless.Error()
}

// endless reports a number with more digits than are read, which was a text before.
func endless(args []cty.Value) string {
	for _, arg := range args {
		if arg, _ = arg.Unmark(); arg.Type() == cty.Number && arg.IsKnown() && value.CheckNumbers(arg) != nil {
			return value.ErrEndless.Error()
		}
	}
	return ""
}

// finite checks numbers of JSON, which has no infinite one: what is so has overflowed.
func finite(v cty.Value) error {
	if value.AnyPart(v, func(part cty.Value) bool {
		return part.RawEquals(cty.PositiveInfinity) || part.RawEquals(cty.NegativeInfinity)
	}) {
		return value.ErrEndless
	}
	return value.CheckNumbers(v)
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
