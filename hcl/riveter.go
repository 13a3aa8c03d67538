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
	blocks: []nestedSchema{{name: "ledger", labels: []string{"kind"}, single: true, schema: ledgerSchema, byLabel: ledgerSchemas}},
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

var ledgerSchema = &blockSchema{doc: "Where riveter remembers what it did: local, http, actor or none."}

var ledgerSchemas = map[string]*blockSchema{
	"none": {doc: "Nothing is kept."},
	"local": {
		doc: "A file beside the configuration.",
		attributes: []attributeSchema{
			{name: "path", typ: "string", doc: "Path of the file, relative to the configuration. Default: riveter.ledger.json."},
		},
	},
	"http": {
		doc: "A server that speaks the protocol of Terraform's HTTP backend.",
		attributes: []attributeSchema{
			{name: "address", typ: "string", required: true, doc: "URL of the document."},
			{name: "lock_address", typ: "string", doc: "URL to lock at. Without it nothing is locked."},
			{name: "unlock_address", typ: "string", doc: "URL to unlock at. Default: lock_address."},
			{name: "username", typ: "string", doc: "For basic authentication."},
			{name: "password", typ: "string", doc: "For basic authentication."},
		},
	},
	"actor": {
		doc: "An actor of the same Rivet.",
		attributes: []attributeSchema{
			{name: "name", typ: "string", doc: "The name under which the ledger's actor is registered. Default: riveterLedger."},
			{name: "key", typ: "list(string)", doc: "Its key. Default: [\"default\"]."},
		},
	},
}

// ledger is a decoded ledger block.
type ledger struct {
	kind       string
	attributes map[string]*expression
	group      *group
	rng        hcl2.Range
}

func decodeLedger(block *hcl2.Block) (*ledger, hcl2.Diagnostics) {
	kind := block.Labels[0]
	schema, ok := ledgerSchemas[kind]
	if !ok {
		known := []string{"local", "http", "actor", "none"}
		return nil, hcl2.Diagnostics{problem("Unknown kind of ledger", fmt.Sprintf(
			"A ledger is one of local, http, actor and none, not %q.%s", kind, didYouMean(kind, known),
		), block.LabelRanges[0])}
	}
	c, diags := schema.decode(block.Body)
	attributes := attributesIn(c)
	return &ledger{kind: kind, attributes: attributes, group: offlineGroup("ledger", attributes), rng: block.DefRange}, diags
}
