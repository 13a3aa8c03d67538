package declare

import (
	"fmt"

	"github.com/hashicorp/go-version"
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

var riveterSchema = &syntax.Schema{
	Static: true,
	Doc:    "Settings of the tool itself.",
	Attributes: append([]syntax.Attribute{
		{Name: "required_version", Type: "string", Doc: "Which versions of riveter may run this configuration, such as \">= 0.1\"."},
	}, attributes(riveterParts)...),
	Foreign: map[string]string{
		"backend":            "Its counterpart is \"ledger\".",
		"cloud":              "Its counterpart is \"ledger\".",
		"required_providers": "There are no providers to require: riveter knows Rivet only.",
	},
	Blocks: []syntax.Nested{
		{Name: "ledger", Labels: []string{"kind"}, Single: true, Schema: ledgerSchema, ByLabel: ledgerSchemas},
		{Name: "seal", Single: true, Schema: sealSchema},
	},
}

var riveterParts = []part[riveter]{
	constant("project", "string", "Whose entries those of the ledger are. Another project's are never forgotten or destroyed, and are this one's when it declares and applies them.",
		func(r *riveter) *string { return &r.project }),
}

// riveter is a decoded riveter block.
type riveter struct {
	project       string
	required      version.Constraints
	requiredRange hcl2.Range
	ledger        *Ledger
	rng           hcl2.Range
}

func (r *riveter) Address() string { return "riveter" }

func (r *riveter) declRange() hcl2.Range { return r.rng }

func decodeRiveter(block *hcl2.Block) (*riveter, hcl2.Diagnostics) {
	c, diags := riveterSchema.Decode(block.Body)
	r := &riveter{rng: block.DefRange}
	diags = append(diags, r.decodeVersion(c)...)
	diags = append(diags, keep(r, c, riveterParts)...)
	if nested := c.Only("ledger"); nested != nil {
		decoded, more := decodeLedger(nested)
		diags = append(diags, more...)
		r.ledger = decoded
	}
	if nested := c.Only("seal"); nested != nil {
		diags = append(diags, r.decodeSeal(nested)...)
	}
	return r, diags
}

func (r *riveter) decodeVersion(c *syntax.Content) hcl2.Diagnostics {
	var text string
	diags := c.Constant("required_version", &text)
	if text == "" {
		return diags
	}
	r.requiredRange = c.Attributes["required_version"].Expr.Range()
	constraints, err := version.NewConstraint(text)
	if err != nil {
		return append(diags, syntax.Problem("Invalid version constraint", fmt.Sprintf(
			"%q does not say which versions are meant. Write it like \">= 0.1\" or \"~> 1.2\".", text,
		), r.requiredRange))
	}
	r.required = constraints
	return diags
}

// Project returns the name of the project, which is empty where there is none.
func (c *Config) Project() string {
	if c.Root == nil || c.Root.riveter == nil {
		return ""
	}
	return c.Root.riveter.project
}

// CheckVersion says whether this version of riveter may run the configuration. It reads nothing else, so it can be
// asked although Load found errors, which another version may not have.
func (c *Config) CheckVersion(running string) hcl2.Diagnostics {
	if c.Root == nil || c.Root.riveter == nil || c.Root.riveter.required == nil {
		return nil
	}
	r := c.Root.riveter
	v, err := version.NewVersion(running)
	if err == nil && r.required.Check(v.Core()) {
		return nil
	}
	return hcl2.Diagnostics{syntax.Problem("Unsupported riveter version", fmt.Sprintf(
		"This configuration needs riveter %s, and this is riveter %s. Use another version, or change required_version if this one will do.",
		r.required, running,
	), r.requiredRange)}
}

var ledgerSchema = &syntax.Schema{Doc: "Where riveter remembers what it did: local, http, actor or none."}

var ledgerSchemas = map[string]*syntax.Schema{
	"none":  {Doc: "Nothing is kept."},
	"local": {Doc: "A file beside the configuration.", Attributes: attributes(ledgerRows["local"])},
	"http": {
		Doc:        "A server that speaks the protocol of Terraform's HTTP backend, such as GitLab or Gitea. Every TF_HTTP_* of the environment is understood.",
		Attributes: attributes(ledgerRows["http"]),
		Blocks:     []syntax.Nested{{Name: "tls", Single: true, Schema: tlsSchema}},
	},
	"actor": {Doc: "An actor of a Rivet of your own, as examples/ledger defines it.", Attributes: attributes(ledgerRows["actor"])},
}

var ledgerRows = map[string][]row[LedgerSettings]{
	"local": {
		text("path", "Path of the file, relative to the configuration. Default: riveter.ledger.json.",
			func(s *LedgerSettings) *string { return &s.Path }),
	},
	"http": {
		text("address", "URL of the document. Default: TF_HTTP_ADDRESS.", func(s *LedgerSettings) *string { return &s.Address }),
		text("lock_address", "URL to lock at; null where the server has no locks. Default: address.",
			func(s *LedgerSettings) *string { return &s.LockAddress }),
		text("unlock_address", "URL to unlock at. Default: lock_address.", func(s *LedgerSettings) *string { return &s.UnlockAddress }),
		text("update_method", "Default: POST.", func(s *LedgerSettings) *string { return &s.UpdateMethod }),
		text("lock_method", "Default: LOCK.", func(s *LedgerSettings) *string { return &s.LockMethod }),
		text("unlock_method", "Default: UNLOCK.", func(s *LedgerSettings) *string { return &s.UnlockMethod }),
		text("username", "For basic authentication. Default: TF_HTTP_USERNAME.", func(s *LedgerSettings) *string { return &s.Username }),
		text("password", "For basic authentication. Default: RIVETER_LEDGER_PASSWORD, then TF_HTTP_PASSWORD.",
			func(s *LedgerSettings) *string { return &s.Password }),
		texts("headers", "Sent with every request.", func(s *LedgerSettings) *map[string]string { return &s.Headers }),
		flag("allow_insecure_http", "Whether credentials may be sent over plain HTTP to another machine.",
			func(s *LedgerSettings) *bool { return &s.AllowInsecureHTTP }),
	},
	"actor": {
		text("name", "The name under which the ledger's actor is registered. Default: riveterLedger.",
			func(s *LedgerSettings) *string { return &s.Name }),
		list("key", "Its key. Default: [\"default\"].", func(s *LedgerSettings) *[]string { return &s.Key }),
		text("token", "The token that the actor wants. Default: RIVETER_LEDGER_TOKEN.", func(s *LedgerSettings) *string { return &s.Token }),
		text("endpoint", "Default: that of the connection, as for the next two.", func(s *LedgerSettings) *string { return &s.Endpoint }),
		text("namespace", "It must exist already.", func(s *LedgerSettings) *string { return &s.Namespace }),
		text("pool", "Pool that the actor is made in.", func(s *LedgerSettings) *string { return &s.Pool }),
	},
}

var sealSchema = &syntax.Schema{
	Doc:        "For whom sensitive results are kept in the ledger, sealed with age, so that later runs can use them. RIVETER_LEDGER_PASSPHRASE seals too.",
	Attributes: attributes(sealRows),
}

var sealRows = []row[LedgerSettings]{
	list("recipients", "Who can open them, such as \"age1…\". Default: who has the identities.", func(s *LedgerSettings) *[]string { return &s.Recipients }),
	text("identity_file", "Path of the file with the identities that open them, AGE-SECRET-KEY-1… on its lines.",
		func(s *LedgerSettings) *string { return &s.IdentityFile }),
}

// LedgerSettings say where the ledger is kept. What is empty is for the environment or a default to decide.
type LedgerSettings struct {
	Kind string // local, http, actor or none
	Path string // local

	Address, LockAddress, UnlockAddress    string // http
	UpdateMethod, LockMethod, UnlockMethod string
	NoLock                                 bool // the server has no locks
	Username, Password                     string
	Headers                                map[string]string
	AllowInsecureHTTP                      bool
	TLS

	Name                      string // actor
	Key                       []string
	Token                     string
	Endpoint, Namespace, Pool string

	Recipients   []string // of sealed results
	IdentityFile string

	Range  hcl2.Range            // of the block; zero if there is none
	Ranges map[string]hcl2.Range // of the attributes, by name
}

// Ledger is a decoded ledger block.
type Ledger struct {
	Kind       string
	Attributes map[string]*expr.Expression
	Scope      *Scope
	Range      hcl2.Range
}

// decodeSeal adds the attributes of a seal block, such as seal.recipients, to the ledger that it is about.
func (r *riveter) decodeSeal(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := sealSchema.Decode(block.Body)
	if r.ledger == nil {
		r.ledger = &Ledger{Kind: "local", Attributes: map[string]*expr.Expression{}, Range: block.DefRange}
	}
	for name, e := range expr.In(c) {
		r.ledger.Attributes["seal."+name] = e
	}
	r.ledger.Scope = offlineScope("ledger", r.ledger.Attributes)
	return diags
}

// Fill evaluates the settings.
func (l *Ledger) Fill(s *LedgerSettings, v Values) {
	s.Kind, s.Range, s.Ranges = l.Kind, l.Range, expr.Ranges(l.Attributes)
	fill(s, v, "", ledgerRows[l.Kind])
	fill(s, v, "seal.", sealRows)
	if l.Kind == "http" {
		fill(&s.TLS, v, "tls.", tlsRows)
		s.NoLock = l.Attributes["lock_address"] != nil && s.LockAddress == ""
	}
}

func decodeLedger(block *hcl2.Block) (*Ledger, hcl2.Diagnostics) {
	kind := block.Labels[0]
	schema, ok := ledgerSchemas[kind]
	if !ok {
		known := []string{"local", "http", "actor", "none"}
		return nil, hcl2.Diagnostics{syntax.Problem("Unknown kind of ledger", fmt.Sprintf(
			"A ledger is one of local, http, actor and none, not %q.%s", kind, syntax.DidYouMean(kind, known),
		), block.LabelRanges[0])}
	}
	c, diags := schema.Decode(block.Body)
	attributes, more := expr.Within(schema, c)
	diags = append(diags, more...)
	return &Ledger{Kind: kind, Attributes: attributes, Scope: offlineScope("ledger", attributes), Range: block.DefRange}, diags
}
