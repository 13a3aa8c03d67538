package view

import (
	"bytes"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcled"
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
	if discreet, ok := file.Nav.(interface{ Hides(hcl2.Range) bool }); ok && discreet.Hides(shown) {
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
