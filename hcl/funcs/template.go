package funcs

import (
	"fmt"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

// templateFile renders a file as a template, which may call every function but templatefile itself.
func templateFile(read func(string) ([]byte, error), table map[string]function.Function) function.Function {
	known := maps.Clone(table)
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}, {Name: "vars", Type: cty.DynamicPseudoType, AllowDynamicType: true}},
		Type: func(args []cty.Value) (cty.Type, error) {
			switch {
			case !args[0].IsKnown():
				return cty.DynamicPseudoType, nil
			case !args[1].IsKnown(): // the template is there, or is not, whatever it is given
				_, err := readText(read, args[0].AsString())
				return cty.DynamicPseudoType, err
			}
			v, err := render(read, known, args[0].AsString(), args[1])
			return v.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return render(read, known, args[0].AsString(), args[1])
		},
	})
}

// templateString renders a text as a template, which may call what one in a file may.
func templateString(table map[string]function.Function) function.Function {
	known := maps.Clone(table)
	delete(known, "templatefile")
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "template", Type: cty.String}, {Name: "vars", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			if !args[0].IsKnown() || !args[1].IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			v, err := renderText(known, "the template", args[0].AsString(), args[1])
			return v.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return renderText(known, "the template", args[0].AsString(), args[1])
		},
	})
}

func render(read func(string) ([]byte, error), known map[string]function.Function, path string, vars cty.Value) (cty.Value, error) {
	source, err := readText(read, path)
	if err != nil {
		return cty.DynamicVal, function.NewArgError(0, err)
	}
	return renderText(known, path, source, vars)
}

func renderText(known map[string]function.Function, path, source string, vars cty.Value) (cty.Value, error) {
	failed := cty.DynamicVal
	if t := vars.Type(); !t.IsMapType() && !t.IsObjectType() {
		return failed, function.NewArgErrorf(1, "the variables of a template are an object, such as { name = \"value\" }")
	}
	template, diags := syntax.ParseTemplate([]byte(source), path)
	if diags.HasErrors() {
		return failed, function.NewArgErrorf(0, "%s", brief(diags))
	}
	ctx := &hcl2.EvalContext{Variables: vars.AsValueMap(), Functions: known}
	for _, traversal := range template.Variables() {
		if _, ok := ctx.Variables[traversal.RootName()]; !ok {
			return failed, function.NewArgErrorf(1, "%s uses %q, which is not among the variables that were given", path, traversal.RootName())
		}
	}
	v, diags := template.Value(ctx)
	if diags.HasErrors() && expr.Marks(template) {
		return failed, function.NewArgErrorf(0, "%s cannot be rendered. What is wrong is not shown, since it makes something sensitive", path)
	}
	if diags.HasErrors() {
		return failed, function.NewArgErrorf(0, "%s", brief(diags))
	}
	return v, nil
}

func brief(diags hcl2.Diagnostics) string {
	d := diags[slices.IndexFunc(diags, func(d *hcl2.Diagnostic) bool { return d.Severity == hcl2.DiagError })]
	return fmt.Sprintf("%s:%d: %s; %s", d.Subject.Filename, d.Subject.Start.Line, d.Summary, d.Detail)
}
