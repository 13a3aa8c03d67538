package evaluate

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
)

// Settings are the riveter and rivet blocks. They are known before anything is asked of a server.
type Settings struct {
	Rivet  Rivet
	Ledger Ledger
}

// Rivet is the connection as the configuration has it. What it does not say is empty, and for the environment or a
// default to decide.
type Rivet struct {
	Endpoint          string
	Namespace         string
	Token             string // secret, as are Headers and the credentials that Endpoint may hold
	Pool              string
	Headers           map[string]string
	Params            cty.Value // cty.NilVal if there are none
	ParamsCommand     []string
	CAFile            string
	CertFile          string
	KeyFile           string
	ServerName        string
	ConnectTimeout    time.Duration // zero, as for the other: the default
	RequestTimeout    time.Duration
	Retries           *int // nil: the default
	AllowInsecureHTTP bool
	// Ranges says where an attribute was given, by its name, such as endpoint or tls.ca_file; "" is the block.
	Ranges map[string]hcl2.Range
}

// Ledger says where the ledger is kept.
type Ledger struct {
	Kind     string // local, http, actor or none
	Path     string // local; empty: the default
	Address  string // http, as the next four
	Lock     string // empty: nothing is locked
	Unlock   string
	Username string
	Password string
	Name     string     // actor
	Key      []string   // actor
	Range    hcl2.Range // of the block; zero if there is none
}

func newSettings() *Settings {
	return &Settings{Ledger: Ledger{Kind: "local"}, Rivet: Rivet{Params: cty.NilVal, Ranges: map[string]hcl2.Range{}}}
}

// Settings returns the settings of the configuration. They are as far as they could be evaluated if Evaluate found errors.
func (e *Evaluation) Settings() *Settings { return e.settings }

func (e *Evaluation) evaluateRivet(rv *declare.Rivet, s *moduleInstance) hcl2.Diagnostics {
	now, diags := expanded(e, s, rv)
	f := e.frame(s, now.Scope)
	r := &evaluator{frame: f, ctx: f.ctx, attributes: now.Attributes}
	e.settings.Rivet = r.rivet(now)
	return append(diags, r.diags...)
}

func (r *evaluator) rivet(rv *declare.Rivet) Rivet {
	settings := Rivet{
		Endpoint:          r.text("endpoint"),
		Namespace:         r.text("namespace"),
		Token:             r.text("token"),
		Pool:              r.text("pool"),
		Headers:           r.texts("headers"),
		Params:            r.settled("params"),
		ParamsCommand:     r.list("params_command"),
		CAFile:            r.text("tls.ca_file"),
		CertFile:          r.text("tls.cert_file"),
		KeyFile:           r.text("tls.key_file"),
		ServerName:        r.text("tls.server_name"),
		ConnectTimeout:    r.duration("timeouts.connect"),
		RequestTimeout:    r.duration("timeouts.request"),
		Retries:           r.number("retries"),
		AllowInsecureHTTP: r.flag("allow_insecure_http"),
		Ranges:            map[string]hcl2.Range{"": rv.Range},
	}
	for name, ex := range rv.Attributes {
		settings.Ranges[name] = ex.Range()
	}
	return settings
}

// settled reads a value of any type with its marks. One that is not known, as while validating, counts as absent.
func (r *evaluator) settled(name string) cty.Value {
	ex := r.attributes[name]
	if ex == nil {
		return cty.NilVal
	}
	v, diags := r.frame.payload(name, ex, r.ctx)
	r.diags = append(r.diags, diags...)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return cty.NilVal
	}
	return v
}

func (e *Evaluation) evaluateLedger(l *declare.Ledger, s *moduleInstance) hcl2.Diagnostics {
	f := e.frame(s, l.Scope)
	r := &evaluator{frame: f, ctx: f.ctx, attributes: l.Attributes}
	e.settings.Ledger = Ledger{
		Kind:     l.Kind,
		Path:     r.text("path"),
		Address:  r.text("address"),
		Lock:     r.text("lock_address"),
		Unlock:   r.text("unlock_address"),
		Username: r.text("username"),
		Password: r.text("password"),
		Name:     r.text("name"),
		Key:      r.list("key"),
		Range:    l.Range,
	}
	return r.diags
}
