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
				if _, err := path.Match(pattern, ""); err != nil || strings.Contains(pattern, "{") {
					return cty.NilVal, function.NewArgErrorf(1, "is not a pattern: a bracket is not closed")
				}
			}
			names := map[string]cty.Value{}
			for _, pattern := range patterns {
				if err := findFiles(outside.ListFolder, args[0].AsString(), pattern, names); err != nil {
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
	from := filepath.ToSlash(dir)
	for strings.HasPrefix(pattern, "../") {
		from, pattern = path.Join(from, ".."), pattern[len("../"):]
	}
	search := glob(strings.Split(pattern, "/"))
	return search.walk(list, from, search.reach(0), func(name string) error {
		relative, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		found[relative] = cty.StringVal(relative)
		return nil
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

// A glob is a pattern by its segments, where ** stands for any number of them, at the end for one at least. A place in a path is known by which
// segments may come next.
type glob []string

// walk finds the files below a folder, where some segments may come next. It looks into no folder that no such file can be in.
func (g glob) walk(list func(string) ([]string, error), folder string, next []int, found func(string) error) error {
	if len(next) == 1 && next[0] < len(g)-1 && !strings.ContainsAny(g[next[0]], `*?[\`) {
		return g.walk(list, path.Join(folder, g[next[0]]), g.reach(next[0]+1), found)
	}
	names, err := list(folder)
	if err != nil {
		return err
	}
	for _, name := range names {
		name, isFolder := strings.CutSuffix(name, "/")
		within := g.step(next, name)
		switch at := path.Join(folder, name); {
		case !isFolder && slices.Contains(within, len(g)):
			err = found(at)
		case isFolder && slices.ContainsFunc(within, func(i int) bool { return i < len(g) }):
			err = g.walk(list, at, within, found)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reach returns the segments that may come next where the one with an index may. After the last one, the path may end.
func (g glob) reach(i int) []int {
	reached := []int{i}
	for ; i < len(g)-1 && g[i] == "**"; i++ {
		reached = append(reached, i+1)
	}
	return reached
}

// step returns the segments that may come after a name.
func (g glob) step(next []int, name string) []int {
	var after []int
	for _, i := range next {
		switch {
		case i == len(g):
		case g[i] == "**" && i == len(g)-1:
			after = append(after, i, i+1)
		case g[i] == "**":
			after = append(after, g.reach(i)...)
		default:
			if ok, _ := path.Match(g[i], name); ok { // which was found to be a pattern
				after = append(after, g.reach(i+1)...)
			}
		}
	}
	slices.Sort(after)
	return slices.Compact(after)
}
