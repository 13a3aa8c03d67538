package instances

import (
	"encoding/base64"
	"slices"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// answers are what the world outside has said, in the order in which it was asked: texts, null where there is none, and paths.
type answers []cty.Value

// Answered notes what the world outside has said, for who wants to know.
func (o *Outside) Answered(v cty.Value) {
	if o.answers != nil {
		*o.answers = append(*o.answers, v)
	}
}

func (o *Outside) answeredText(text string) {
	if o.answers != nil && !utf8.ValidString(text) {
		text = base64.StdEncoding.EncodeToString([]byte(text)) // as no text has these bytes
	}
	o.Answered(cty.StringVal(text))
}

// Noting evaluates an expression, and notes what the world outside has said for it.
func (f *Frame) Noting(ex *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	if len(ex.Asks) == 0 || f.Lenient {
		return ex.Value(ctx)
	}
	var said answers
	f.Outside.answers = &said
	v, diags := ex.Value(ctx)
	isPlain := value.IsPlain(v)
	if !isPlain && !value.IsKnown(v) {
		f.askPerhaps(ex, ctx)
	}
	f.Outside.answers = nil
	f.keepAnswers(ex, said, !isPlain && value.HasSensitive(v))
	return v, diags
}

// askPerhaps makes the calls that are perhaps not made, as in an expression over a list that is not known, by themselves, as far as
// what they are given is known.
func (f *Frame) askPerhaps(ex *expr.Expression, ctx *hcl2.EvalContext) {
	for _, call := range ex.Asks {
		if call.Perhaps {
			_, _ = call.Value(ctx) // what is wrong with it comes up when it is made
		}
	}
}

func (f *Frame) keepAnswers(ex *expr.Expression, said answers, secret bool) {
	if f.answers == nil {
		f.answers = map[*expr.Expression]answers{}
	}
	if secret {
		for i := range said {
			said[i] = said[i].Mark(value.Sensitive)
		}
	}
	f.answers[ex] = said
}

// ingredients of what is made of these answers.
func (a answers) ingredients() []value.Ingredient {
	all := make([]value.Ingredient, len(a))
	for i, v := range a {
		all[i] = value.Ingredient{Value: v}
	}
	return all
}

// placesRead are the parts of an expression that only say where something is which it reads: a path that is written in it, and where
// the configuration is. What is found there counts. An expression of JSON has no places of its parts.
func placesRead(ex *expr.Expression) []hcl2.Range {
	if !expr.IsNative(ex.Expression) {
		return nil
	}
	var places []hcl2.Range
	for _, call := range ex.Asks {
		if expr.ReadsPath(call.Name) && len(call.Args) > 0 {
			places = append(places, fixedParts(call.Args[0])...)
		}
	}
	return places
}

// fixedParts are those of a path that are the same for all instances, in whatever folder the configuration is: all of it, or the
// names that say which folder that is.
func fixedParts(path hclsyntax.Expression) []hcl2.Range {
	names := path.Variables()
	folders := slices.DeleteFunc(slices.Clone(names), func(t hcl2.Traversal) bool { return t.RootName() != "path" })
	if len(folders) == len(names) {
		return []hcl2.Range{path.Range()}
	}
	return rangesOf(folders)
}
