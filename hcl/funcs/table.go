package funcs

import (
	"maps"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Outside is what functions may ask of the world.
type Outside struct {
	// ReadFile reads a file, whose path may be relative to the working directory.
	ReadFile func(path string) ([]byte, error)
	// ListFolder returns the names of the files in a folder, and those of the folders in it with a slash behind. There are none where there
	// is no such folder.
	ListFolder func(dir string) ([]string, error)
	// Env looks up an environment variable. It may be nil, which is an empty environment.
	Env func(name string) (string, bool)
	// Secret is told what the function sensitive is given. It may be nil.
	Secret func(cty.Value)
	// Public is told what the function nonsensitive is given. It may be nil.
	Public func(cty.Value)
	// Heard is told each text that a function gets from a file or from the environment, and of each that is asked for where
	// there is none. It may be nil.
	Heard func(text string, found bool)
	// Found is told each path, or set of them, that a function finds by looking at where this runs. It may be nil.
	Found func(paths cty.Value)
}

// found tells paths that were found, and returns them.
func (o Outside) found(paths cty.Value) cty.Value {
	if o.Found != nil {
		o.Found(paths)
	}
	return paths
}

// foundPath does so for the function that finds one.
func (o Outside) foundPath(find func(string) (string, error)) function.Function {
	return ofPath(func(path string) (string, error) {
		path, err := find(path)
		if err == nil {
			o.found(cty.StringVal(path))
		}
		return path, err
	})
}

// overheard returns the outside with every text that it gives told.
func (o Outside) overheard() Outside {
	read, env := o.ReadFile, o.Env
	o.ReadFile = func(path string) ([]byte, error) {
		content, err := read(path)
		o.Heard(string(content), err == nil)
		return content, err
	}
	if env != nil {
		o.Env = func(name string) (string, bool) {
			text, ok := env(name)
			o.Heard(text, ok)
			return text, ok
		}
	}
	return o
}

// Table returns all functions by name. The map is the caller's.
func Table(outside Outside) map[string]function.Function {
	table := maps.Clone(standard)
	for _, theme := range []map[string]function.Function{text, numbers, collections, encodings, hashes, networks, values, conversions, times, fixtures, charsets} {
		maps.Copy(table, theme)
	}
	for name, g := range guards {
		table[name] = guarded(table[name], g)
	}
	table["sensitive"], table["nonsensitive"] = sensitive(outside.Secret), nonsensitive(outside.Public)
	for name, f := range table {
		if params, rest := f.Params(), f.VarParam(); takesCollection(params, rest) {
			table[name] = uniformly(f, params, rest)
		}
	}
	home := outside.Env // which is asked for where the home is, and that is no text of anybody's
	if outside.Heard != nil {
		outside = outside.overheard()
	}
	table["env"] = env(outside.Env)
	maps.Copy(table, files(outside))
	table["pathexpand"] = outside.foundPath(func(path string) (string, error) { return expandHome(path, home) })
	table["templatefile"], table["templatestring"] = templateFile(outside.ReadFile, table), templateString(table)
	for name, f := range table {
		table[name] = described(name, f)
	}
	return table
}

// standard are go-cty's functions under Terraform's names.
var standard = map[string]function.Function{
	"abs":             stdlib.AbsoluteFunc,
	"can":             tryfunc.CanFunc,
	"ceil":            stdlib.CeilFunc,
	"chomp":           stdlib.ChompFunc,
	"chunklist":       stdlib.ChunklistFunc,
	"coalescelist":    stdlib.CoalesceListFunc,
	"compact":         stdlib.CompactFunc,
	"concat":          stdlib.ConcatFunc,
	"csvdecode":       stdlib.CSVDecodeFunc,
	"flatten":         stdlib.FlattenFunc,
	"floor":           stdlib.FloorFunc,
	"format":          stdlib.FormatFunc,
	"formatdate":      stdlib.FormatDateFunc,
	"formatlist":      stdlib.FormatListFunc,
	"indent":          stdlib.IndentFunc,
	"join":            stdlib.JoinFunc,
	"jsondecode":      jsonDecode,
	"jsonencode":      encoded(stdlib.JSONEncodeFunc, "JSON"),
	"keys":            stdlib.KeysFunc,
	"log":             stdlib.LogFunc,
	"lower":           stdlib.LowerFunc,
	"max":             stdlib.MaxFunc,
	"merge":           stdlib.MergeFunc,
	"min":             stdlib.MinFunc,
	"parseint":        stdlib.ParseIntFunc,
	"pow":             stdlib.PowFunc,
	"range":           stdlib.RangeFunc,
	"regex":           stdlib.RegexFunc,
	"regexall":        stdlib.RegexAllFunc,
	"reverse":         stdlib.ReverseListFunc,
	"setintersection": stdlib.SetIntersectionFunc,
	"setsubtract":     stdlib.SetSubtractFunc,
	"setunion":        stdlib.SetUnionFunc,
	"signum":          stdlib.SignumFunc,
	"slice":           stdlib.SliceFunc,
	"sort":            stdlib.SortFunc,
	"split":           stdlib.SplitFunc,
	"strrev":          stdlib.ReverseFunc,
	"substr":          stdlib.SubstrFunc,
	"timeadd":         stdlib.TimeAddFunc,
	"title":           stdlib.TitleFunc,
	"trim":            stdlib.TrimFunc,
	"trimprefix":      stdlib.TrimPrefixFunc,
	"trimspace":       stdlib.TrimSpaceFunc,
	"trimsuffix":      stdlib.TrimSuffixFunc,
	"try":             tryfunc.TryFunc,
	"upper":           stdlib.UpperFunc,
	"values":          stdlib.ValuesFunc,
	"yamldecode":      yaml.YAMLDecodeFunc,
	"yamlencode":      encoded(yaml.YAMLEncodeFunc, "YAML"),
	"zipmap":          stdlib.ZipmapFunc,
}

// conversions are the functions that convert to a type.
var conversions = map[string]function.Function{
	"tobool":   stdlib.MakeToFunc(cty.Bool),
	"tolist":   toCollection(cty.List(cty.DynamicPseudoType)),
	"tomap":    toCollection(cty.Map(cty.DynamicPseudoType)),
	"tonumber": stdlib.MakeToFunc(cty.Number),
	"toset":    toCollection(cty.Set(cty.DynamicPseudoType)),
	"tostring": stdlib.MakeToFunc(cty.String),
}
