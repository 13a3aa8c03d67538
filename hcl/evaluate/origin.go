package evaluate

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan/value"
)

// outside is what expressions get from files, from the environment and from variables, and who is told where that may not be kept.
type outside struct {
	unkept func(text string)
	asked  bool            // for anything, by anybody
	told   int             // how many texts
	heard  map[string]bool // since somebody listens, and whether it is a whole text; nil while nobody does

	answers *answers // nil while nobody wants to know

	found map[source]bool // where origins were looked for and told, and whether there were any
}

// source is something that may be made of texts from outside: a value that is declared, or what is selected of it, as it was
// evaluated last.
type source struct {
	module *moduleInstance
	name   string
	frame  *frame
	secret bool // whether what is found there is told as a secret
}

func (o *outside) hear(text string, found bool) {
	if !found {
		o.answered(cty.NullVal(cty.String))
		return
	}
	o.asked = true
	o.note(text)
	o.answeredText(text)
}

// note notes a whole text for who listens.
func (o *outside) note(text string) {
	o.told++
	if o.heard != nil {
		o.heard[text] = true
	}
}

// isGiven reports whether a variable of the root module has a value that the configuration does not say itself.
func isGiven(v *declare.Variable, given cty.Value) bool {
	return v.Default == cty.NilVal || !given.RawEquals(v.Default)
}

// tellUnkept tells what an ephemeral variable was given.
func (o *outside) tellUnkept(v *declare.Variable, given cty.Value) {
	if o.unkept == nil || !isGiven(v, given) {
		return
	}
	for _, text := range value.Secrets(given.Mark(value.Sensitive)) {
		o.unkept(text)
	}
}

// origins finds the texts from outside that a value is made of: it evaluates the expression again, and those of what that refers to.
type origins struct {
	*outside
	secret bool // what is found is
}

// tellOrigins tells the texts from outside of which the sensitive parts of a value are made.
func (f *frame) tellOrigins(ex *expr.Expression, ctx *hcl2.EvalContext, v cty.Value) {
	if !f.outside.asked || f.secret == nil {
		return
	}
	f.originsOf(func(o *origins) { o.ofSecrets(f, ex, ctx, v) }, true)
}

// tellAllOrigins tells those of a value that is sensitive in whole.
func (f *frame) tellAllOrigins(b binding) {
	if f.outside.asked && f.secret != nil {
		f.originsOf(func(o *origins) { o.ofBinding(b, nil) }, true)
	}
}

// tellCredentials tells those that attributes are made of which give access: all of them are secrets.
func (e *evaluator) tellCredentials() {
	for name, ex := range e.attributes {
		if slices.Contains(declare.Credentials, name) {
			e.frame.tellMade(ex, e.ctx, true)
		}
	}
}

// tellParams tells those that connection parameters are made of, whoever has them: they may be secrets, so they are not kept.
func (f *frame) tellParams(ex *expr.Expression, ctx *hcl2.EvalContext) {
	f.tellMade(ex, ctx, false)
}

func (f *frame) tellMade(ex *expr.Expression, ctx *hcl2.EvalContext, secret bool) {
	if f.outside.asked && f.secret != nil {
		f.originsOf(func(o *origins) { o.of(f, ex.Expression, ctx) }, secret)
	}
}

// tellSecretText tells a text, which may be the only line of a file.
func (f *frame) tellSecretText(text string) {
	f.secret(cty.StringVal(text).Mark(value.Sensitive))
	f.secret(cty.StringVal(strings.TrimSpace(text)).Mark(value.Sensitive))
}

// originsOf tells what is found, as secrets or only as what is not to be kept.
func (f *frame) originsOf(find func(*origins), secret bool) {
	f.outside.heard = map[string]bool{}
	find(&origins{f.outside, secret})
	heard := f.outside.heard
	f.outside.heard = nil
	for text, whole := range heard {
		if secret {
			f.tellSecretText(text)
		}
		if whole && f.outside.unkept != nil {
			f.outside.unkept(text)
		}
	}
}

// ofSecrets finds those of the parts of a value that are sensitive, or that the expression makes so.
func (o *origins) ofSecrets(f *frame, ex hcl2.Expression, ctx *hcl2.EvalContext, v cty.Value) {
	if wrapped, ok := ex.(*expr.Expression); ok {
		ex = wrapped.Expression
	}
	if v.HasMark(value.Sensitive) {
		o.of(f, ex, ctx)
		return
	}
	switch node := ex.(type) {
	case *hclsyntax.ParenthesesExpr:
		o.ofSecrets(f, node.Expression, ctx, v)
	case *hclsyntax.ObjectConsExpr:
		for _, item := range node.Items {
			if member, ok := memberOf(v, item.KeyExpr, ctx); ok && value.HasSensitive(member) {
				o.ofSecrets(f, item.ValueExpr, ctx, member)
			}
		}
	case *hclsyntax.TupleConsExpr:
		for i, element := range node.Exprs {
			if part := v.Index(cty.NumberIntVal(int64(i))); value.HasSensitive(part) {
				o.ofSecrets(f, element, ctx, part)
			}
		}
	case hclsyntax.Node:
		_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl2.Diagnostics {
			if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && call.Name == "sensitive" {
				o.of(f, call, ctx)
			}
			return nil
		})
	default:
		o.ofTemplates(f, ex, ctx)
	}
}

// ofTemplates finds those of the sensitive strings of an expression of JSON, and all where that cannot be looked into: in a block
// that is repeated by dynamic, which has names of its own.
func (o *origins) ofTemplates(f *frame, ex hcl2.Expression, ctx *hcl2.EvalContext) {
	found := false
	for _, template := range expr.Templates(ex) {
		part, diags := template.Value(ctx)
		if diags.HasErrors() {
			found = false
			break
		}
		if value.HasSensitive(part) {
			o.ofSecrets(f, template, ctx, part)
			found = true
		}
	}
	if !found {
		o.of(f, ex, ctx)
	}
}

// memberOf returns the member of an object that was made with a key, and whether there is one.
func memberOf(v cty.Value, key hcl2.Expression, ctx *hcl2.EvalContext) (cty.Value, bool) {
	name, diags := key.Value(ctx)
	name, _ = name.Unmark()
	if diags.HasErrors() || name.IsNull() || !name.IsKnown() || name.Type() != cty.String || !v.Type().IsObjectType() || !v.Type().HasAttribute(name.AsString()) {
		return cty.NilVal, false
	}
	return v.GetAttr(name.AsString()), true
}

// of finds those of the whole value of an expression.
func (o *origins) of(f *frame, ex hcl2.Expression, ctx *hcl2.EvalContext) {
	if _, outer := o.made(f, ex, ctx); outer {
		o.ofParts(f, ex, ctx)
	}
}

// made evaluates an expression for what it reads, and reports whether that is anything. What is wrong with it has been reported.
func (o *origins) made(f *frame, ex hcl2.Expression, ctx *hcl2.EvalContext) (v cty.Value, outer bool) {
	before := o.told
	v, _ = ex.Value(ctx)
	outer = o.told > before
	return v, o.refersOutside(f, ex) || outer
}

// ofNamed finds those of an expression that another one refers to, or of what is selected of it by names, and reports whether
// there are any. What is taken out of a collection, the other one says.
func (o *origins) ofNamed(f *frame, ex hcl2.Expression, ctx *hcl2.EvalContext, names []string) bool {
	if object, ok := ex.(*hclsyntax.ObjectConsExpr); ok && len(names) > 0 {
		for _, item := range object.Items {
			if hcl2.ExprAsKeyword(item.KeyExpr) == names[0] {
				return o.ofNamed(f, item.ValueExpr, ctx, names[1:])
			}
		}
	}
	v, outer := o.made(f, ex, ctx)
	if t := v.Type(); outer && !t.IsCollectionType() && !t.IsObjectType() && !t.IsTupleType() {
		o.ofParts(f, ex, ctx)
	}
	return outer
}

// ofReference finds those of a value that is declared elsewhere.
func (o *origins) ofReference(f *frame, t hcl2.Traversal) bool {
	var names []string
	for _, step := range t[1:] {
		name, _ := expr.TraversalName(step)
		names = append(names, name)
	}
	return len(names) > 0 && o.ofNames(f, t.RootName(), names)
}

// once looks where nobody has looked yet. What was found there was told.
func (o *origins) once(module *moduleInstance, name string, of *frame, look func() bool) bool {
	s := source{module, name, of, o.secret}
	outer, known := o.found[s]
	if !known {
		outer = look()
		if o.found == nil {
			o.found = map[source]bool{}
		}
		o.found[s] = outer
	}
	return outer
}

func (o *origins) ofNames(f *frame, root string, names []string) bool {
	switch {
	case root == "var" || root == "local":
		b := f.module.binding(root + "." + names[0])
		return o.once(f.module, fmt.Sprintf("%s%q", root, names), b.from.frame, func() bool { return o.ofBinding(b, names[1:]) })
	case root == "module":
		return o.ofModule(f.module.calls[root+"."+names[0]], names[1:])
	case root == "each" && names[0] == "value": // a key is in addresses
		return o.once(f.module, root, f, func() bool { return o.ofRepeated(f) })
	default:
		return false
	}
}

// ofRepeated finds those of what the block is repeated for that a frame is of.
func (o *origins) ofRepeated(f *frame) (outer bool) {
	for _, b := range f.module.blocks {
		if slices.Contains(b.actor.Scopes(), f.scope) {
			outer = o.ofBinding(binding{from: b.repeats}, nil) || outer
		}
	}
	return outer
}

func (o *origins) ofBinding(b binding, names []string) bool {
	outer := b.given
	if b.given {
		o.ofGiven(b.value, names)
	}
	if b.from.expression != nil {
		outer = o.ofNamed(b.from.frame, b.from.expression.Expression, b.from.ctx, names) || outer
	}
	if b.from.repeats != nil && b.from.expression.Mentions("each") {
		outer = o.ofBinding(binding{from: *b.from.repeats}, nil) || outer
	}
	return outer
}

// ofGiven finds those of what a variable was given, or of what is selected of it by names.
func (o *origins) ofGiven(v cty.Value, names []string) {
	for _, name := range names {
		v, _ = v.Unmark()
		if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
			break
		}
		v = v.GetAttr(name)
	}
	for _, text := range value.Secrets(v.Mark(value.Sensitive)) {
		o.note(text)
	}
}

// ofModule finds those of the outputs of a module that are among the names; of all instances, whichever is meant.
func (o *origins) ofModule(c *moduleBlock, names []string) (outer bool) {
	if c == nil {
		return false
	}
	for _, s := range c.instances {
		for _, output := range s.tree.Module.Outputs {
			if slices.Contains(names, output.Name) {
				b := s.binding(output.Address())
				outer = o.once(s, output.Address(), b.from.frame, func() bool { return o.ofBinding(b, nil) }) || outer
			}
		}
	}
	return outer
}
