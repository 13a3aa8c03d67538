package view

import (
	"strings"
	"unicode"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/view/diff"
)

// heredoc draws a text of several lines.
func (c *canvas) heredoc(s slot, sym symbol, text string) {
	c.line(s.depth, sym, s.prefix, "<<-EOT")
	text, ended := strings.CutSuffix(text, "\n")
	for line := range strings.SplitSeq(text, "\n") {
		c.verbatim(s.depth+1, symNone, Clean(line))
	}
	if !ended {
		c.noLineBreak(s.depth + 1)
	}
	c.line(s.depth, symNone, "EOT", s.suffix)
}

// noLineBreak says that the line above has no end, which the lines of a heredoc have.
func (c *canvas) noLineBreak(depth int) {
	c.verbatim(depth, symNone, c.paint(faint, "# no line break at the end"))
}

// texts draws the difference of two texts line by line or, where there is one line only, word by word. It reports false,
// and draws nothing, where they are no texts, or have too little in common.
func (c *canvas) texts(s slot, sym symbol, before, after cty.Value) bool {
	if !isText(before) || !isText(after) {
		return false
	}
	b, a := before.AsString(), after.AsString()
	if isMultiLine(b) || isMultiLine(a) {
		c.line(s.depth, sym, s.prefix, "<<-EOT")
		c.lines(s.depth+1, strings.SplitAfter(b, "\n"), strings.SplitAfter(a, "\n"))
		c.line(s.depth, symNone, "EOT", s.suffix)
		return true
	}
	text, ok := c.words(words(b), words(a))
	if ok {
		c.line(s.depth, sym, s.prefix, text, s.suffix)
	}
	return ok
}

// lines draws the lines that differ, with some of those around them.
func (c *canvas) lines(depth int, before, after []string) {
	const context = 3
	edits := diff.Align(before, after)
	for i, e := range edits {
		switch e.Op {
		case diff.Shared:
			head, tail := context, context
			if i == 0 {
				head = 0
			}
			if i == len(edits)-1 {
				tail = 0
			}
			c.folded(depth, after[:e.Count], head, tail)
			before, after = before[e.Count:], after[e.Count:]
		case diff.Removed:
			c.textLines(depth, symDestroy, before[:e.Count])
			before = before[e.Count:]
		case diff.Added:
			c.textLines(depth, symCreate, after[:e.Count])
			after = after[e.Count:]
		}
	}
}

// folded draws the first and the last of unchanged lines, and counts those between.
func (c *canvas) folded(depth int, lines []string, head, tail int) {
	hidden := len(lines) - head - tail
	if hidden <= 1 {
		c.textLines(depth, symNone, lines)
		return
	}
	c.textLines(depth, symNone, lines[:head])
	c.hidden(depth, hidden, "unchanged line")
	c.textLines(depth, symNone, lines[head+hidden:])
}

func (c *canvas) textLines(depth int, sym symbol, lines []string) {
	for _, line := range lines {
		text, ended := strings.CutSuffix(line, "\n")
		if text == "" && !ended {
			continue // what is behind the last line break is no line
		}
		c.verbatim(depth, sym, c.paint(sym.style, Clean(text)))
		if !ended && sym != symNone {
			c.noLineBreak(depth)
		}
	}
}

// words joins two texts into one that shows what was taken out as [-…-] and what was put in as {+…+}. It reports false
// where they share less than a third.
func (c *canvas) words(before, after []string) (string, bool) {
	total, shared := size(before)+size(after), 0
	edits := diff.Align(before, after)
	var b strings.Builder
	for i, e := range edits {
		switch e.Op {
		case diff.Shared:
			piece := strings.Join(after[:e.Count], "")
			shared += 2 * len(piece)
			b.WriteString(inner(shorten(piece, i == 0, i == len(edits)-1)))
			before, after = before[e.Count:], after[e.Count:]
		case diff.Removed:
			b.WriteString(c.paint(red, "[-"+inner(strings.Join(before[:e.Count], ""))+"-]"))
			before = before[e.Count:]
		case diff.Added:
			b.WriteString(c.paint(green, "{+"+inner(strings.Join(after[:e.Count], ""))+"+}"))
			after = after[e.Count:]
		}
	}
	return `"` + b.String() + `"`, 3*shared >= total
}

// inner is quote without the quotation marks.
func inner(s string) string {
	q := quote(s)
	return q[1 : len(q)-1]
}

func size(words []string) int {
	n := 0
	for _, word := range words {
		n += len(word)
	}
	return n
}

// words splits a text into words and what is between them.
func words(s string) []string {
	var split []string
	start := 0
	var last rune
	for i, r := range s {
		if i > 0 && (!isWord(r) || !isWord(last)) {
			split = append(split, s[start:i])
			start = i
		}
		last = r
	}
	return append(split, s[start:])
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}

// shorten leaves out the middle of a long unchanged piece, or what is before its end where it is the first of a text,
// or behind its beginning where it is the last.
func shorten(piece string, first, last bool) string {
	const keep = 24
	runes := []rune(piece)
	head, tail := keep, keep
	if first {
		head = 0
	}
	if last {
		tail = 0
	}
	if len(runes) <= head+tail+keep {
		return piece
	}
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}
