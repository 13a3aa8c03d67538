package declare

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

var rivetSchema = &syntax.Schema{
	Doc:        "The connection to Rivet. It is evaluated before anything is asked of a server.",
	Attributes: attributes(rivetRows),
	Blocks: []syntax.Nested{
		{Name: "tls", Single: true, Schema: tlsSchema},
		{Name: "timeouts", Single: true, Schema: &syntax.Schema{Doc: "Limits of time, such as \"10s\".", Attributes: attributes(rivetTimeoutRows)}},
	},
}

var rivetRows = []row[RivetSettings]{
	text("endpoint", "URL of the engine, which may carry namespace and token. Default: RIVET_ENDPOINT, then http://localhost:6420.",
		func(s *RivetSettings) *string { return &s.Endpoint }),
	text("namespace", "Default: RIVET_NAMESPACE, then default.",
		func(s *RivetSettings) *string { return &s.Namespace }),
	text("token", "Default: RIVET_TOKEN.",
		func(s *RivetSettings) *string { return &s.Token }),
	text("pool", "Pool that new actors are made in. Default: RIVET_POOL, then RIVET_RUNNER, then default.",
		func(s *RivetSettings) *string { return &s.Pool }),
	texts("headers", "Sent with every request.",
		func(s *RivetSettings) *map[string]string { return &s.Headers }),
	custom("params", "any", "Connection parameters of every call, where an actor has none of its own.",
		func(s *RivetSettings, v Values, name string) { s.Params = v.Connection(name) }),
	list("params_command", "A program whose output is the connection parameters, as JSON.",
		func(s *RivetSettings) *[]string { return &s.ParamsCommand }),
	custom("retries", "number", "How often a request that may be repeated is repeated.",
		func(s *RivetSettings, v Values, name string) { s.Retries = v.Number(name) }),
	flag("allow_insecure_http", "Whether a token may be sent over plain HTTP to another machine.",
		func(s *RivetSettings) *bool { return &s.AllowInsecureHTTP }),
	list("trusted_hosts", "Hosts that the token and headers may go to, where the endpoint is an application that names its engine at another site.",
		func(s *RivetSettings) *[]string { return &s.TrustedHosts }),
}

var rivetTimeoutRows = []row[RivetSettings]{
	duration("connect", "For one connection to be made.",
		func(s *RivetSettings) *time.Duration { return &s.ConnectTimeout }),
	duration("request", "For one request, from its start to its end.",
		func(s *RivetSettings) *time.Duration { return &s.RequestTimeout }),
}

// RivetSettings are the connection as the configuration has it. What it does not say is empty, and for the environment or a
// default to decide.
type RivetSettings struct {
	Endpoint      string
	Namespace     string
	Token         string // secret, as are Headers and the credentials that Endpoint may hold
	Pool          string
	Headers       map[string]string
	Params        cty.Value // cty.NilVal if there are none
	ParamsCommand []string
	TLS
	ConnectTimeout    time.Duration // zero, as for the other: the default
	RequestTimeout    time.Duration
	Retries           *int // nil: the default
	AllowInsecureHTTP bool
	TrustedHosts      []string
	// Ranges says where an attribute was given, by its name, such as endpoint or tls.ca_file; "" is the block.
	Ranges map[string]hcl2.Range
}

// Rivet is a decoded rivet block. Attributes of its nested blocks are kept as tls.ca_file, timeouts.connect and so on.
type Rivet struct {
	Attributes map[string]*expr.Expression
	Scope      *Scope
	Range      hcl2.Range
}

// Address returns the address within the module.
func (r *Rivet) Address() string { return "rivet" }

// Fill evaluates the settings.
func (r *Rivet) Fill(s *RivetSettings, v Values) {
	fill(s, v, "", rivetRows)
	fill(&s.TLS, v, "tls.", tlsRows)
	fill(s, v, "timeouts.", rivetTimeoutRows)
	s.Ranges = expr.Ranges(r.Attributes)
	s.Ranges[""] = r.Range
}

func (r *Rivet) declRange() hcl2.Range { return r.Range }

func decodeRivet(block *hcl2.Block) (*Rivet, hcl2.Diagnostics) {
	c, diags := rivetSchema.Decode(block.Body)
	attributes, more := expr.Within(rivetSchema, c)
	diags = append(diags, more...)
	r := &Rivet{Attributes: attributes, Range: block.DefRange}
	if command, params := c.Attributes["params_command"], c.Attributes["params"]; command != nil && params != nil {
		diags = append(diags, syntax.Problem("Conflicting arguments",
			"Connection parameters come either from \"params\" or from \"params_command\". Remove one of the two.", command.Range))
	}
	r.Scope = offlineScope("rivet", r.Attributes)
	return r, diags
}

var tlsSchema = &syntax.Schema{Doc: "How to trust the server, and to be trusted by it.", Attributes: attributes(tlsRows)}

var tlsRows = []row[TLS]{
	text("ca_file", "Certificates of the authorities to trust, in PEM.", func(t *TLS) *string { return &t.CAFile }),
	text("cert_file", "The client's certificate, in PEM.", func(t *TLS) *string { return &t.CertFile }),
	text("key_file", "Its key, in PEM.", func(t *TLS) *string { return &t.KeyFile }),
	text("server_name", "The name that the server's certificate must have.", func(t *TLS) *string { return &t.ServerName }),
}

// TLS says how a server is trusted, and is to trust.
type TLS struct{ CAFile, CertFile, KeyFile, ServerName string }
