package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// ledgerSchema is empty: what a ledger block holds depends on the kind that its label names.
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
