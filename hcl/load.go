package hcl

import (
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// Load reads the configuration at path, a directory or one file. It returns what could be read, never nil, and every
// problem that can be found without evaluating anything, in source order: syntax, unknown or missing blocks and
// attributes, references to nothing, cycles. A Config that came with errors is good for its Files only.
func Load(path string) (*Config, hcl2.Diagnostics) {
	return loadFrom(path, diskSources(), nil)
}

// LoadSources is Load of the copy that [Config.Sources] made of a configuration. It touches no disk, and neither does
// anything that is evaluated from it.
func LoadSources(path string, files map[string][]byte) (*Config, hcl2.Diagnostics) {
	return loadFrom(path, savedSources(files), nil)
}

// loadFrom adds a local value to the root module, unless it is nil.
func loadFrom(path string, from *sources, more *local) (*Config, hcl2.Diagnostics) {
	l := &loader{from: from, files: map[string]*hcl2.File{}, modules: map[string]*module{}}
	cfg := &Config{dir: filepath.Clean(path), from: from, files: l.files}
	names, dir, diags := from.find(path)
	cfg.dir = dir
	root, problems := l.module(dir, names, nil)
	diags = append(diags, problems...)
	if more != nil {
		root.locals = append(root.locals, more)
	}
	cfg.root = root
	if !l.broken {
		cfg.graph, problems = buildGraph(cfg.root)
		diags = append(diags, problems...)
	}
	SortDiagnostics(diags)
	return cfg, diags
}

// loader reads the files of a configuration and its modules.
type loader struct {
	from    *sources
	files   map[string]*hcl2.File
	modules map[string]*module // by directory
	broken  bool               // some file could not be parsed, so that declarations may be missing
}

// parse reads and parses one file. The file is nil if it cannot be read at all.
func (l *loader) parse(path string) (*hcl2.File, hcl2.Diagnostics) {
	source, err := l.from.ReadFile(path)
	if err != nil {
		l.broken = true
		return nil, hcl2.Diagnostics{unreadable(path, err)}
	}
	file, diags := parseSource(source, path)
	l.files[path] = file
	l.broken = l.broken || diags.HasErrors()
	return file, diags
}
