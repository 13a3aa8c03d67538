package syntax

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// Parse parses a file by the syntax that its name says. The file is never nil.
func Parse(source []byte, name string) (*hcl2.File, hcl2.Diagnostics) {
	source = bytes.TrimPrefix(source, byteOrderMark)
	if at, ok := invalidUTF8(source); ok {
		return emptyFile(source), hcl2.Diagnostics{notText(source, name, at)}
	}
	if diags := nestedWithin(source, name); diags.HasErrors() {
		return emptyFile(source), diags
	}
	if strings.HasSuffix(name, ".json") {
		file, diags := json.Parse(source, name)
		keepWithin(diags, source)
		diags = jsonProblems(diags, source)
		if file == nil || file.Body == nil {
			return emptyFile(source), diags
		}
		return file, diags
	}
	file, diags := hclsyntax.ParseConfig(source, name, hcl2.InitialPos)
	if diags.HasErrors() {
		return file, syntaxProblems(diags, source)
	}
	WithoutCore(file.Body.(*hclsyntax.Body), source)
	diags = append(diags, mixedHeredocs(source, name)...)
	return file, append(diags, extremeNumbers(file.Body.(*hclsyntax.Body), source)...)
}

// JSONMember is a member of an object of JSON, whose value says where a name is twice in it.
type JSONMember struct {
	Name  string
	Value hcl2.Expression
}

// JSONMembers returns the members of an object of valid JSON as they are written, each as often as it is there, and whether it is one.
func JSONMembers(object []byte) (all []JSONMember, isObject bool) {
	parsed, _ := json.ParseExpression(object, "JSON")
	pairs, diags := hcl2.ExprMap(parsed)
	members := make([]JSONMember, len(pairs))
	for i, pair := range pairs {
		name, _ := pair.Key.Value(nil)
		members[i] = JSONMember{name.AsString(), pair.Value}
	}
	return members, !diags.HasErrors()
}

func nestedWithin(source []byte, name string) hcl2.Diagnostics {
	if strings.HasSuffix(name, ".json") {
		return tooDeepJSON(source, name)
	}
	return tooDeep(source, name, hclsyntax.LexConfig, level{byLine: true})
}

func emptyFile(source []byte) *hcl2.File {
	return &hcl2.File{Bytes: source, Body: hcl2.EmptyBody()}
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8.
func invalidUTF8(source []byte) (int, bool) {
	for at := 0; at < len(source); {
		r, size := utf8.DecodeRune(source[at:])
		if r == utf8.RuneError && size == 1 {
			return at, true
		}
		at += size
	}
	return 0, false
}

func notText(source []byte, name string, at int) *hcl2.Diagnostic {
	detail := fmt.Sprintf("The byte %#x is not part of UTF-8 text, which configuration files must be. Save the file with the encoding UTF-8.", source[at])
	if bytes.HasPrefix(source, []byte("\xff\xfe")) || bytes.HasPrefix(source, []byte("\xfe\xff")) {
		detail = "This is UTF-16 text, but configuration files must be UTF-8. Save the file with that encoding."
	}
	return Problem("Invalid character encoding", detail, rangeAt(name, source, at))
}

// rangeAt returns the range of one byte of a file.
func rangeAt(name string, source []byte, at int) hcl2.Range {
	line := source[bytes.LastIndexByte(source[:at], '\n')+1 : at]
	start := hcl2.Pos{Line: 1 + bytes.Count(source[:at], []byte{'\n'}), Column: 1 + utf8.RuneCount(line), Byte: at}
	end := start
	end.Column++
	end.Byte++
	return hcl2.Range{Filename: name, Start: start, End: end}
}

// keepWithin moves ranges that end after the source, which the JSON parser gives for strings that do not end.
func keepWithin(diags hcl2.Diagnostics, source []byte) {
	for _, d := range diags {
		for _, r := range []*hcl2.Range{d.Subject, d.Context} {
			if r != nil {
				r.Start.Byte, r.End.Byte = min(r.Start.Byte, len(source)), min(r.End.Byte, len(source))
			}
		}
	}
}
