package instances

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/declare"
	"riveter/hcl/discreet"
	"riveter/hcl/expr"
	"riveter/plan/value"
)

// Outside is what expressions get from files, from the environment and from variables, and who is told where that may not be kept.
type Outside struct {
	Unkept    func(text string)
	Asked     bool            // for anything, by anybody
	Ephemeral bool            // whether any variable is; nothing else makes a value so
	told      int             // how many texts
	heard     map[string]bool // since somebody listens, and whether it is a whole text; nil while nobody does

	answers *answers // nil while nobody wants to know

	found map[source]bool // where origins were looked for and told, and whether there were any
}

// source is something that may be made of texts from outside: a value that is declared, or what is selected of it, as it was
// evaluated last.
type source struct {
	module *Module
	name   string
	frame  *Frame
	secret bool // whether what is found there is told as a secret
}

// Hear is told of each text that is got, and of each that there is not.
func (o *Outside) Hear(text string, found bool) {
	if !found {
		o.Answered(cty.NullVal(cty.String))
		return
	}
	o.Asked = true
	o.note(text)
	o.answeredText(text)
}

// note notes a whole text for who listens.
func (o *Outside) note(text string) {
	o.told++
	if o.heard != nil {
		o.heard[text] = true
	}
}

// IsGiven reports whether a variable of the root module has a value that the configuration does not say itself.
func IsGiven(v *declare.Variable, given cty.Value) bool {
	return v.Default == cty.NilVal || !given.RawEquals(v.Default)
}

// TellUnkept tells what an ephemeral variable was given.
func (o *Outside) TellUnkept(v *declare.Variable, given cty.Value) {
	if o.Unkept == nil || !IsGiven(v, given) {
		return
	}
	for _, text := range value.Secrets(given.Mark(value.Sensitive)) {
		o.Unkept(text)
	}
}

// origins finds the texts from outside that a value is made of: it evaluates the expression again, and those of what that refers to.
type origins struct {
	*Outside
	secret bool // what is found is
	apart  bool // what a name stands for is looked at where it is declared
}

// TellOrigins tells the texts from outside of which the sensitive parts of a value are made.
func (f *Frame) TellOrigins(ex *expr.Expression, ctx *hcl2.EvalContext, v cty.Value) {
	if !f.Outside.Asked || f.Secret == nil {
		return
	}
	f.originsOf(func(o *origins) { o.ofSecrets(f, ex, ctx, v) }, true)
}

// TellAllOrigins tells those of a value that is to be sensitive in whole, unless it is: then they have been told.
func (f *Frame) TellAllOrigins(b Binding) {
	if f.Outside.Asked && f.Secret != nil && !b.Value.HasMark(value.Sensitive) {
		f.originsOf(func(o *origins) { o.ofBinding(b, nil) }, true)
	}
}

// TellCredentials tells those that attributes are made of which give access: all of them are secrets.
func (e *Reader) TellCredentials() {
	for name, ex := range e.Attributes {
		if slices.Contains(discreet.Credentials, name) {
			e.Frame.TellMade(ex, e.Ctx, true)
		}
	}
}

// tellParams tells those that connection parameters are made of, whoever has them: they may be secrets, so they are not kept.
func (f *Frame) tellParams(ex *expr.Expression, ctx *hcl2.EvalContext) {
	f.TellMade(ex, ctx, false)
}

// TellMade tells those of the whole value of an expression, as secrets or only as what is not to be kept.
func (f *Frame) TellMade(ex *expr.Expression, ctx *hcl2.EvalContext, secret bool) {
	if f.Outside.Asked && f.Secret != nil {
		f.originsOf(func(o *origins) { o.of(f, ex.Expression, ctx) }, secret)
	}
}

// tellSecretText tells a text, which may be the only line of a file.
func (f *Frame) tellSecretText(text string) {
	f.Secret(cty.StringVal(text).Mark(value.Sensitive))
	f.Secret(cty.StringVal(strings.TrimSpace(text)).Mark(value.Sensitive))
}

// originsOf tells what is found, as secrets or only as what is not to be kept.
func (f *Frame) originsOf(find func(*origins), secret bool) {
	f.Outside.heard = map[string]bool{}
	find(&origins{Outside: f.Outside, secret: secret})
	heard := f.Outside.heard
	f.Outside.heard = nil
	for text, whole := range heard {
		if secret {
			f.tellSecretText(text)
		}
		if whole && f.Outside.Unkept != nil {
			f.Outside.Unkept(text)
		}
	}
}

// ofSecrets finds those of the parts of a value that are sensitive, or that the expression makes so.
func (o *origins) ofSecrets(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext, v cty.Value) {
	if wrapped, ok := ex.(*expr.Expression); ok {
		ex = wrapped.Expression
	}
	if v.HasMark(value.Sensitive) {
		o.ofMarked(f, ex, ctx)
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
		o.ofMarking(f, node, ctx)
	default:
		o.ofTemplates(f, ex, ctx)
	}
}

// ofMarked finds those of an expression whose value is sensitive in whole: what it asks for itself, and what it marks. Whether what it
// names is a secret, that says itself: nothing is one for standing beside one.
func (o *origins) ofMarked(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext) {
	node, isNative := ex.(hclsyntax.Node)
	if !isNative {
		o.ofTemplates(f, ex, ctx)
		return
	}
	apart := *o
	apart.apart = true
	apart.of(f, ex, ctx)
	o.ofMarking(f, node, ctx)
}

// ofMarking finds those of what an expression gives to the function sensitive.
func (o *origins) ofMarking(f *Frame, node hclsyntax.Node, ctx *hcl2.EvalContext) {
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl2.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && expr.IsMarking(call) {
			o.of(f, call, ctx)
		}
		return nil
	})
}

// ofTemplates finds those of the sensitive strings of an expression of JSON, and all where that cannot be looked into: in a block
// that is repeated by dynamic, which has names of its own.
func (o *origins) ofTemplates(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext) {
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
	name, ok := nameOf(key, ctx)
	if !ok || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
		return cty.NilVal, false
	}
	return v.GetAttr(name), true
}

// nameOf returns the name that the key of an object means, and whether it is known.
func nameOf(key hcl2.Expression, ctx *hcl2.EvalContext) (string, bool) {
	name, diags := key.Value(ctx)
	name, _ = name.Unmark()
	name, err := convert.Convert(name, cty.String)
	if diags.HasErrors() || err != nil || name.IsNull() || !name.IsKnown() {
		return "", false
	}
	return name.AsString(), true
}

// of finds those of the whole value of an expression.
func (o *origins) of(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext) {
	if _, outer := o.made(f, ex, ctx); outer {
		o.ofParts(f, ex, ctx)
	}
}

// made evaluates an expression for what it reads, and reports whether that is anything. What is wrong with it has been reported.
func (o *origins) made(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext) (v cty.Value, outer bool) {
	before := o.told
	v, _ = ex.Value(ctx)
	outer = o.told > before
	return v, o.refersOutside(f, ex) || outer
}

// ofNamed finds those of an expression that another one refers to, or of what is selected of it by names, and reports whether
// there are any. What is taken out of a collection, the other one says.
func (o *origins) ofNamed(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext, names []string) bool {
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
func (o *origins) ofReference(f *Frame, t hcl2.Traversal) bool {
	if o.apart {
		return false
	}
	t = expr.Unfolded(t)
	var names []string
	for _, step := range t[1:] {
		name, _ := expr.TraversalName(step)
		names = append(names, name)
	}
	return len(names) > 0 && o.ofNames(f, t.RootName(), names)
}

// once looks where nobody has looked yet. What was found there was told.
func (o *origins) once(module *Module, name string, of *Frame, look func() bool) bool {
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

func (o *origins) ofNames(f *Frame, root string, names []string) bool {
	switch {
	case root == "var" || root == "local":
		b := f.Module.Binding(root + "." + names[0])
		return o.once(f.Module, fmt.Sprintf("%s%q", root, names), b.From.Frame, func() bool { return o.ofBinding(b, names[1:]) })
	case root == "module":
		return o.ofModule(f.Module.Calls[root+"."+names[0]], names[1:])
	case root == "each" && names[0] == "value": // a key is in addresses
		return o.once(f.Module, root, f, func() bool { return o.ofRepeated(f) })
	default:
		return false
	}
}

// ofRepeated finds those of what the block is repeated for that a frame is of.
func (o *origins) ofRepeated(f *Frame) (outer bool) {
	for _, b := range f.Module.Blocks {
		if slices.Contains(b.Actor.Scopes(), f.scope) {
			outer = o.ofBinding(Binding{From: b.Repeats}, nil) || outer
		}
	}
	return outer
}

func (o *origins) ofBinding(b Binding, names []string) bool {
	outer := b.Given
	if b.Given {
		o.ofGiven(b.Value, names)
	}
	if b.From.Expression != nil {
		outer = o.ofNamed(b.From.Frame, b.From.Expression.Expression, b.From.Ctx, names) || outer
	}
	if b.From.Repeats != nil && b.From.Expression.Mentions("each") {
		outer = o.ofBinding(Binding{From: *b.From.Repeats}, nil) || outer
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
func (o *origins) ofModule(c *Call, names []string) (outer bool) {
	if c == nil {
		return false
	}
	for _, s := range c.Instances {
		for _, output := range s.Tree.Module.Outputs {
			if slices.Contains(names, output.Name) {
				b := s.Binding(output.Address())
				outer = o.once(s, output.Address(), b.From.Frame, func() bool { return o.ofBinding(b, nil) }) || outer
			}
		}
	}
	return outer
}
