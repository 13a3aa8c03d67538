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

// Folders returns the folders on the disk that the configuration was read from, or that files were sought in, sorted: those
// of its modules, of values of variables, and of what functions have read so far.
func (c *Config) Folders() []string { return c.from.Folders() }

// Changed returns the name of something on the disk that is not any more as it was when it was read, or nothing.
func (c *Config) Changed() string { return c.from.Changed() }

func (c *Config) functions(opts Options) map[string]function.Function {
	return funcs.Table(funcs.Outside{ReadFile: c.from.ReadFile, ListFiles: c.from.ListFiles, Env: opts.Env})
}
