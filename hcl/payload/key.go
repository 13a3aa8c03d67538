package payload

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/value"
)

// maxKeyBytes is what the engine accepts of a serialized key.
const maxKeyBytes = 1024

// Key reads the value of an actor's key: a string, or a list of them, which comes behind a prefix, unless it has that, and more behind it,
// and is made of what actors say. It is not known if a part of it is not.
func Key(v cty.Value, prefix []string, isHeard func() bool, ex *expr.Expression, ctx *hcl2.EvalContext) (key []string, known bool, diags hcl2.Diagnostics) {
	fail := func(detail string) ([]string, bool, hcl2.Diagnostics) {
		return nil, false, hcl2.Diagnostics{syntax.ProblemIn("Invalid key", detail, ex, ctx)}
	}
	v = value.WithoutSources(v)
	if !value.IsPlain(v) {
		if hidden := syntax.Hidden(v, "keys are shown in plans and kept in ledgers"); hidden != "" {
			return fail(hidden)
		}
		return nil, false, keyTypeFault(v.Type(), ex, ctx)
	}
	switch {
	case v.IsNull():
		return fail("The key is null. An actor without a key of its own has the key [].")
	case v.Type().IsPrimitiveType():
		v = cty.TupleVal([]cty.Value{v})
	case !isSequence(v.Type()):
		return fail(keyFault(v.Type()))
	}
	for it := v.ElementIterator(); it.Next(); {
		n, element := it.Element()
		part, err := convert.Convert(value.WithDigits(element), cty.String)
		if err != nil {
			return fail(fmt.Sprintf("Part %s of the key is %s, but a key is made of strings.", ordinal(n), syntax.WithArticle(element.Type())))
		}
		if part.IsNull() {
			return fail(fmt.Sprintf("Part %s of the key is null, but a key is made of strings.", ordinal(n)))
		}
		key = append(key, part.AsString())
	}
	if n := len(prefix); n == 0 || len(key) <= n || !slices.Equal(key[:n], prefix) || !isHeard() {
		key = slices.Concat(prefix, key)
	}
	if key == nil {
		key = []string{}
	}
	return key, true, checkKey(key, ex, ctx)
}

func ordinal(index cty.Value) string {
	if index.Type() != cty.Number {
		return "" // of a set, whose elements have no numbers
	}
	n, _ := index.AsBigFloat().Int64()
	return fmt.Sprint(n + 1)
}

func isSequence(t cty.Type) bool { return t.IsTupleType() || t.IsListType() }

// keyTypeFault reports a value that is not known, but is of a type that no key has.
func keyTypeFault(t cty.Type, ex *expr.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if t == cty.DynamicPseudoType || t.IsPrimitiveType() || isSequence(t) {
		return nil
	}
	return hcl2.Diagnostics{syntax.ProblemIn("Invalid key", keyFault(t), ex, ctx)}
}

func keyFault(t cty.Type) string {
	return fmt.Sprintf("A key is a string, or a list of strings such as [\"org-acme\", \"general\"], not %s.", syntax.WithArticle(t))
}

// checkKey checks a key against the limits of the engine.
func checkKey(key []string, ex *expr.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if len(key) == 0 {
		d := syntax.ProblemIn("Empty key", "With the key [] there is only one such actor, whatever the load: a singleton does not scale. "+
			"If one is meant, give it a name, such as [\"main\"].", ex, ctx)
		d.Severity = hcl2.DiagWarning
		return hcl2.Diagnostics{d}
	}
	wire := plan.WireKey(key)
	unspeakable, found := plan.Unspeakable(key)
	switch {
	case len(wire) > maxKeyBytes:
		return hcl2.Diagnostics{syntax.ProblemIn("Key too long", fmt.Sprintf(
			"The key has %d bytes as it is sent, and at most %d are accepted. Use a shorter name for what it stands for, or a hash of it.", len(wire), maxKeyBytes,
		), ex, ctx)}
	case found:
		return hcl2.Diagnostics{syntax.ProblemIn("Invalid key", fmt.Sprintf(
			"The key has the control character U+%04X in it: such an actor can be created, but its calls are never answered.", unspeakable,
		), ex, ctx)}
	case !utf8.ValidString(wire):
		return hcl2.Diagnostics{syntax.ProblemIn("Invalid key", "The key is not valid UTF-8.", ex, ctx)}
	}
	return nil
}

// SpellKey returns a key on one line, as it is written.
func SpellKey(key []string) string {
	parts := make([]string, len(key))
	for i, part := range key {
		parts[i] = fmt.Sprintf("%q", part)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
