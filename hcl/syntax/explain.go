package syntax

import (
	"bytes"
	"fmt"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// syntaxProblems leaves of what the parser reports only what the author did: the first problem of each line, and nothing
// after a text that runs on to the end of the file. It explains them in terms of what is to be done.
func syntaxProblems(diags hcl2.Diagnostics, source []byte) hcl2.Diagnostics {
	SortDiagnostics(diags)
	var kept hcl2.Diagnostics
	for _, d := range diags {
		again := len(kept) > 0 && kept[len(kept)-1].Subject.Start.Line == d.Subject.Start.Line
		if text := runaway(d, source); text != nil {
			if again {
				kept = kept[:len(kept)-1]
			}
			return append(kept, text)
		}
		if !again {
			explainSyntax(d, source)
			kept = append(kept, d)
		}
		if d.Summary == mergeConflict {
			return kept
		}
	}
	return kept
}

// runaway returns what is wrong with a string or heredoc that has no end where it should, so that all that follows is
// read as a part of it. It is nil if d is about something else.
func runaway(d *hcl2.Diagnostic, source []byte) *hcl2.Diagnostic {
	at := d.Subject.Start.Byte
	rest := source[at:]
	switch {
	case d.Summary == "Unclosed template interpolation sequence":
		return leftOpen(d, source)
	case d.Summary == "Invalid multi-line string" || d.Summary == "Unterminated template string":
		if quote := openQuote(source, at); quote >= 0 {
			return openString(d.Subject.Filename, source, quote)
		}
		return leftOpen(d, source)
	case bytes.HasPrefix(rest, []byte("<<")) && !isConflict(rest):
		return openHeredoc(d.Subject.Filename, source, at)
	default:
		return nil
	}
}

// openQuote returns the offset of the quote that opens a string in the line of another offset and is not closed there, or
// a negative number.
func openQuote(source []byte, at int) int {
	start := bytes.LastIndexByte(source[:at], '\n') + 1
	line, _, _ := bytes.Cut(source[start:], []byte{'\n'})
	open := -1
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && open >= 0:
			i++
		case line[i] == '"' && open >= 0:
			open = -1
		case line[i] == '"':
			open = i
		}
	}
	if open < 0 {
		return open
	}
	return start + open
}

const mergeConflict = "Unresolved merge conflict"

func isConflict(rest []byte) bool { return bytes.HasPrefix(rest, []byte("<<<<<<< ")) }

// explainSyntax says what to do about a problem of syntax, where the parser says only what it expected.
func explainSyntax(d *hcl2.Diagnostic, source []byte) {
	rest := source[d.Subject.Start.Byte:]
	switch d.Summary {
	case "Argument or block definition required":
		explainNoDefinition(d, rest)
	case "Invalid block definition":
		d.Detail = "A block has its labels in quotes, with spaces between them, and then a brace { on the same line. If an argument is meant, write an equals sign before its value."
	case "Missing newline after argument":
		d.Detail = explainTrailing(rest)
	case "Missing argument separator":
		d.Detail = "A comma, or the parenthesis that closes the call, is missing before this."
	case "Missing item separator":
		d.Detail = "A comma, or the bracket that closes the list, is missing before this."
	case "Missing attribute separator":
		d.Detail = "A comma, a new line, or the brace that closes the object, is missing before this."
	case "Missing false expression in conditional":
		d.Detail = "A choice has two values: CONDITION ? VALUE : OTHER_VALUE. The colon with the other value is missing."
	case "Invalid escape sequence":
		d.Detail = "A backslash in a string starts an escape, such as \\n, \\t or \\\". For a backslash itself, write two: \\\\."
	case "Invalid single-argument block definition":
		d.Detail = "A block that is written on one line can have one argument only. Give each of them a line of its own."
	case "Invalid expression":
		d.Detail = "There is no value here, or it starts with something that no value starts with."
	case "Invalid argument name":
		d.Detail = "The name of an argument is written without quotes."
	case "Attribute redefined":
		d.Summary = "Duplicate argument"
	case "Unclosed configuration block":
		d.Detail = "There is no brace } that closes this block. Perhaps it is one inside of it that is not closed."
	}
}

func explainNoDefinition(d *hcl2.Diagnostic, rest []byte) {
	switch {
	case isConflict(rest):
		d.Summary = mergeConflict
		d.Detail = "Here is a conflict that a version control system could not resolve. Choose one of the two versions, and remove the lines with <<<<<<<, ======= and >>>>>>>."
	case bytes.HasPrefix(rest, []byte("}")):
		d.Detail = "This brace closes nothing: every block above is closed already."
	case strings.Contains(d.Detail, "equals sign"):
		d.Detail = "A name alone says nothing. An argument is written NAME = VALUE, and a block NAME { ... }."
	}
}

// explainTrailing says what may be meant by what follows a value on the same line.
func explainTrailing(rest []byte) string {
	for wrong, right := range map[string]string{"=": "==", "and": "&&", "or": "||", "is": "=="} {
		if after, ok := bytes.CutPrefix(rest, []byte(wrong+" ")); ok && len(after) > 0 {
			return fmt.Sprintf("The value ends before this. The operator is written %s.", right)
		}
	}
	return "The value ends before this, and an argument must end with its line."
}

// WithoutConsequences drops problems of blocks with a syntax error in them: their content is not all there.
func WithoutConsequences(diags, syntax hcl2.Diagnostics, file *hcl2.File) hcl2.Diagnostics {
	if !syntax.HasErrors() {
		return diags
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	blockAt := func(r *hcl2.Range) int {
		n := 0
		for _, block := range body.Blocks {
			if block.TypeRange.Start.Byte <= r.Start.Byte {
				n++
			}
		}
		return n
	}
	broken := map[int]bool{}
	for _, d := range syntax {
		broken[blockAt(d.Subject)] = true
	}
	var kept hcl2.Diagnostics
	for _, d := range diags {
		if !broken[blockAt(d.Subject)] {
			kept = append(kept, d)
		}
	}
	return kept
}
