package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

var rivetSchema = &syntax.Schema{
	Doc: "The connection to Rivet. It is evaluated before anything is asked of a server.",
	Attributes: []syntax.Attribute{
		{Name: "endpoint", Type: "string", Doc: "URL of the engine, which may carry namespace and token. Default: RIVET_ENDPOINT, then http://localhost:6420."},
		{Name: "namespace", Type: "string", Doc: "Default: RIVET_NAMESPACE, then default."},
		{Name: "token", Type: "string", Doc: "Default: RIVET_TOKEN."},
		{Name: "pool", Type: "string", Doc: "Pool that new actors are made in. Default: RIVET_POOL, then RIVET_RUNNER, then default."},
		{Name: "headers", Type: "map(string)", Doc: "Sent with every request."},
		{Name: "params", Type: "any", Doc: "Connection parameters of every call, where an actor has none of its own."},
		{Name: "params_command", Type: "list(string)", Doc: "A program whose output is the connection parameters, as JSON."},
		{Name: "retries", Type: "number", Doc: "How often a request that may be repeated is repeated."},
		{Name: "allow_insecure_http", Type: "bool", Doc: "Whether a token may be sent over plain HTTP to another machine."},
	},
	Blocks: []syntax.Nested{
		{Name: "tls", Single: true, Schema: tlsSchema},
		{Name: "timeouts", Single: true, Schema: rivetTimeoutsSchema},
	},
}

var tlsSchema = &syntax.Schema{
	Doc: "How to trust the server, and to be trusted by it.",
	Attributes: []syntax.Attribute{
		{Name: "ca_file", Type: "string", Doc: "Certificates of the authorities to trust, in PEM."},
		{Name: "cert_file", Type: "string", Doc: "The client's certificate, in PEM."},
		{Name: "key_file", Type: "string", Doc: "Its key, in PEM."},
		{Name: "server_name", Type: "string", Doc: "The name that the server's certificate must have."},
	},
}

var rivetTimeoutsSchema = &syntax.Schema{
	Doc: "Limits of time, such as \"10s\".",
	Attributes: []syntax.Attribute{
		{Name: "connect", Type: "duration", Doc: "For one connection to be made."},
		{Name: "request", Type: "duration", Doc: "For one request, from its start to its end."},
	},
}

// Rivet is a decoded rivet block. Attributes of its nested blocks are kept as tls.ca_file, timeouts.connect and so on.
type Rivet struct {
	Attributes map[string]*Expression
	Scope      *Scope
	Range      hcl2.Range
}

func (r *Rivet) Address() string { return "rivet" }

func (r *Rivet) declRange() hcl2.Range { return r.Range }

func decodeRivet(block *hcl2.Block) (*Rivet, hcl2.Diagnostics) {
	c, diags := rivetSchema.Decode(block.Body)
	r := &Rivet{Attributes: map[string]*Expression{}, Range: block.DefRange}
	r.add("", c)
	for _, nested := range c.Blocks {
		inner, more := rivetSchema.Block(nested.Type).Schema.Decode(nested.Body)
		diags = append(diags, more...)
		r.add(nested.Type+".", inner)
	}
	if command, params := c.Attributes["params_command"], c.Attributes["params"]; command != nil && params != nil {
		diags = append(diags, syntax.Problem("Conflicting arguments",
			"Connection parameters come either from \"params\" or from \"params_command\". Remove one of the two.", command.Range))
	}
	r.Scope = offlineScope("rivet", r.Attributes)
	return r, diags
}

func (r *Rivet) add(prefix string, c *syntax.Content) {
	for name := range c.Attributes {
		r.Attributes[prefix+name] = attributeOf(c, name)
	}
}
