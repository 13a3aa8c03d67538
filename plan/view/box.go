package view

import (
	"fmt"
	"io"
	"strings"
)

// DrawDiagnostic draws a diagnostic as Terraform does, in a box open to the right.
func DrawDiagnostic(w io.Writer, d *Diagnostic, o Options) error { return drawDiagnostic(w, d, "", o) }

// drawDiagnostic draws a diagnostic with something about others like it, which may be empty.
func drawDiagnostic(w io.Writer, d *Diagnostic, others string, o Options) error {
	c := newCanvas(w, o)
	style, title := red, "Error: "
	if d.Severity == "warning" {
		style, title = yellow, "Warning: "
	}
	box := &box{c, c.paint(style, "│")}
	c.println(c.paint(style, "╷"))
	box.line(c.paint(style+bold, title) + c.paint(bold, Clean(d.Summary)))
	box.body(d, others)
	c.println(c.paint(style, "╵"))
	return c.flush()
}

// box is a canvas with a rule along its left side, which may be empty.
type box struct {
	*canvas
	rule string
}

func (b *box) line(text string) {
	switch {
	case b.rule == "":
		b.println(text)
	case text == "":
		b.println(b.rule)
	default:
		b.println(b.rule, " ", text)
	}
}

// body draws all that is below the title, each part after an empty line.
func (b *box) body(d *Diagnostic, others string) {
	if d.Range != nil || d.Address != "" {
		b.line("")
		b.place(d)
	}
	for _, text := range []string{d.Detail, others} {
		if text != "" {
			b.line("")
			b.detail(text)
		}
	}
}

// place says where the problem is, and shows the text there.
func (b *box) place(d *Diagnostic) {
	if d.Range == nil {
		b.line("  with " + Clean(d.Address))
		return
	}
	if d.Address != "" {
		b.line("  with " + Clean(d.Address) + ",")
	}
	where := fmt.Sprintf("  on %s line %d", Clean(d.Range.Filename), d.Range.Start.Line)
	if d.Snippet == nil {
		b.line(where)
		return
	}
	if d.Snippet.Code == "" {
		where += fmt.Sprintf(", column %d", d.Range.Start.Column)
	}
	if d.Snippet.Context != nil {
		where += ", in " + Clean(*d.Snippet.Context)
	}
	if d.Snippet.Code == "" && len(d.Snippet.Values) == 0 {
		b.line(where)
		return
	}
	b.line(where + ":")
	b.code(d.Snippet)
	b.values(d.Snippet.Values)
}

// code draws the lines of a snippet and underlines its subject: with carets where there is no colour and it is on one line.
func (b *box) code(s *Snippet) {
	if s.Code == "" {
		return
	}
	offset := 0
	for i, line := range strings.Split(s.Code, "\n") {
		start := min(max(s.HighlightStartOffset-offset, 0), len(line))
		end := min(max(s.HighlightEndOffset-offset, start), len(line))
		whole := s.HighlightStartOffset >= offset && s.HighlightEndOffset <= offset+len(line)+1
		number := fmt.Sprintf("%4d: ", s.StartLine+i)
		parts := codeLine{line[:start], line[start:end], strings.TrimSuffix(line[end:], "\r")}
		parts = parts.hidden(b.redact).each(Clean).around(b.codeRoom(number), whole)
		b.line(number + parts.before + b.paint(underline, parts.subject) + parts.after)
		if whole && !b.color {
			b.line(strings.Repeat(" ", len(number)) + blank(parts.before) + strings.Repeat("^", max(Width(parts.subject), 1)))
		}
		offset += len(line) + 1
	}
}

// codeRoom is how many columns a line of code may take.
func (b *box) codeRoom(number string) int {
	const most = 400 // without a terminal
	if !b.wraps {
		return most
	}
	return max(b.width-len("| ")-len(number), 1)
}

// blank returns white space as wide as s.
func blank(s string) string {
	parts := strings.Split(s, "\t")
	for i, part := range parts {
		parts[i] = strings.Repeat(" ", Width(part))
	}
	return strings.Join(parts, "\t")
}

func (b *box) values(values []ExpressionValue) {
	if len(values) == 0 {
		return
	}
	b.line(b.paint(faint, "    ├────────────────"))
	for _, v := range values {
		b.line(b.paint(faint, "    │") + " " + b.paint(bold, Clean(v.Traversal)) + " " + Clean(b.redact(v.Statement)))
	}
}

// detail draws a text, of which lines that begin with a space are not broken.
func (b *box) detail(text string) {
	for _, line := range cleanLines(b.redact(text)) {
		if strings.HasPrefix(line, " ") {
			b.line(line)
			continue
		}
		for _, part := range b.broken(line, len("| "), 0) {
			b.line(part)
		}
	}
}

// codeLine is a line of source text, divided by what a problem is about.
type codeLine struct{ before, subject, after string }

func (l codeLine) each(change func(string) string) codeLine {
	return codeLine{change(l.before), change(l.subject), change(l.after)}
}

// hidden is the line without the secrets in it. Where one is in two parts of it, the line is not divided any more.
func (l codeLine) hidden(redact func(string) string) codeLine {
	parts, line := l.each(redact), redact(l.before+l.subject+l.after)
	if parts.before+parts.subject+parts.after != line {
		return codeLine{before: line}
	}
	return parts
}

// around leaves out of a line that is too long what is far from the subject, if that is in it.
func (l codeLine) around(columns int, hasSubject bool) codeLine {
	if l.fits(columns) {
		return l
	}
	if !hasSubject && l.subject == "" {
		return codeLine{before: Cut(l.before+l.after, columns)}
	}
	l.subject = Cut(l.subject, max(2*columns/3, 1))
	left := max(columns-Width(l.subject), 0)
	l.before = CutStart(l.before, max(left/2, left-Width(l.after)))
	l.after = Cut(l.after, left-Width(l.before))
	return l
}

func (l codeLine) fits(columns int) bool {
	return Width(l.before)+Width(l.subject)+Width(l.after) <= columns
}
