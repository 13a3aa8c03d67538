package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

var rivetSchema = &blockSchema{
	doc: "The connection to Rivet. It is evaluated before anything is asked of a server.",
	attributes: []attributeSchema{
		{name: "endpoint", typ: "string", doc: "URL of the engine, which may carry namespace and token. Default: RIVET_ENDPOINT, then http://localhost:6420."},
		{name: "namespace", typ: "string", doc: "Default: RIVET_NAMESPACE, then default."},
		{name: "token", typ: "string", doc: "Default: RIVET_TOKEN."},
		{name: "pool", typ: "string", doc: "Pool that new actors are made in. Default: RIVET_POOL, then RIVET_RUNNER, then default."},
		{name: "headers", typ: "map(string)", doc: "Sent with every request."},
		{name: "params", typ: "any", doc: "Connection parameters of every call, where an actor has none of its own."},
		{name: "params_command", typ: "list(string)", doc: "A program whose output is the connection parameters, as JSON."},
		{name: "retries", typ: "number", doc: "How often a request that may be repeated is repeated."},
		{name: "allow_insecure_http", typ: "bool", doc: "Whether a token may be sent over plain HTTP to another machine."},
	},
	blocks: []nestedSchema{
		{name: "tls", single: true, schema: tlsSchema},
		{name: "timeouts", single: true, schema: rivetTimeoutsSchema},
	},
}

var tlsSchema = &blockSchema{
	doc: "How to trust the server, and to be trusted by it.",
	attributes: []attributeSchema{
		{name: "ca_file", typ: "string", doc: "Certificates of the authorities to trust, in PEM."},
		{name: "cert_file", typ: "string", doc: "The client's certificate, in PEM."},
		{name: "key_file", typ: "string", doc: "Its key, in PEM."},
		{name: "server_name", typ: "string", doc: "The name that the server's certificate must have."},
	},
}

var rivetTimeoutsSchema = &blockSchema{
	doc: "Limits of time, such as \"10s\".",
	attributes: []attributeSchema{
		{name: "connect", typ: "duration", doc: "For one connection to be made."},
		{name: "request", typ: "duration", doc: "For one request, from its start to its end."},
	},
}

// rivet is a decoded rivet block. Attributes of its nested blocks are kept as tls.ca_file, timeouts.connect and so on.
type rivet struct {
	attributes map[string]*expression
	group      *group
	rng        hcl2.Range
}

func (r *rivet) address() string { return "rivet" }

func (r *rivet) declRange() hcl2.Range { return r.rng }

func decodeRivet(block *hcl2.Block) (*rivet, hcl2.Diagnostics) {
	c, diags := rivetSchema.decode(block.Body)
	r := &rivet{attributes: map[string]*expression{}, rng: block.DefRange}
	r.add("", c)
	for _, nested := range c.ordered {
		inner, more := rivetSchema.nested(nested.Type).schema.decode(nested.Body)
		diags = append(diags, more...)
		r.add(nested.Type+".", inner)
	}
	if command, params := c.attributes["params_command"], c.attributes["params"]; command != nil && params != nil {
		diags = append(diags, problem("Conflicting arguments",
			"Connection parameters come either from \"params\" or from \"params_command\". Remove one of the two.", command.Range))
	}
	r.group = offlineGroup("rivet", r.attributes)
	return r, diags
}

func (r *rivet) add(prefix string, c *content) {
	for name := range c.attributes {
		r.attributes[prefix+name] = attributeOf(c, name)
	}
}
