package hcl

import (
	"maps"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/funcs"
)

// Config is a configuration that has been read and checked, with nothing in it evaluated. It does not change, apart from
// its Files, and may be evaluated many times.
type Config struct {
	dir   string
	from  *sources
	files map[string]*hcl2.File
	root  *module
	graph *graph
}

// Files returns every file that a diagnostic may point into, by name: the configuration's own, and those that held
// variable values.
func (c *Config) Files() map[string]*hcl2.File { return maps.Clone(c.files) }

// Dir returns the directory of the root module.
func (c *Config) Dir() string { return c.dir }

// Sources returns a copy of every file that was read to make the configuration and to evaluate it so far, for
// [LoadSources]. Files with variable values are not among them.
func (c *Config) Sources() map[string][]byte { return c.from.read() }

func (c *Config) functions(opts Options) map[string]function.Function {
	return funcs.Table(funcs.Outside{ReadFile: c.from.ReadFile, ListFiles: c.from.ListFiles, Env: opts.Env})
}
