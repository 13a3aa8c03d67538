package hcl

import (
	"fmt"

	"github.com/hashicorp/go-version"
	hcl2 "github.com/hashicorp/hcl/v2"
)

var riveterSchema = &blockSchema{
	static: true,
	doc:    "Settings of the tool itself.",
	attributes: []attributeSchema{
		{name: "required_version", typ: "string", doc: "Which versions of riveter may run this configuration, such as \">= 0.1\"."},
	},
	blocks: []nestedSchema{{name: "ledger", labels: []string{"kind"}, single: true, schema: ledgerSchema}},
}

// riveter is a decoded riveter block.
type riveter struct {
	required      version.Constraints
	requiredRange hcl2.Range
	ledger        *ledger
	rng           hcl2.Range
}

func (r *riveter) address() string { return "riveter" }

func (r *riveter) declRange() hcl2.Range { return r.rng }

func decodeRiveter(block *hcl2.Block) (*riveter, hcl2.Diagnostics) {
	c, diags := riveterSchema.decode(block.Body)
	r := &riveter{rng: block.DefRange}
	diags = append(diags, r.decodeVersion(c)...)
	if nested := c.block("ledger"); nested != nil {
		decoded, more := decodeLedger(nested)
		diags = append(diags, more...)
		r.ledger = decoded
	}
	return r, diags
}

func (r *riveter) decodeVersion(c *content) hcl2.Diagnostics {
	var text string
	diags := c.literal("required_version", &text)
	if text == "" {
		return diags
	}
	r.requiredRange = c.attributes["required_version"].Expr.Range()
	constraints, err := version.NewConstraint(text)
	if err != nil {
		return append(diags, problem("Invalid version constraint", fmt.Sprintf(
			"%q does not say which versions are meant. Write it like \">= 0.1\" or \"~> 1.2\".", text,
		), r.requiredRange))
	}
	r.required = constraints
	return diags
}

// CheckVersion says whether this version of riveter may run the configuration. It reads nothing else, so it can be
// asked although Load found errors, which another version may not have.
func (c *configuration) CheckVersion(running string) hcl2.Diagnostics {
	if c.root == nil || c.root.riveter == nil || c.root.riveter.required == nil {
		return nil
	}
	r := c.root.riveter
	v, err := version.NewVersion(running)
	if err == nil && r.required.Check(v.Core()) {
		return nil
	}
	return hcl2.Diagnostics{problem("Unsupported riveter version", fmt.Sprintf(
		"This configuration needs riveter %s, and this is riveter %s. Use another version, or change required_version if this one will do.",
		r.required, running,
	), r.requiredRange)}
}
