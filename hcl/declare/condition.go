package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

var conditionSchema = &syntax.Schema{Doc: "Something that must be true.", Attributes: attributes(conditionParts)}

var conditionParts = []part[Condition]{
	expression("condition", "bool", "What must be true.", func(c *Condition) **expr.Expression { return &c.Holds }).required(),
	expression("error_message", "string", "What to say when it is not, in whole sentences.", func(c *Condition) **expr.Expression { return &c.ErrorMessage }).required(),
}

// Condition is a decoded block of the kind that states a condition and what to say when it does not hold.
type Condition struct {
	Holds        *expr.Expression
	ErrorMessage *expr.Expression
	Range        hcl2.Range
}

// decodeConditions decodes blocks that each state a condition. Those that lack a part are reported and left out.
func decodeConditions(blocks hcl2.Blocks) ([]*Condition, hcl2.Diagnostics) {
	var conditions []*Condition
	var diags hcl2.Diagnostics
	for _, block := range blocks {
		c, more := conditionSchema.Decode(block.Body)
		diags = append(diags, more...)
		decoded := &Condition{Range: block.DefRange}
		diags = append(diags, keep(decoded, c, conditionParts)...)
		if decoded.Holds != nil && decoded.ErrorMessage != nil {
			conditions = append(conditions, decoded)
		}
	}
	return conditions, diags
}

func conditionExpressions(conditions []*Condition) []*expr.Expression {
	var all []*expr.Expression
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

// Address returns the address within the module.
func (c *Check) Address() string { return "check." + c.name }

func decodeCheck(block *hcl2.Block) (*Check, hcl2.Diagnostics) {
	c, diags := checkSchema.Decode(block.Body)
	asserts, more := decodeConditions(c.ByType["assert"])
	diags = append(diags, more...)
	if len(c.ByType["assert"]) == 0 && !c.HasDynamic && !diags.HasErrors() { // what is there may be meant as one
		diags = append(diags, syntax.Problem("Missing block", "A check has at least one assert block, with what must hold.", c.MissingRange))
	}
	g := &Scope{Expressions: conditionExpressions(asserts)}
	return &Check{name: block.Labels[0], Asserts: asserts, Scope: g, rng: block.DefRange}, diags
}
