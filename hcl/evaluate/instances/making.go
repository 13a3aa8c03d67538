package instances

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan/address"
	"riveter/plan/value"
)

// MakingOf says how the value of an expression came about, if that is not known. What is plain is not looked through again.
func (f *Frame) MakingOf(o Outcome, ex *expr.Expression, ctx *hcl2.EvalContext) *value.Making {
	if o.Plain {
		return nil
	}
	return f.Making(ex, ctx, o.Value)
}

// Making says how the value of an expression is made, if that is not known. While only checking, nobody asks.
func (f *Frame) Making(ex *expr.Expression, ctx *hcl2.EvalContext, v cty.Value) *value.Making {
	switch {
	case f.Lenient || f.OnlyCheck || value.IsKnown(v):
		return nil
	case ex.Varies:
		return f.Described(ex, ctx)
	}
	m, ok := f.makings[ex]
	if !ok {
		m = f.Described(ex, f.Ctx)
		if f.makings == nil {
			f.makings = map[*expr.Expression]*value.Making{}
		}
		f.makings[ex] = m
	}
	return m
}

// Described says how the value of an expression is made, known or not.
func (f *Frame) Described(ex *expr.Expression, ctx *hcl2.EvalContext) *value.Making {
	names, places := ex.Variables(), placesRead(ex)
	m := &value.Making{Text: f.wording(ex, append(rangesOf(names), places...)), Of: f.answers[ex].ingredients()}
	for _, t := range names {
		if !isWithin(places, t.SourceRange()) {
			m.Of = append(m.Of, f.ingredient(ex, t, ctx))
		}
	}
	return m
}

// wording is the text of an expression without some parts, which is the same for all instances.
func (f *Frame) wording(ex *expr.Expression, without []hcl2.Range) string {
	text, ok := f.wordings[ex]
	if !ok {
		text = strings.Join(words(ex, without, f.Config.Text), " ")
		if f.wordings == nil {
			f.wordings = map[*expr.Expression]string{}
		}
		f.wordings[ex] = text
	}
	return text
}

// words are the tokens of an expression, however it is laid out, each quoted, without some parts.
func words(ex hcl2.Expression, without []hcl2.Range, text func(hcl2.Range) []byte) []string {
	whole := ex.Range()
	tokens, _ := hclsyntax.LexExpression(text(whole), whole.Filename, whole.Start) // it was parsed before
	var quoted []string
	for _, token := range tokens {
		if !isWithin(without, token.Range) && token.Type != hclsyntax.TokenNewline && token.Type != hclsyntax.TokenComment {
			quoted = append(quoted, fmt.Sprintf("%q", token.Bytes))
		}
	}
	return quoted
}

func rangesOf(names []hcl2.Traversal) []hcl2.Range {
	ranges := make([]hcl2.Range, len(names))
	for i, t := range names {
		ranges[i] = t.SourceRange()
	}
	return ranges
}

func isWithin(ranges []hcl2.Range, part hcl2.Range) bool {
	return slices.ContainsFunc(ranges, func(r hcl2.Range) bool { return holds(r, part) })
}

// holds reports whether a part is in a range. Ranges of the library overlap where they only touch.
func holds(r, part hcl2.Range) bool {
	return r.Start.Byte <= part.Start.Byte && part.End.Byte <= r.End.Byte && part.Start.Byte < r.End.Byte
}

func (f *Frame) ingredient(ex *expr.Expression, t hcl2.Traversal, ctx *hcl2.EvalContext) value.Ingredient {
	v, found := referent(t, ctx)
	if !found {
		return value.Ingredient{Name: spelled(t)}
	}
	if v.IsWhollyKnown() {
		return value.Ingredient{Value: Lasting(v)}
	}
	part := value.Ingredient{Name: spelled(t)}
	if !isBlank(v) {
		part.Value = Lasting(v)
	}
	if root := t.RootName(); (root == "var" || root == "local") && len(t) > 1 {
		part.Name = spelled(t[2:])
	}
	for _, r := range ex.References {
		if r.Range.Overlaps(t.SourceRange()) && r.Root == t.RootName() {
			part.Made = append(part.Made, f.makingsOf(r, ctx)...)
		}
	}
	return part
}

// isBlank reports whether nothing at all of a value is known, so that nobody has to keep it.
func isBlank(v cty.Value) bool {
	v, _ = v.Unmark()
	if !v.IsKnown() {
		return true
	}
	if v.IsNull() || !v.CanIterateElements() || v.LengthInt() == 0 {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, element := it.Element(); !isBlank(element) {
			return false
		}
	}
	return true
}

// makingsOf says how what is declared elsewhere is made.
func (f *Frame) makingsOf(r *expr.Reference, ctx *hcl2.EvalContext) []*value.Making {
	switch {
	case r.Root == "var" || r.Root == "local":
		return present(f.Module.Binding(r.Address()).Making)
	case !expr.IsRepeatable(r.Root):
		return nil
	}
	var picked table
	if r.Index == nil {
		picked.add(r.Address(), f.Module.target(r), r.Attribute())
	} else {
		f.pick(&picked, r, ctx)
	}
	return picked.at(r.Address()).makings()
}

func (p picked) makings() []*value.Making {
	if p.whole {
		return p.target.makings(p.only)
	}
	return allMakings(p.members, p.only)
}

func allMakings[M member](members []M, only names) []*value.Making {
	var all []*value.Making
	for _, m := range members {
		all = append(all, m.makings(only)...)
	}
	return all
}

func (c *Call) makings(only names) []*value.Making { return allMakings(c.Instances, only) }

func (b *Block) makings(only names) []*value.Making { return allMakings(b.Instances, only) }

func (s *Module) makings(only names) []*value.Making {
	var all []*value.Making
	for _, o := range s.Tree.Module.Outputs {
		if only == nil || only[o.Name] {
			all = append(all, present(s.Binding(o.Address()).Making)...)
		}
	}
	return all
}

// makings says which actor this is, and how what is declared of it is made. What its steps give is told by the address of each,
// and by what they send.
func (i *Instance) makings(only names) []*value.Making {
	all := []*value.Making{{Text: i.Desired.Address.String(), Of: i.lookedFor()}}
	if only == nil || only["input"] || only["key"] || i.Block.Actor.Kind == address.KindData {
		all = append(all, present(i.Desired.Making)...)
	}
	if only == nil || only["read"] {
		all = append(all, i.questions(nil)...)
	}
	return all
}

// lookedFor says of a data block which actor it means, as far as that is known, and as whom that is asked.
func (i *Instance) lookedFor() []value.Ingredient {
	if i.Block.Actor.Kind != address.KindData {
		return nil
	}
	parts := []value.Ingredient{{Name: "params", Value: i.Desired.Params, GivesAccess: true}}
	switch {
	case i.KeyKnown && i.Desired.Key != nil:
		parts = append(parts, value.Ingredient{Name: "key", Value: i.key()})
	case i.KeyKnown:
		parts = append(parts, value.Ingredient{Name: "id", Value: cty.StringVal(i.Desired.ID)})
	}
	return parts
}

// questions says what the reads with these labels ask, or all of them.
func (i *Instance) questions(labels []string) []*value.Making {
	var all []*value.Making
	for _, r := range i.Desired.Reads {
		if labels == nil || slices.Contains(labels, r.Label) {
			all = append(all, &value.Making{Text: r.Label, Of: []value.Ingredient{
				{Name: r.Action, Value: r.Args}, {Value: r.Path, Made: present(r.Making)},
			}})
		}
	}
	return all
}

// StepMaking says how what is not known of a step is made, of which the parts are its attributes.
func (i *Instance) StepMaking(s *declare.Step, parts []value.Ingredient, round Round) *value.Making {
	if round.Key.IsZero() { // how often it is made may not be known
		parts = append(parts, IngredientsOf("for_each", round.making)...)
	}
	if len(parts) > 0 && len(s.Reads) > 0 {
		parts = append(parts, value.Ingredient{Name: "read", Made: i.questions(s.Reads)})
	}
	return Assembled(parts, *i.Round, round)
}

// present is the list of what may be missing.
func present(m *value.Making) []*value.Making {
	if m == nil {
		return nil
	}
	return []*value.Making{m}
}

// IngredientsOf are those of something that has a part which is not known; none where there is no such part.
func IngredientsOf(part string, m *value.Making) []value.Ingredient {
	if m == nil {
		return nil
	}
	return []value.Ingredient{{Name: part, Made: present(m)}}
}

// Assembled is how something is made that has parts; nil where all of them are known.
func Assembled(parts []value.Ingredient, rounds ...Round) *value.Making {
	for _, round := range rounds {
		if len(parts) > 0 && round.making != nil {
			parts = append(parts, value.Ingredient{Name: round.root, Made: present(round.making)})
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return &value.Making{Of: parts}
}

// spelled writes what a traversal selects.
func spelled(t hcl2.Traversal) string { return string(hclwrite.TokensForTraversal(t).Bytes()) }
