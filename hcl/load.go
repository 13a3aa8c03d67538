package hcl

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

const (
	nativeSuffix    = ".rivet.hcl"
	jsonSuffix      = ".rivet.json"
	variablesSuffix = ".rivetvars.hcl"
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
	names, dir, diags := l.find(path)
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

// find returns the configuration files at path and the directory that they are in.
func (l *loader) find(path string) (names []string, dir string, diags hcl2.Diagnostics) {
	path = filepath.Clean(path)
	isDir, err := l.from.isDir(path)
	if err != nil {
		return nil, path, hcl2.Diagnostics{unreadable(path, err)}
	}
	if !isDir {
		return l.single(path)
	}
	names, err = l.list(path)
	if err != nil {
		return nil, path, hcl2.Diagnostics{unreadable(path, err)}
	}
	if len(names) == 0 {
		diags = append(diags, &hcl2.Diagnostic{
			Severity: hcl2.DiagError,
			Summary:  "No configuration files",
			Detail:   fmt.Sprintf("The directory %q has no file whose name ends in %s or %s.", path, nativeSuffix, jsonSuffix),
		})
	}
	return names, path, diags
}

func (l *loader) single(path string) (names []string, dir string, diags hcl2.Diagnostics) {
	if !isConfigFile(path) {
		diags = append(diags, &hcl2.Diagnostic{
			Severity: hcl2.DiagError,
			Summary:  "Not a configuration file",
			Detail: fmt.Sprintf("%q was given as a configuration, but the names of configuration files end in %s or %s.",
				path, nativeSuffix, jsonSuffix),
		})
		return nil, filepath.Dir(path), diags
	}
	return []string{path}, filepath.Dir(path), nil
}

// list returns the paths of the configuration files in dir, sorted.
func (l *loader) list(dir string) ([]string, error) {
	names, err := l.from.list(dir)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range names {
		if IsConfiguration(name) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths, nil
}

// IsConfiguration reports whether a file of a directory belongs to the configuration there, by its name. Hidden files do
// not, as editors keep their copies in them.
func IsConfiguration(name string) bool { return isConfigFile(name) && !strings.HasPrefix(name, ".") }

func isConfigFile(name string) bool {
	return strings.HasSuffix(name, nativeSuffix) || strings.HasSuffix(name, jsonSuffix)
}

func unreadable(path string, err error) *hcl2.Diagnostic {
	detail := fmt.Sprintf("%q cannot be read: %s.", path, cause(err))
	if errors.Is(err, fs.ErrNotExist) {
		detail = fmt.Sprintf("There is no file or directory %q.", path)
	}
	return &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: "Cannot read configuration", Detail: detail}
}

// cause returns an error of the file system without the operation and the path, which messages name themselves.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
