package funcs

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fileSet finds the files below a directory whose paths match a pattern.
func fileSet(outside Outside) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "path", Type: cty.String}, {Name: "pattern", Type: cty.String}},
		Type:         function.StaticReturnType(cty.Set(cty.String)),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			patterns := alternatives(args[1].AsString())
			for _, pattern := range patterns {
				if _, err := path.Match(pattern, ""); err != nil {
					return cty.NilVal, function.NewArgErrorf(1, "is not a pattern: a bracket is not closed")
				}
			}
			names := map[string]cty.Value{}
			for _, pattern := range patterns {
				if err := findFiles(outside.ListFiles, args[0].AsString(), pattern, names); err != nil {
					return cty.NilVal, function.NewArgError(0, err)
				}
			}
			if len(names) == 0 {
				return outside.found(cty.SetValEmpty(cty.String)), nil
			}
			return outside.found(cty.SetVal(slices.Collect(maps.Values(names)))), nil
		},
	})
}

// findFiles adds the files that match a pattern, which may lead out of the directory, under their paths relative to it.
func findFiles(list func(string) ([]string, error), dir, pattern string, found map[string]cty.Value) error {
	pattern = strings.TrimPrefix(path.Clean(pattern), "/")
	from := ""
	for strings.HasPrefix(pattern, "../") {
		from, pattern = path.Join(from, ".."), pattern[len("../"):]
	}
	names, err := list(path.Join(filepath.ToSlash(dir), from))
	if err != nil {
		return err
	}
	for _, name := range names {
		if !matchSegments(strings.Split(pattern, "/"), strings.Split(name, "/")) {
			continue
		}
		relative, err := filepath.Rel(dir, path.Join(filepath.ToSlash(dir), from, name))
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		found[relative] = cty.StringVal(relative)
	}
	return nil
}

// alternatives returns the patterns that a pattern with choices in braces stands for.
func alternatives(pattern string) []string {
	before, rest, ok := strings.Cut(pattern, "{")
	choices, after, closed := strings.Cut(rest, "}")
	if !ok || !closed {
		return []string{pattern}
	}
	var all []string
	for choice := range strings.SplitSeq(choices, ",") {
		all = append(all, alternatives(before+choice+after)...)
	}
	return all
}

// matchSegments matches a path segment by segment, where ** stands for any number of them.
func matchSegments(pattern, name []string) bool {
	switch {
	case len(pattern) == 0:
		return len(name) == 0
	case pattern[0] == "**":
		return matchSegments(pattern[1:], name) || len(name) > 0 && matchSegments(pattern, name[1:])
	case len(name) == 0:
		return false
	}
	ok, _ := path.Match(pattern[0], name[0]) // which was found to be a pattern
	return ok && matchSegments(pattern[1:], name[1:])
}
