package funcs

import (
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fileSet finds the files below a directory whose paths match a pattern.
func fileSet(list func(string) ([]string, error)) function.Function {
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
			names, err := list(args[0].AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			var found []cty.Value
			for _, name := range names {
				matches := func(pattern string) bool {
					return matchSegments(strings.Split(pattern, "/"), strings.Split(name, "/"))
				}
				if slices.ContainsFunc(patterns, matches) {
					found = append(found, cty.StringVal(name))
				}
			}
			if found == nil {
				return cty.SetValEmpty(cty.String), nil
			}
			return cty.SetVal(found), nil
		},
	})
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
