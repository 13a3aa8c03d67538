package view

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcled"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// Diagnostic is a problem as it is put into documents and drawn. Its JSON has the names of Terraform's.
type Diagnostic struct {
	Severity string   `json:"severity"` // "error" or "warning"
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail"`
	Address  string   `json:"address,omitempty"` // DescribeDiagnostic leaves it to the caller
	Range    *Range   `json:"range,omitempty"`
	Snippet  *Snippet `json:"snippet,omitempty"`
}

// Range is a part of a file, its end excluded.
type Range struct {
	Filename string `json:"filename"`
	Start    Pos    `json:"start"`
	End      Pos    `json:"end"`
}

// Pos is a place in a file. Lines and columns begin with 1, a column being what a reader takes for a character; bytes
// begin with 0.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Snippet is the text that a diagnostic is about. The offsets are in bytes of Code, which is empty where the text may have a
// secret in it.
type Snippet struct {
	Context              *string           `json:"context"` // the header of the block that it is in, null outside of blocks
	Code                 string            `json:"code"`    // whole lines
	StartLine            int               `json:"start_line"`
	HighlightStartOffset int               `json:"highlight_start_offset"`
	HighlightEndOffset   int               `json:"highlight_end_offset"`
	Values               []ExpressionValue `json:"values"`
}

// ExpressionValue says what a reference within the text stood for. Statement goes on where Traversal ends, as in
// "is a string".
type ExpressionValue struct {
	Traversal string `json:"traversal"`
	Statement string `json:"statement"`
}

// DescribeDiagnostic returns the document of a diagnostic. files holds the sources by name; where the diagnostic's own is
// not among them, there is no snippet. A file whose Nav has a method Hides says by it in which places no code is shown.
func DescribeDiagnostic(diag *hcl2.Diagnostic, files map[string]*hcl2.File) *Diagnostic {
	d := &Diagnostic{Severity: "error", Summary: diag.Summary, Detail: diag.Detail}
	if diag.Severity == hcl2.DiagWarning {
		d.Severity = "warning"
	}
	if diag.Subject == nil {
		return d
	}
	subject := visible(*diag.Subject)
	d.Range = &Range{subject.Filename, Pos(subject.Start), Pos(subject.End)}
	if file := files[subject.Filename]; file != nil && subject.CanSliceBytes(file.Bytes) {
		d.Snippet = snippet(diag, subject, file)
	}
	return d
}

// visible returns a range of one character in place of an empty one.
func visible(r hcl2.Range) hcl2.Range {
	if r.Empty() {
		r.End.Byte++
		r.End.Column++
	}
	return r
}

func snippet(diag *hcl2.Diagnostic, subject hcl2.Range, file *hcl2.File) *Snippet {
	shown := excerpt(subject, diag.Context)
	code, start := wholeLines(file.Bytes, shown)
	if discreet, ok := file.Nav.(interface{ Hides(hcl2.Range) bool }); ok && discreet.Hides(shown) || saysSecret(diag) {
		code = nil
	}
	s := &Snippet{
		Code:                 string(code),
		StartLine:            shown.Start.Line,
		HighlightStartOffset: min(max(subject.Start.Byte-start, 0), len(code)),
		HighlightEndOffset:   min(max(subject.End.Byte-start, 0), len(code)),
		Values:               values(diag),
	}
	if context := hcled.ContextString(file, max(subject.Start.Byte-1, 0)); context != "" {
		s.Context = &context
	}
	return s
}

// excerpt returns what to show of a file: the subject with its context, as far as they are short enough to be read.
func excerpt(subject hcl2.Range, context *hcl2.Range) hcl2.Range {
	const most = 10
	if context != nil && context.Overlaps(subject) {
		if both := hcl2.RangeOver(subject, *context); both.End.Line-both.Start.Line < most {
			return both
		}
	}
	if subject.End.Line-subject.Start.Line >= most {
		subject.End = subject.Start
	}
	return subject
}

// wholeLines returns the lines that a range touches, without the last line break, and the byte at which they start.
func wholeLines(source []byte, r hcl2.Range) (code []byte, start int) {
	first, last := min(r.Start.Byte, len(source)), min(r.End.Byte, len(source))
	start = bytes.LastIndexByte(source[:first], '\n') + 1
	end := max(first, last)
	if end == first || source[end-1] != '\n' {
		if i := bytes.IndexByte(source[end:], '\n'); i >= 0 {
			end += i
		} else {
			end = len(source)
		}
	}
	return bytes.TrimRight(source[start:end], "\r\n"), start
}

// values says what the references of the expression that a diagnostic is about stood for, sorted, each once.
func values(diag *hcl2.Diagnostic) []ExpressionValue {
	list := []ExpressionValue{}
	for traversal, v := range referred(diag) {
		list = append(list, ExpressionValue{traversalText(traversal), statement(v)})
	}
	slices.SortFunc(list, func(a, b ExpressionValue) int {
		return cmp.Or(cmp.Compare(a.Traversal, b.Traversal), cmp.Compare(a.Statement, b.Statement))
	})
	return slices.Compact(list)
}

// referred yields the references of the expression that a diagnostic is about, as far as they lead to a value.
func referred(diag *hcl2.Diagnostic) iter.Seq2[hcl2.Traversal, cty.Value] {
	return func(yield func(hcl2.Traversal, cty.Value) bool) {
		if diag.Expression == nil || diag.EvalContext == nil {
			return
		}
		for _, traversal := range withElements(diag.Expression.Variables()) {
			for len(traversal) > 1 || isFolded(traversal) {
				v, diags := traversal.TraverseAbs(diag.EvalContext)
				if !diags.HasErrors() {
					if !yield(traversal, v) {
						return
					}
					break
				}
				traversal = traversal[:len(traversal)-1]
			}
		}
	}
}

// saysSecret reports whether the expression that a diagnostic is about has a text or number written in it beside something sensitive or
// ephemeral, which may be the same, as in a comparison. One in JSON is all text.
func saysSecret(diag *hcl2.Diagnostic) bool {
	for _, v := range referred(diag) {
		if value.HasSensitive(v) || value.HasEphemeral(v) {
			return hasLiteral(diag.Expression)
		}
	}
	return false
}

func hasLiteral(of hcl2.Expression) (found bool) {
	const least = 4 // bytes; what is shorter is no secret
	native, ok := hcl2.UnwrapExpression(of).(hclsyntax.Expression)
	if !ok {
		return true
	}
	_ = hclsyntax.VisitAll(native, func(node hclsyntax.Node) hcl2.Diagnostics {
		size := node.Range().End.Byte - node.Range().Start.Byte
		switch node := node.(type) {
		case *hclsyntax.TemplateExpr:
			found = found || len(node.Variables()) == 0 && size >= least+len(`""`)
		case *hclsyntax.LiteralValueExpr:
			found = found || node.Val.Type() == cty.Number && size >= least
		}
		return nil
	})
	return found
}

// withElements adds which element it is where an expression refers to the value of one.
func withElements(all []hcl2.Traversal) []hcl2.Traversal {
	isEach := func(t hcl2.Traversal) bool { return strings.HasPrefix(t.RootName()+".", "each.") }
	if !slices.ContainsFunc(all, isEach) {
		return all
	}
	return append(slices.Clone(all), hcl2.Traversal{hcl2.TraverseRoot{Name: "each.key"}}, hcl2.Traversal{hcl2.TraverseRoot{Name: "each"}, hcl2.TraverseAttr{Name: "key"}})
}

// isFolded reports whether only the root is left of a traversal, but that is looked up by two names, such as each.value.
func isFolded(t hcl2.Traversal) bool { return len(t) == 1 && strings.Contains(t.RootName(), ".") }

func traversalText(traversal hcl2.Traversal) string {
	var b strings.Builder
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl2.TraverseRoot:
			b.WriteString(step.Name)
		case hcl2.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl2.TraverseIndex:
			b.WriteString("[" + compact(step.Key) + "]")
		}
	}
	return b.String()
}

// statement says what a reference is, but for what is sensitive.
func statement(v cty.Value) string {
	switch {
	case v.HasMark(value.Sensitive):
		return "is a sensitive value"
	case v.HasMark(value.Ephemeral):
		return "is an ephemeral value"
	case v.IsKnown():
		return "is " + compact(v)
	case v.Type() == cty.DynamicPseudoType:
		return "is known only after apply"
	default:
		return "is a " + v.Type().FriendlyName() + ", known only after apply"
	}
}

// compact describes a value in a few words: what has parts is only counted.
func compact(v cty.Value) string {
	const room = 80
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case v.IsNull():
		return "null"
	case t.IsObjectType() || t.IsMapType():
		return parts(v, "attribute")
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		return parts(v, "element")
	case t == cty.String:
		return shortQuote(v.AsString(), room)
	default:
		return scalar(v)
	}
}

func parts(v cty.Value, thing string) string {
	name := v.Type().FriendlyName()
	if !v.CanIterateElements() {
		return name
	}
	n := 0
	for range v.Elements() {
		n++
	}
	return fmt.Sprintf("%s with %s", name, Count(n, thing))
}

// shortQuote quotes the beginning of a text.
func shortQuote(s string, room int) string {
	if runes := []rune(s); len(runes) > room {
		return quote(string(runes[:room-1])) + "…"
	}
	return quote(s)
}
