package declare

import (
	"bytes"
	"maps"
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

// Parse parses a file of the language by the syntax that its name says. The file is never nil. It knows of which lines nothing
// may be shown, as there are secrets in them, or could be where the file is not understood: see [Discreet].
func Parse(source []byte, name string) (*hcl2.File, hcl2.Diagnostics) {
	file, diags := syntax.Parse(source, name)
	body, isNative := file.Body.(*hclsyntax.Body)
	switch {
	case syntax.HasValues(name): // of variables that are declared elsewhere
		HideWhole(file)
	case strings.HasSuffix(name, ".json"):
		hide(file, func() []hcl2.Range { return secretJSON(file.Bytes) })
	case isNative && !diags.HasErrors():
		hide(file, func() []hcl2.Range { return secretPlaces(body, file.Bytes) })
	default:
		hide(file, func() []hcl2.Range { return secretBlocks(file.Bytes) })
	}
	return file, diags
}

// HideWhole has nothing of a file shown, as of one with values of variables of which some are secret: where it has a mistake, nobody
// can say which.
func HideWhole(file *hcl2.File) {
	hide(file, func() []hcl2.Range { return []hcl2.Range{linesOf(file.Bytes, hcl2.InitialPos)} })
}

// Discreet is the Nav of a file that may have secrets in it. It is read by who shows parts of files.
type Discreet struct {
	nav    any
	hidden func() []hcl2.Range
}

// hide says what of a file must not be shown. It is asked for when something is shown.
func hide(file *hcl2.File, places func() []hcl2.Range) {
	file.Nav = Discreet{file.Nav, sync.OnceValue(places)}
}

// Hides reports whether a line of those that a range touches must not be shown.
func (d Discreet) Hides(r hcl2.Range) bool {
	return slices.ContainsFunc(d.hidden(), func(hidden hcl2.Range) bool {
		return hidden.Start.Line <= r.End.Line && r.Start.Line <= hidden.End.Line
	})
}

// ContextString says which block a place is in. Within JSON that would be all names that lead there, so it says nothing where
// one of them may be secret.
func (d Discreet) ContextString(offset int) string {
	isHidden := slices.ContainsFunc(d.hidden(), func(hidden hcl2.Range) bool { return hidden.ContainsOffset(offset) })
	if _, isNative := d.nav.(interface{ ContextDefRange(int) hcl2.Range }); isHidden && !isNative {
		return ""
	}
	return hcled.ContextString(&hcl2.File{Nav: d.nav}, offset)
}

// Credentials are the arguments that give access, in whichever block they are: what they are made of is secret.
var Credentials = []string{"token", "password", "headers"}

// secretNames are the arguments whose values are not shown before they are evaluated, whichever block they are in.
var secretNames = append([]string{"params"}, Credentials...)

var (
	// secretText is what there is in a text with a secret in it.
	secretText = regexp.MustCompile(`\b(?:sensitive|ephemeral|` + strings.Join(secretNames, "|") + `)\b|` + credentials.String())
	// credentials are those of a URL, also of one that is none.
	credentials = regexp.MustCompile(`//[^/"]*@`)
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
func secretPlaces(body *hclsyntax.Body, source []byte) []hcl2.Range {
	var places []hcl2.Range
	add := func(r hcl2.Range) {
		if literal.Match(r.SliceBytes(source)) {
			places = append(places, r)
		}
	}
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl2.Diagnostics {
		switch node := node.(type) {
		case *hclsyntax.Attribute:
			if credentials.Match(node.SrcRange.SliceBytes(source)) {
				add(node.SrcRange)
			}
		case *hclsyntax.FunctionCallExpr:
			if syntax.Nearest(node.Name, []string{"sensitive", "nonsensitive", "issensitive"}) == "sensitive" {
				add(node.Range())
			}
		case *hclsyntax.Block:
			argumentPlaces(node, add)
		}
		return nil
	})
	return places
}

// argumentPlaces adds the arguments of a block that are secret by their names, misspelt ones too, or as the block says so.
func argumentPlaces(block *hclsyntax.Block, add func(hcl2.Range)) {
	if block.Type == "locals" { // whose names mean nothing
		return
	}
	isMarked := slices.ContainsFunc(slices.Collect(maps.Values(block.Body.Attributes)), isMark)
	for name, attr := range block.Body.Attributes {
		if syntax.Nearest(name, secretNames) != "" || isMarked && !slices.Contains(aboutMarked, name) {
			add(attr.SrcRange)
		}
	}
	for _, nested := range block.Body.Blocks {
		if isMarked || slices.Contains(secretNames, nested.Type) {
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
func secretBlocks(source []byte) []hcl2.Range {
	var places []hcl2.Range
	at := hcl2.InitialPos
	for _, start := range append(header().FindAllIndex(source, -1), []int{len(source)}) {
		text := source[at.Byte:start[0]]
		if secretText.Match(text) {
			places = append(places, linesOf(text, at))
		}
		at = hcl2.Pos{Line: at.Line + bytes.Count(text, newline), Column: 1, Byte: start[0]}
	}
	return places
}

// header matches how a block begins that is in no other.
var header = sync.OnceValue(func() *regexp.Regexp {
	var names []string
	for _, block := range ModuleSchema.Blocks {
		names = append(names, block.Name)
	}
	return regexp.MustCompile(`(?m)^[ \t]*(?:` + strings.Join(names, "|") + `)(?:[ \t]*["{]|[ \t]+\w)`)
})

var newline = []byte{'\n'}

// linesOf returns the range of a text that begins at the start of a line, of which only the lines count.
func linesOf(text []byte, start hcl2.Pos) hcl2.Range {
	last := start.Line + bytes.Count(bytes.TrimSuffix(text, newline), newline)
	return hcl2.Range{Start: start, End: hcl2.Pos{Line: last, Column: 1, Byte: start.Byte + len(text)}}
}
