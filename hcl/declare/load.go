// Package declare holds the blocks of a configuration as they are written, and checks all that needs no value.
//
// [Load] decodes the files of a directory, and of the modules that it calls, by [ModuleSchema] and the schemas of the blocks
// in it. It gives a [Config]: a [Tree] of modules with their declarations, whose references are resolved. Each declaration has
// stages, which can be evaluated one after the other, and each [Stage] says what it needs. Expressions that see the same names
// are in one [Scope].
package declare

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/discreet"
	"riveter/hcl/expr"
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

	spares bool                // what the settings do not need
	given  map[string][]string // the words in files with values of variables that are not to be saved
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

// AddGiven notes a file of values that has one for a variable, whether that counts or not.
func (c *Config) AddGiven(name string, v *Variable, value cty.Value) {
	c.given[name] = append(c.given[name], v.unsaved(value)...)
}

// Unsaved returns the words that are written for variables whose values are hidden, by the file that has them: that is not to be saved.
func (c *Config) Unsaved() map[string][]string {
	words := map[string][]string{}
	for name, given := range c.given {
		words[name] = slices.Clone(given)
	}
	for _, d := range c.Tree.All() {
		v, ok := d.What.(*Variable)
		if !ok || !v.IsHidden() {
			continue
		}
		for name, all := range d.Tree.Written(v) {
			for _, written := range all {
				words[name] = append(words[name], v.unsaved(written)...)
			}
		}
	}
	return words
}

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
	c := &Config{dir: filepath.Clean(path), From: from, files: map[string]*hcl2.File{}, given: map[string][]string{}}
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

// expressionFile is the name that diagnostics have for the text of an expression that is in no file.
const expressionFile = "<console>"

// expressionName is no name that an author could choose for a local value.
const expressionName = "(expression)"

// LoadExpression is [Load] with a local value more in the root module, and with nothing that this does not need.
func LoadExpression(path, text string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	file := &hcl2.File{Bytes: []byte(text)}
	parsed, faults := syntax.ParseExpression([]byte(text), expressionFile)
	if faults.HasErrors() {
		return &Config{From: from, files: map[string]*hcl2.File{expressionFile: file}}, faults
	}
	c, diags := readFiles(path, from)
	c.files[expressionFile] = file
	if c.Tree == nil {
		syntax.SortDiagnostics(diags)
		return c, diags
	}
	l := newLocal(expressionName, expr.New(parsed), parsed.Range())
	c.Tree.declare(l.Address(), l.rng, l, oneStage(l.Scope))
	diags = append(diags, c.connect()...)
	c.keepOnly(l.Address(), "rivet", "ledger")
	syntax.SortDiagnostics(diags)
	return c, diags
}

// LoadOutputs is [Load] with nothing that the outputs of the root module do not need.
func LoadOutputs(path string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	c, diags := Load(path, from)
	if c.Tree == nil {
		return c, diags
	}
	needed := []string{"rivet", "ledger"}
	for _, o := range c.Tree.Module.Outputs {
		needed = append(needed, o.Address())
	}
	c.keepOnly(needed...)
	return c, diags
}

// LoadSettings is [Load] with nothing that the riveter and rivet blocks do not need, and without what is wrong with the rest.
func LoadSettings(path string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	c, diags := Load(path, from)
	if c.Tree == nil {
		return c, diags
	}
	c.keepOnly("rivet", "ledger")
	c.spares = true
	return c, slices.DeleteFunc(diags, func(diag *hcl2.Diagnostic) bool { return diag.Subject != nil && c.isOfTheRest(*diag.Subject) })
}

// isOfTheRest reports whether a place is in a block that no settings can refer to.
func (c *Config) isOfTheRest(place hcl2.Range) bool {
	file := c.files[place.Filename]
	if file == nil {
		return false
	}
	block := file.OutermostBlockAtPos(place.Start)
	return block != nil && !slices.Contains([]string{"riveter", "rivet", "variable", "locals"}, block.Type)
}

// Spares reports whether nothing that is evaluated needs a variable, as only the settings are wanted.
func (c *Config) Spares(v *Variable) bool {
	isOf := func(s *Stage) bool { return s.Declaration.What == v }
	return c.spares && !slices.ContainsFunc(c.Order, isOf)
}

// keepOnly drops all stages that some declarations of the root module do not need.
func (c *Config) keepOnly(addresses ...string) {
	needed := map[*Stage]bool{}
	var need func(s *Stage)
	need = func(s *Stage) {
		if needed[s] {
			return
		}
		needed[s] = true
		for _, n := range s.Needs {
			need(n.Stage)
		}
	}
	for _, address := range addresses {
		if d := c.Tree.Declarations[address]; d != nil {
			for _, s := range d.Stages {
				need(s)
			}
		}
	}
	c.Order = slices.DeleteFunc(c.Order, func(s *Stage) bool { return !needed[s] })
}

// Expression returns the declaration of the expression that the configuration was loaded with, or nil.
func (c *Config) Expression() *Declaration {
	return c.Tree.Declarations["local."+expressionName]
}

// IsExpression reports whether a local value is that expression.
func (c *Config) IsExpression(l *Local) bool { return l.name == expressionName }

// loader reads the files of a configuration and its modules.
type loader struct {
	from    *syntax.Sources
	files   map[string]*hcl2.File
	modules map[string]*Module // by directory
	broken  bool               // some file could not be parsed, so that declarations may be missing
}

// module parses and decodes the files of one directory, and those of the modules that it calls. within holds the
// directories of the modules around it. A directory is read once, however often it is called.
func (l *loader) module(dir string, paths, within []string) (*Module, hcl2.Diagnostics) {
	if m, ok := l.modules[dir]; ok {
		return m, nil
	}
	m := &Module{Dir: dir, declared: map[string]hcl2.Range{}, Dynamic: map[string]*DynamicBlock{}, unread: map[string]bool{}}
	var diags hcl2.Diagnostics
	for _, path := range paths {
		file, faults := l.parse(path)
		diags = append(diags, faults...)
		if file != nil {
			diags = append(diags, syntax.WithoutConsequences(m.decode(file), faults, file)...)
		}
	}
	m.sortMoves()
	for _, c := range m.calls {
		diags = append(diags, l.load(c, append(slices.Clip(within), dir))...)
	}
	if len(within) > 0 {
		diags = append(diags, m.rootOnly()...)
	}
	l.modules[dir] = m
	return m, diags
}

// load reads the module that is called. within holds the directories of the modules around it, the calling one last.
func (l *loader) load(m *ModuleCall, within []string) hcl2.Diagnostics {
	if m.source == "" {
		return nil
	}
	dir := filepath.Join(within[len(within)-1], filepath.FromSlash(m.source))
	for i, outer := range within {
		if outer == dir {
			return hcl2.Diagnostics{syntax.Problem("Cycle", fmt.Sprintf(
				"A module cannot contain itself: %s, which calls %s.", strings.Join(within[i:], ", which calls "), dir), m.sourceAt)}
		}
	}
	names, err := l.from.Configurations(dir)
	if err != nil || len(names) == 0 {
		return hcl2.Diagnostics{syntax.Problem("Cannot read module", fmt.Sprintf(
			"There is no directory %q, or it has no file whose name ends in %s or %s.", dir, syntax.NativeSuffix, syntax.JSONSuffix), m.sourceAt)}
	}
	var diags hcl2.Diagnostics
	if l.modules[dir] == nil {
		diags = l.from.Mistaken(dir)
	}
	config, more := l.module(dir, names, within)
	m.config = config
	return append(diags, more...)
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

// Parse parses a file of the language by the syntax that its name says. The file is never nil, and says what of it may be shown.
func Parse(source []byte, name string) (*hcl2.File, hcl2.Diagnostics) {
	return discreet.Parse(source, name, ModuleSchema)
}
