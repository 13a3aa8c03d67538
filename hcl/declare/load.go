package declare

import (
	"maps"
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

// Config is what the files of a configuration declare, read and checked as far as that needs no values.
type Config struct {
	dir   string
	From  *syntax.Sources
	files map[string]*hcl2.File
	Root  *Module
	Tree  *Tree    // with all uses of modules; nil if some file could not be read, so that declarations may be missing
	Order []*Stage // each after what it needs

	spares bool // what the settings do not need
}

// Files returns every file that a diagnostic may point into, by name: the configuration's own, and those that held
// Variable values.
func (c *Config) Files() map[string]*hcl2.File { return maps.Clone(c.files) }

// Text returns what is written at a place in the configuration; nothing for one that is in no file.
func (c *Config) Text(at hcl2.Range) []byte {
	if file := c.files[at.Filename]; file != nil {
		return at.SliceBytes(file.Bytes)
	}
	return nil
}

// AddFile notes a file that diagnostics may point into besides the configuration's own.
func (c *Config) AddFile(name string, file *hcl2.File) { c.files[name] = file }

// Dir returns the directory of the root module.
func (c *Config) Dir() string { return c.dir }

// Sources returns a copy of every file that was read to make the configuration and to evaluate it so far. Files with
// Variable values are not among them.
func (c *Config) Sources() map[string][]byte { return c.From.Contents() }

// Folders returns the folders on the disk that the configuration was read from, or that files were sought in, sorted: those
// of its modules, of values of variables, and of what functions have read so far.
func (c *Config) Folders() []string { return c.From.Folders() }

// Changed returns the name of something on the disk that is not any more as it was when it was read, or nothing.
func (c *Config) Changed() string { return c.From.Changed() }

// Load reads the configuration at path, a directory or one file.
func Load(path string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	c, diags := readFiles(path, from)
	diags = append(diags, c.connect()...)
	syntax.SortDiagnostics(diags)
	return c, diags
}

// readFiles reads and decodes the files, without looking at what refers to what.
func readFiles(path string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	c := &Config{dir: filepath.Clean(path), From: from, files: map[string]*hcl2.File{}}
	l := &loader{from: from, files: c.files, modules: map[string]*Module{}}
	names, dir, diags := from.Find(path)
	c.dir = dir
	root, more := l.module(dir, names, nil)
	c.Root = root
	if !l.broken {
		c.Tree = newUnit("", root, nil)
	}
	return c, append(diags, more...)
}

// loader reads the files of a configuration and its modules.
type loader struct {
	from    *syntax.Sources
	files   map[string]*hcl2.File
	modules map[string]*Module // by directory
	broken  bool               // some file could not be parsed, so that declarations may be missing
}

// parse reads and parses one file. The file is nil if it cannot be read at all.
func (l *loader) parse(path string) (*hcl2.File, hcl2.Diagnostics) {
	source, err := l.from.ReadFile(path)
	if err != nil {
		l.broken = true
		return nil, hcl2.Diagnostics{syntax.Unreadable(path, err)}
	}
	file, diags := Parse(source, path)
	l.files[path] = file
	l.broken = l.broken || diags.HasErrors()
	return file, diags
}
