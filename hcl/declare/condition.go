package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

var conditionSchema = &syntax.Schema{
	Doc: "Something that must be true.",
	Attributes: []syntax.Attribute{
		{Name: "condition", Type: "bool", Required: true, Doc: "What must be true."},
		{Name: "error_message", Type: "string", Required: true, Doc: "What to say when it is not, in whole sentences."},
	},
}

// Condition is a decoded block of the kind that states a condition and what to say when it does not hold.
type Condition struct {
	Holds        *Expression
	ErrorMessage *Expression
	Range        hcl2.Range
}

// decodeConditions decodes blocks that each state a condition. Those that lack a part are reported and left out.
func decodeConditions(blocks hcl2.Blocks) ([]*Condition, hcl2.Diagnostics) {
	var conditions []*Condition
	var diags hcl2.Diagnostics
	for _, block := range blocks {
		c, more := conditionSchema.Decode(block.Body)
		diags = append(diags, more...)
		decoded := &Condition{Holds: attributeOf(c, "condition"), ErrorMessage: attributeOf(c, "error_message"), Range: block.DefRange}
		if decoded.Holds != nil && decoded.ErrorMessage != nil {
			conditions = append(conditions, decoded)
		}
	}
	return conditions, diags
}

func conditionExpressions(conditions []*Condition) []*Expression {
	var all []*Expression
	for _, c := range conditions {
		all = append(all, c.Holds, c.ErrorMessage)
	}
	return all
}

var checkSchema = &syntax.Schema{
	Doc:    "Assertions about the whole. One that does not hold is worth a warning.",
	Blocks: []syntax.Nested{{Name: "assert", Schema: conditionSchema}},
}

// Check is a decoded check block.
type Check struct {
	name    string
	Asserts []*Condition
	Scope   *Scope
	rng     hcl2.Range
}

func (c *Check) Address() string { return "check." + c.name }

func decodeCheck(block *hcl2.Block) (*Check, hcl2.Diagnostics) {
	c, diags := checkSchema.Decode(block.Body)
	asserts, more := decodeConditions(c.ByType["assert"])
	diags = append(diags, more...)
	if len(c.ByType["assert"]) == 0 && !c.HasDynamic {
		diags = append(diags, syntax.Problem("Missing block", "A check has at least one assert block, with what must hold.", c.MissingRange))
	}
	g := &Scope{Expressions: conditionExpressions(asserts)}
	return &Check{name: block.Labels[0], Asserts: asserts, Scope: g, rng: block.DefRange}, diags
}
