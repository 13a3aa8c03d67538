package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate"
	"riveter/hcl/syntax"
	"riveter/hcl/variables"
)

// Config is a configuration that has been read and checked, with nothing in it evaluated. It does not change, apart from
// its Files, and may be evaluated many times.
type Config struct{ *declare.Config }

// Load reads the configuration at path, a directory or one file. It returns what could be read, never nil, and every
// problem that can be found without evaluating anything, in source order: syntax, unknown or missing blocks and
// attributes, references to nothing, cycles. A Config that came with errors is good for its Files only.
func Load(path string) (*Config, hcl2.Diagnostics) { return loaded(declare.Load(path, syntax.Disk())) }

// LoadSources is Load of the copy that [Config.Sources] made of a configuration. It touches no disk, and neither does
// anything that is evaluated from it.
func LoadSources(path string, files map[string][]byte) (*Config, hcl2.Diagnostics) {
	return loaded(declare.Load(path, syntax.Saved(files)))
}

// LoadExpression is [Load] with an expression to be evaluated in the root module. Of the configuration, only what the
// expression needs is evaluated and observed; [Evaluation.ExpressionValue] returns its value.
func LoadExpression(path, expression string) (*Config, hcl2.Diagnostics) {
	return loaded(declare.LoadExpression(path, expression, syntax.Disk()))
}

// LoadOutputs is [Load], of which only what the outputs of the root module need is evaluated and observed.
func LoadOutputs(path string) (*Config, hcl2.Diagnostics) {
	return loaded(declare.LoadOutputs(path, syntax.Disk()))
}

// LoadSettings is [Load], of which only what the riveter and rivet blocks need is evaluated, and of what is wrong only that
// reported. Variables that they do not need may be missing.
func LoadSettings(path string) (*Config, hcl2.Diagnostics) {
	return loaded(declare.LoadSettings(path, syntax.Disk()))
}

func loaded(c *declare.Config, diags hcl2.Diagnostics) (*Config, hcl2.Diagnostics) {
	return &Config{c}, diags
}

// Variables finds the value of every variable of the root module. The last of these wins: the default, the environment,
// the files that are loaded without being asked, the flags. It reports every problem at once; a variable with a problem
// is unknown.
func (c *Config) Variables(from VariableSources) (*Values, hcl2.Diagnostics) {
	return variables.Find(c.Config, from)
}

// Evaluate evaluates everything that needs no server: variables with their validations, settings, and whatever refers to
// nothing else. It returns every problem found on the way, together with an Evaluation that can be carried on to find
// more of them, with an empty [Server].
func (c *Config) Evaluate(values *Values, opts Options) (*Evaluation, hcl2.Diagnostics) {
	return evaluate.New(c.Config, values, opts)
}
