// Package discreet knows of which lines of a file nothing may be shown, since there are secrets in them. It goes by what is written: what
// is wrong with a file is told, with its lines, before anything is evaluated, and also of a file that nobody understands.
package discreet

import (
	"bytes"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcled"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/syntax"
)

// Parse parses a file of the language by the syntax that its name says. The file is never nil. Its [Nav] knows of which lines nothing may
// be shown, as there are secrets in them, or could be where the file is not understood: then the blocks of schema, which are in no
// other, are told from each other by their names.
func Parse(source []byte, name string, schema *syntax.Schema) (*hcl2.File, hcl2.Diagnostics) {
	file, diags := syntax.Parse(source, name)
	body, isNative := file.Body.(*hclsyntax.Body)
	switch {
	case syntax.HasValues(name): // of variables that are declared elsewhere
		HideWhole(file)
	case strings.HasSuffix(name, ".json"):
		hide(file, func() []hcl2.Range { return secretJSON(file.Bytes) })
	case isNative && !diags.HasErrors():
		hide(file, func() []hcl2.Range { return secretPlaces(body, file.Bytes, schema) })
	default:
		hide(file, func() []hcl2.Range { return secretBlocks(file.Bytes, schema) })
		file.Nav = garbled{file.Nav.(Nav)}
	}
	return file, diags
}

// HideWhole has nothing of a file shown, nor in which block a place is, as of one with values of variables of which some are secret: where it
// has a mistake, nobody can say which.
func HideWhole(file *hcl2.File) {
	file.Nav = nil
	hide(file, func() []hcl2.Range { return []hcl2.Range{linesOf(file.Bytes, hcl2.InitialPos)} })
}

// Nav is that of a file that may have secrets in it. It is read by who shows parts of files.
type Nav struct {
	nav    any
	hidden func() []hcl2.Range
}

// hide says what of a file must not be shown. It is asked for when something is shown.
func hide(file *hcl2.File, places func() []hcl2.Range) {
	file.Nav = Nav{file.Nav, sync.OnceValue(places)}
}

// Hides reports whether a line of those that a range touches must not be shown.
func (n Nav) Hides(r hcl2.Range) bool {
	return slices.ContainsFunc(n.hidden(), func(hidden hcl2.Range) bool {
		return hidden.Start.Line <= r.End.Line && r.Start.Line <= hidden.End.Line
	})
}

// ContextString says which block a place is in, but for one that is to be an argument with a secret. Within JSON that would be all names that
// lead there, so it says nothing where one of them may be secret.
func (n Nav) ContextString(offset int) string {
	isHidden := slices.ContainsFunc(n.hidden(), func(hidden hcl2.Range) bool { return hidden.ContainsOffset(offset) })
	if _, isNative := n.nav.(interface{ ContextDefRange(int) hcl2.Range }); isHidden && !isNative {
		return ""
	}
	text := hcled.ContextString(&hcl2.File{Nav: n.nav}, offset)
	if block, _, _ := strings.Cut(text, " "); isSecretName(block) {
		return ""
	}
	return text
}

// garbled is the [Nav] of a file in the native syntax that is not understood.
type garbled struct{ Nav }

// header is how a block is told that has names for labels.
var header = regexp.MustCompile(`^\w+(?: "[\w-]+")*$`)

// ContextString says which block a place is in, but for one with a label that is no name: where a quote is missing, any text of the file is taken
// for one.
func (g garbled) ContextString(offset int) string {
	if text := g.Nav.ContextString(offset); header.MatchString(text) {
		return text
	}
	return ""
}

// Credentials are the arguments that give access, in whichever block they are: what they are made of is secret.
var Credentials = []string{"token", "password", "headers"}

// secretNames are the arguments whose values are not shown before they are evaluated, whichever block they are in.
var secretNames = append([]string{"params", "params_command"}, Credentials...)

// isSecretName reports whether a name is that of a secret, misspelt perhaps.
func isSecretName(name string) bool { return syntax.Nearest(name, secretNames) != "" }

// connections are the blocks that say how something is reached or opened. An argument that they do not have may be what gives access, by a name
// that another tool has for it, unless it is called like an address.
var connections = []string{"rivet", "ledger", "seal"}

// noteArguments notes the names of all arguments of connections, wherever a schema has these.
func noteArguments(schema *syntax.Schema, known map[string]bool) {
	for _, nested := range schema.Blocks {
		for _, inner := range append(slices.Collect(maps.Values(nested.ByLabel)), nested.Schema) {
			for _, a := range inner.Attributes {
				known[a.Name] = known[a.Name] || slices.Contains(connections, nested.Name)
			}
			noteArguments(inner, known)
		}
	}
}

// addresses are the arguments whose values are URLs, which may carry what gives access, and locations those that may be like them.
var (
	addresses = []string{"endpoint", "address", "lock_address", "unlock_address", "url"}
	locations = []string{"path", "source"}
)

var (
	// secretText is what there is in a text with a secret in it.
	secretText = regexp.MustCompile(`\b(?:sensitive|ephemeral|` + strings.Join(secretNames, "|") + `)\b|\?\w+=|` + credentials.String() + `|` + privateKey.String())
	// privateKey is one that is written where the path of its file belongs.
	privateKey = regexp.MustCompile(`AGE-SECRET-KEY-(?:PQ-)?1\w|-BEGIN [A-Z ]*PRIVATE KEY-`)
	// credentials are those of a URL, also of one that is none.
	credentials = regexp.MustCompile(`(?://|:)(?:[^"\n]|\\")*@`)
	// name is how an argument or a block begins, also one that is none.
	name = regexp.MustCompile(`(?m)^[ \t]*(\w+)[ \t]*[="{:]`)
	// literal is how values begin that are written where they are used.
	literal = regexp.MustCompile(`["\d]|<<`)
)

// secretJSON returns where secrets are written in a file of JSON: anywhere, if there are some.
func secretJSON(source []byte) []hcl2.Range {
	if !secretText.Match(source) {
		return nil
	}
	return []hcl2.Range{linesOf(source, hcl2.InitialPos)}
}

// secretPlaces returns where secrets are written in a file.
func secretPlaces(body *hclsyntax.Body, source []byte, schema *syntax.Schema) []hcl2.Range {
	var places []hcl2.Range
	known := map[string]bool{}
	noteArguments(schema, known)
	add := func(r hcl2.Range) {
		if literal.Match(r.SliceBytes(source)) {
			places = append(places, r)
		}
	}
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl2.Diagnostics {
		switch node := node.(type) {
		case *hclsyntax.Attribute:
			if isOpen(node, node.SrcRange.SliceBytes(source)) {
				add(node.SrcRange)
			}
		case *hclsyntax.FunctionCallExpr:
			if syntax.Nearest(node.Name, []string{"sensitive", "nonsensitive", "issensitive"}) == "sensitive" {
				add(node.Range())
			}
		case *hclsyntax.Block:
			argumentPlaces(node.Type, node.Body, known, add)
		}
		return nil
	})
	argumentPlaces("", body, known, add)
	return places
}

// isOpen reports whether an argument, which is written so, has a key, or is an address that has more than says where something is, or is none, so
// that nobody can say what it has.
func isOpen(attr *hclsyntax.Attribute, text []byte) bool {
	isAddress, says := syntax.Nearest(attr.Name, addresses) != "", bytes.ContainsAny(text, "@?#")
	switch {
	case credentials.Match(text) || privateKey.Match(text) || says && (isAddress || slices.Contains(locations, attr.Name)):
		return true
	case !isAddress:
		return false
	}
	said, _ := attr.Expr.Value(nil)
	if !said.IsKnown() || said.IsNull() || said.Type() != cty.String {
		return false
	}
	_, err := url.Parse(said.AsString())
	return err != nil
}

// argumentPlaces adds the arguments of a block, or of the file, that are secret by their names, misspelt ones too and such that are written
// as blocks, or as the block says so, and those of a connection that are not known there.
func argumentPlaces(block string, body *hclsyntax.Body, known map[string]bool, add func(hcl2.Range)) {
	if block == "locals" { // whose names mean nothing
		return
	}
	isCredential := func(name string) bool {
		return slices.Contains(connections, block) && !known[name] && syntax.Nearest(name, addresses) == ""
	}
	isMarked := slices.ContainsFunc(slices.Collect(maps.Values(body.Attributes)), isMark)
	for name, attr := range body.Attributes {
		if isSecretName(name) || isCredential(name) || isMarked && !slices.Contains(aboutMarked, name) {
			add(attr.SrcRange)
		}
	}
	for _, nested := range body.Blocks {
		if isMarked || isSecretName(nested.Type) {
			add(nested.Range())
		}
	}
}

// aboutMarked are the arguments that say something about a secret, but not what it is.
var aboutMarked = []string{"type", "description", "nullable", "depends_on"}

func isMark(attr *hclsyntax.Attribute) bool {
	said, _ := attr.Expr.Value(nil)
	return syntax.Nearest(attr.Name, []string{"sensitive", "ephemeral"}) != "" && !said.RawEquals(cty.False)
}

// secretBlocks returns the blocks of a file in the native syntax that have a secret, by their text alone: the file cannot be
// parsed, so nobody can say more of it.
func secretBlocks(source []byte, schema *syntax.Schema) []hcl2.Range {
	var places []hcl2.Range
	at := hcl2.InitialPos
	for _, start := range append(outermost(schema).FindAllIndex(source, -1), []int{len(source)}) {
		text := source[at.Byte:start[0]]
		if secretText.Match(text) || slices.ContainsFunc(name.FindAllSubmatch(text, -1), func(m [][]byte) bool { return isSecretName(string(m[1])) }) {
			places = append(places, linesOf(text, at))
		}
		at = hcl2.Pos{Line: at.Line + bytes.Count(text, newline), Column: 1, Byte: start[0]}
	}
	return places
}

// outermost matches how a block begins that is in no other.
func outermost(schema *syntax.Schema) *regexp.Regexp {
	var names []string
	for _, block := range schema.Blocks {
		names = append(names, block.Name)
	}
	return regexp.MustCompile(`(?m)^[ \t]*(?:` + strings.Join(names, "|") + `)(?:[ \t]*["{]|[ \t]+\w)`)
}

var newline = []byte{'\n'}

// linesOf returns the range of a text that begins at the start of a line, of which only the lines count.
func linesOf(text []byte, start hcl2.Pos) hcl2.Range {
	last := start.Line + bytes.Count(bytes.TrimSuffix(text, newline), newline)
	return hcl2.Range{Start: start, End: hcl2.Pos{Line: last, Column: 1, Byte: start.Byte + len(text)}}
}
