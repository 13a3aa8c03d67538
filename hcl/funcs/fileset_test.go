package funcs

import (
	"errors"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// tree is a folder with files, by their paths.
type tree struct {
	files  []string
	closed string   // a folder that cannot be read
	read   []string // the folders that were
}

func (t *tree) list(dir string) ([]string, error) {
	if dir == t.closed {
		return nil, errors.New("permission denied")
	}
	t.read = append(t.read, dir)
	var names []string
	for _, file := range t.files {
		if rest, ok := strings.CutPrefix(path.Join("root", file), dir+"/"); ok {
			name, _, isFolder := strings.Cut(rest, "/")
			if isFolder {
				name += "/"
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func TestFilesetLooksWhereThePatternLeads(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string][]string{
		"*.json": {"root"}, "rooms/*.json": {"root/rooms"}, "rooms/deep/c.json": {"root/rooms/deep"}, "*/c.json": {"root", "root/other", "root/rooms"},
		"r*/*/*.json": {"root", "root/rooms", "root/rooms/deep"}, "rooms/**": {"root/rooms", "root/rooms/deep"}, "**/deep/*": {"root", "root/other", "root/rooms", "root/rooms/deep"},
		"a.json/*": {"root/a.json"}, "nothing/**": {"root/nothing"}, "[q]*/x": {"root"},
	} {
		files := &tree{files: []string{"a.json", "rooms/b.json", "rooms/deep/c.json", "other/c.json"}, closed: "root/private"}
		if err := findFiles(files.list, "root", pattern, map[string]cty.Value{}); err != nil || !slices.Equal(files.read, want) {
			t.Errorf("%s looks into %q, not %q: %v", pattern, files.read, want, err)
		}
	}
	files := &tree{files: []string{"private/a.json"}, closed: "root/private"}
	if err := findFiles(files.list, "root", "**/*.json", map[string]cty.Value{}); err == nil {
		t.Error("a folder that cannot be read, and has to be, is none")
	}
}

// TestFilesetFindsWhatMatches compares it with looking at every file by itself.
func TestFilesetFindsWhatMatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		files := &tree{files: rapid.SliceOfNDistinct(pathOf("a", "b", "c"), 1, 8, rapid.ID).Draw(t, "files")}
		pattern := pathOf("a", "b", "*", "**", "?", "[ab]").Draw(t, "pattern")
		files.files = slices.DeleteFunc(files.files, func(file string) bool { // nothing is a file and a folder
			return slices.ContainsFunc(files.files, func(other string) bool { return strings.HasPrefix(other, file+"/") })
		})
		found := map[string]cty.Value{}
		if err := findFiles(files.list, "root", pattern, found); err != nil {
			t.Fatal(err)
		}
		for _, file := range files.files {
			if _, ok := found[file]; ok != matchSegments(strings.Split(pattern, "/"), strings.Split(file, "/")) {
				t.Errorf("%s finds %s: %v", pattern, file, ok)
			}
			delete(found, file)
		}
		if len(found) > 0 {
			t.Errorf("%s finds %v, which is not there", pattern, found)
		}
	})
}

func pathOf(segments ...string) *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(segments), 1, 4), func(chosen []string) string { return strings.Join(chosen, "/") })
}

// matchSegments matches a path segment by segment.
func matchSegments(pattern, name []string) bool {
	switch {
	case len(pattern) == 0 || len(name) == 0:
		return len(pattern)+len(name) == 0
	case pattern[0] == "**":
		return matchSegments(pattern[1:], name) || matchSegments(pattern, name[1:]) || len(pattern) == 1
	}
	ok, _ := path.Match(pattern[0], name[0])
	return ok && matchSegments(pattern[1:], name[1:])
}

func TestFilesetRefusesWhatIsNoPattern(t *testing.T) {
	t.Parallel()
	files := &tree{files: []string{"a.json"}}
	find := fileSet(Outside{ListFolder: files.list})
	for _, pattern := range []string{"{a,b", "[a", "{a,{b}.json"} {
		if _, err := find.Call([]cty.Value{cty.StringVal("root"), cty.StringVal(pattern)}); err == nil {
			t.Errorf("%s is one", pattern)
		}
	}
}
