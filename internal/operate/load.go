package operate

import (
	"context"
	"path/filepath"
	"slices"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/value"
)

// LoadOptions say which configuration is read, with which values, in which surroundings.
type LoadOptions struct {
	Path         string
	Question     string      // an expression to be evaluated; only what it needs is
	OnlyOutputs  bool        // and what they need
	OnlySettings bool        // the riveter and rivet blocks, and what they need
	Variables    []hcl.Given // in the order given
	AllowMissing bool        // variables without a value are unknown
	OnlyCheck    bool        // what is wrong is wanted, and nothing is made of the rest
	OnlyExisting bool        // actors are asked or destroyed, and not made or seeded
	KeyPrefix    []string    // is put before every key that is declared
	// Selection is what a partial plan is about; nil for everything.
	Selection hcl.Selection

	Version string // of riveter
	Workdir string
	Env     func(name string) (string, bool)
	Secrets *redact.Set // of the run, which is added to

	Saved map[string][]byte // what was read by another run, in place of the disk; nil for the disk

	unkept func(text string) // is told of what must not be saved; nil for nobody
}

// Configuration is a configuration with its values.
type Configuration struct {
	*hcl.Config
	Evaluation *hcl.Evaluation // nil where the files have errors

	version   string
	secrets   *redact.Set
	loading   LoadOptions // with which it is evaluated
	reading   *reading
	keyPrefix []string
}

// Load reads and evaluates a configuration as far as that needs no server. It returns, with every problem, what it could
// read, which after an error is good for its files only.
func Load(ctx context.Context, o LoadOptions) (*Configuration, hcl2.Diagnostics) {
	config, diags := o.read()
	reading := &reading{options: o, environment: map[string]*string{}, unkept: map[string]bool{}}
	o.Env, o.unkept = reading.env, reading.keepNot
	c := &Configuration{Config: config, version: o.Version, secrets: o.Secrets, loading: o, reading: reading, keyPrefix: o.KeyPrefix}
	if version := config.CheckVersion(o.Version); version.HasErrors() {
		return c, version
	}
	if diags.HasErrors() {
		return c, diags
	}
	if o.Question != "" || o.OnlyOutputs || o.OnlySettings || o.Selection != nil {
		reading.besides = o.overhear(ctx)
	}
	diags = append(diags, c.evaluate()...)
	if diags.HasErrors() { // the rest has its errors too
		more, _ := c.Evaluation.Observe(ctx, hcl.Server{})
		diags = append(diags, more...)
	}
	hcl.SortDiagnostics(diags)
	return c, diags
}

// read reads the configuration, with the question if there is one.
func (o *LoadOptions) read() (*hcl.Config, hcl2.Diagnostics) {
	switch {
	case o.Question != "":
		return hcl.LoadExpression(o.Path, o.Question)
	case o.OnlyOutputs:
		return hcl.LoadOutputs(o.Path)
	case o.OnlySettings:
		return hcl.LoadSettings(o.Path)
	case o.Saved != nil:
		return hcl.LoadSources(o.Path, o.Saved)
	default:
		return hcl.Load(o.Path)
	}
}

// Begin returns a configuration with nothing in it, for a directory that has none.
func Begin(o LoadOptions) (*Configuration, hcl2.Diagnostics) {
	config, diags := hcl.LoadSources(o.Path, map[string][]byte{filepath.Join(o.Path, "main.rivet.hcl"): nil})
	c := &Configuration{Config: config, version: o.Version, secrets: o.Secrets, loading: o}
	return c, append(diags, c.evaluate()...)
}

// evaluate begins a new evaluation.
func (c *Configuration) evaluate() hcl2.Diagnostics {
	values, diags := c.Variables(c.loading.variables())
	evaluation, more := c.Evaluate(values, c.loading.options())
	c.Evaluation = evaluation
	return append(diags, more...)
}

// overhear learns the secrets of what is left out too: an actor may say them all the same. It returns what was read for that.
func (o LoadOptions) overhear(ctx context.Context) map[string][]byte {
	o.Question, o.OnlyOutputs, o.OnlySettings, o.Selection = "", false, false, nil
	o.AllowMissing, o.OnlyExisting = true, false
	config, diags := o.read()
	if diags.HasErrors() {
		return nil
	}
	values, _ := config.Variables(o.variables())
	options := o.options()
	options.OnlySecrets = true
	evaluation, _ := config.Evaluate(values, options) // what is wrong there concerns nobody
	_, _ = evaluation.Observe(ctx, hcl.Server{})
	return config.Sources()
}

func (o *LoadOptions) variables() hcl.VariableSources {
	return hcl.VariableSources{Env: o.Env, Given: o.Variables, AllowMissing: o.AllowMissing}
}

func (o *LoadOptions) options() hcl.Options {
	return hcl.Options{
		Workdir: o.Workdir, Env: o.Env, KeyPrefix: o.KeyPrefix, Selection: o.Selection, OnlyCheck: o.OnlyCheck, OnlyExisting: o.OnlyExisting,
		Secret: func(v cty.Value) { o.Secrets.Add(value.Secrets(v)...) }, Unkept: o.unkept,
		Hidden: func(v cty.Value) { o.Secrets.Hide(value.Secrets(v)...) },
		Public: func(text string) { o.Secrets.Publish(text) },
	}
}

// removals returns what is no longer declared, with the prefix before the keys.
func (c *Configuration) removals() []plan.Removal {
	removals := slices.Clone(c.Removals())
	for i := range removals {
		if r := &removals[i]; r.Name != "" {
			r.Key = slices.Concat(c.keyPrefix, r.Key)
		}
	}
	return removals
}

// Settings returns the riveter and rivet blocks.
func (c *Configuration) Settings() *hcl.Settings { return c.Evaluation.Settings() }

// Validate finds the problems that can be found without a server besides those that [Load] has found.
func (c *Configuration) Validate(ctx context.Context) hcl2.Diagnostics {
	diags, err := c.Evaluation.Observe(ctx, hcl.Server{})
	if err != nil {
		return append(diags, Diagnose(err)...)
	}
	return diags
}

// Answer returns the value of the question, if that needs no server.
func (c *Configuration) Answer() (cty.Value, bool) {
	val, ok := c.Evaluation.ExpressionValue()
	if ok {
		c.secrets.Add(value.Secrets(val)...)
	}
	return val, ok
}

// reading is what a configuration was loaded with, and which environment variables it has asked for.
type reading struct {
	options LoadOptions
	besides map[string][]byte // files that were read only to hear of secrets

	mu          sync.Mutex
	environment map[string]*string // nil for what is not set
	unkept      map[string]bool    // texts that are not to be saved
	parts       redact.Set         // the same, as they may be within others
}

// keepNot has a text not be saved, and nothing that holds it.
func (r *reading) keepNot(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unkept[text] = true
	r.parts.Add(text)
}

// isUnkept reports whether a text is not to be saved.
func (r *reading) isUnkept(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unkept[text] || r.parts.Holds(text)
}

// env answers as the environment does, and remembers what it was asked.
func (r *reading) env(name string) (string, bool) {
	if r.options.Env == nil {
		return "", false
	}
	text, ok := r.options.Env(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.environment[name] = nil
	if ok {
		r.environment[name] = &text
	}
	return text, ok
}
