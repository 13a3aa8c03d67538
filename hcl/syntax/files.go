package syntax

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// The endings of the names of files.
const (
	NativeSuffix    = ".rivet.hcl"
	JSONSuffix      = ".rivet.json"
	VariablesSuffix = ".rivetvars.hcl"

	jsonVariablesSuffix = ".rivetvars.json"
	mistakenSuffix      = NativeSuffix + ".json" // as Terraform would have it, which is not read
)

// Find returns the configuration files at path and the directory that they are in.
func (s *Sources) Find(path string) (names []string, dir string, diags hcl2.Diagnostics) {
	path = filepath.Clean(path)
	isDir, err := s.isDir(path)
	if err != nil {
		return nil, path, hcl2.Diagnostics{Unreadable(path, err)}
	}
	if !isDir {
		return single(path)
	}
	names, err = s.Configurations(path)
	if err != nil {
		return nil, path, hcl2.Diagnostics{Unreadable(path, err)}
	}
	if len(names) == 0 {
		diags = append(diags, &hcl2.Diagnostic{
			Severity: hcl2.DiagError,
			Summary:  "No configuration files",
			Detail:   fmt.Sprintf("The directory %q has no file whose name ends in %s or %s.%s", path, NativeSuffix, JSONSuffix, s.instead(path)),
		})
		return names, path, diags
	}
	return names, path, s.Mistaken(path)
}

// Mistaken warns of the files of a directory that are not read, although their names look as if they were.
func (s *Sources) Mistaken(dir string) (diags hcl2.Diagnostics) {
	names, _ := s.list(dir)
	for _, name := range names {
		if stem, is := strings.CutSuffix(name, mistakenSuffix); is && !strings.HasPrefix(name, ".") {
			diags = append(diags, &hcl2.Diagnostic{
				Severity: hcl2.DiagWarning,
				Summary:  "File is not read",
				Detail:   fmt.Sprintf("%q is no part of the configuration: JSON is read from files whose names end in %s. Call it %s%s.", filepath.Join(dir, name), JSONSuffix, stem, JSONSuffix),
			})
		}
	}
	return diags
}

// instead says what a directory without configuration does hold, and what to call it.
func (s *Sources) instead(dir string) string {
	names, _ := s.list(dir)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, ".") })
	for _, name := range names {
		stem, isNative := strings.CutSuffix(name, ".hcl")
		isValues := HasValues(name)
		if _, isTerraform := strings.CutSuffix(name, ".tf"); isTerraform {
			return fmt.Sprintf(" It has %s, which is for Terraform. Actors are declared in a file such as main%s.", name, NativeSuffix)
		}
		if json, isMistaken := strings.CutSuffix(name, mistakenSuffix); isMistaken {
			return fmt.Sprintf(" It has %s: if that is the configuration, call it %s%s.", name, json, JSONSuffix)
		}
		if isNative && !isValues {
			return fmt.Sprintf(" It has %s: if that is the configuration, call it %s%s.", name, stem, NativeSuffix)
		}
	}
	if below := s.below(dir); len(below) > 0 {
		return fmt.Sprintf(" There are some in %s: name the folder that is meant.", ListSome(below, len(below), func(name string) string { return name }))
	}
	if len(names) == 0 {
		return fmt.Sprintf(" Write a file such as main%s.", NativeSuffix)
	}
	return fmt.Sprintf(" It has %s.", ListSome(names, len(names), func(name string) string { return name }))
}

// below returns the folders in dir that have configuration.
func (s *Sources) below(dir string) (folders []string) {
	if !s.disk {
		return nil
	}
	entries, _ := os.ReadDir(dir) // what cannot be read is said elsewhere
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if files, _ := s.Configurations(folder); len(files) > 0 {
			folders = append(folders, folder)
		}
	}
	return folders
}

func single(path string) (names []string, dir string, diags hcl2.Diagnostics) {
	if !isConfigFile(path) {
		diags = append(diags, &hcl2.Diagnostic{
			Severity: hcl2.DiagError,
			Summary:  "Not a configuration file",
			Detail: fmt.Sprintf("%q was given as a configuration, but the names of configuration files end in %s or %s.",
				path, NativeSuffix, JSONSuffix),
		})
		return nil, filepath.Dir(path), diags
	}
	return []string{path}, filepath.Dir(path), nil
}

// Configurations returns the paths of the configuration files in dir, sorted.
func (s *Sources) Configurations(dir string) ([]string, error) {
	names, err := s.list(dir)
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
func IsConfiguration(name string) bool {
	return isConfigFile(name) && !strings.HasPrefix(filepath.Base(name), ".")
}

func isConfigFile(name string) bool {
	return strings.HasSuffix(name, NativeSuffix) || strings.HasSuffix(name, JSONSuffix)
}

// Unreadable reports a file or directory that cannot be read.
func Unreadable(path string, err error) *hcl2.Diagnostic {
	detail := fmt.Sprintf("%q cannot be read: %s.", path, Cause(err))
	if errors.Is(err, fs.ErrNotExist) {
		detail = fmt.Sprintf("There is no file or directory %q.", path)
	}
	return &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: "Cannot read configuration", Detail: detail}
}

// Cause returns an error of the file system without the operation and the path, which messages name themselves.
func Cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// IsFormattable reports whether a file has a canonical format, by its name: configurations and variable values in the native
// syntax do, and those in JSON do not.
func IsFormattable(name string) bool {
	return strings.HasSuffix(name, NativeSuffix) || strings.HasSuffix(name, VariablesSuffix)
}

// AutomaticValues returns the paths of the files in dir that have values of variables and are read without being asked for,
// in the order in which they count.
func (s *Sources) AutomaticValues(dir string) []string {
	names, err := s.list(dir)
	if err != nil {
		return nil // it was read from a moment ago; what is missing then will be reported
	}
	names = slices.DeleteFunc(names, func(name string) bool { return automaticRank(name) == 0 })
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(automaticRank(a), automaticRank(b)) })
	for i, name := range names {
		names[i] = filepath.Join(dir, name)
	}
	return names
}

// automaticRank orders the files that are loaded without being asked. It is zero for all others.
func automaticRank(name string) int {
	switch {
	case name == "riveter"+VariablesSuffix:
		return 1
	case name == "riveter"+jsonVariablesSuffix:
		return 2
	case strings.HasSuffix(name, ".auto"+VariablesSuffix), strings.HasSuffix(name, ".auto"+jsonVariablesSuffix):
		return 3
	default:
		return 0
	}
}

// HasValues reports whether a file gives values to variables, by its name.
func HasValues(name string) bool {
	return strings.HasSuffix(name, VariablesSuffix) || strings.HasSuffix(name, jsonVariablesSuffix)
}
