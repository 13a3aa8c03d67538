package view

import (
	"bufio"
	"cmp"
	"io"
	"strings"
)

// Options says how to draw. The zero value draws without colour, 80 columns wide.
type Options struct {
	Width   int  // columns beyond which a value takes several lines; zero means 80
	Wrap    bool // lines break at words where they are wider than that, as on a terminal
	Color   bool // with the escape sequences that ANSI terminals understand
	Concise bool // one line for each change of a plan
	Verbose bool // every instance for itself, and long values in full
	Diff    bool // with symbols at the beginning of the line, and ! for a change, as what colours differences has it
	// Redact hides secrets: in what a diagnostic says, and in a line before it is broken or cut, since nobody would recognize the
	// parts. It may be nil.
	Redact func(text string) string
}

// canvas is what a drawing is written to. The first error stays, and flush returns it.
type canvas struct {
	w       *bufio.Writer
	width   int
	wraps   bool
	color   bool
	verbose bool
	diff    bool
	redact  func(string) string
	err     error
}

func newCanvas(w io.Writer, o Options) *canvas {
	c := &canvas{w: bufio.NewWriter(w), width: cmp.Or(o.Width, 80), wraps: o.Wrap, color: o.Color, verbose: o.Verbose, diff: o.Diff, redact: o.Redact}
	if c.redact == nil {
		c.redact = func(line string) string { return line }
	}
	return c
}

func (c *canvas) fail(err error) {
	c.err = cmp.Or(c.err, err)
}

func (c *canvas) flush() error {
	return cmp.Or(c.err, c.w.Flush())
}

// style is the sequence that turns a style on.
type style string

const (
	plain     style = ""
	bold      style = "\x1b[1m"
	faint     style = "\x1b[2m"
	underline style = "\x1b[4m"
	red       style = "\x1b[31m"
	green     style = "\x1b[32m"
	yellow    style = "\x1b[33m"
	cyan      style = "\x1b[36m"
)

// paint returns s in a style, or plain without colour.
func (c *canvas) paint(st style, s string) string {
	if !c.color || st == plain || s == "" {
		return s
	}
	return string(st) + s + "\x1b[0m"
}

// print writes texts that are clean already.
func (c *canvas) print(texts ...string) {
	for _, s := range texts {
		if _, err := c.w.WriteString(s); err != nil {
			c.fail(err)
		}
	}
}

func (c *canvas) println(texts ...string) {
	c.print(texts...)
	c.print("\n")
}

// line writes a line with a symbol in the margin of a block of this depth, and what does not fit below it.
func (c *canvas) line(depth int, s symbol, texts ...string) {
	c.margin(depth, s)
	further := 2
	if s == symComment {
		further = 0
	}
	c.wrapped(column(depth), further, strings.Join(texts, ""))
}

// verbatim writes a line that means something else where it is broken, such as one of a text.
func (c *canvas) verbatim(depth int, s symbol, texts ...string) {
	c.margin(depth, s)
	c.println(texts...)
}

// sentence writes a line without a margin.
func (c *canvas) sentence(texts ...string) { c.wrapped(0, 0, strings.Join(texts, "")) }

// wrapped writes text that begins in a column, and goes on so much further to the right.
func (c *canvas) wrapped(column, further int, text string) {
	c.println(strings.Join(c.broken(text, column, further), "\n"+strings.Repeat(" ", column+further)))
}

// broken breaks text that begins in a column, and goes on so much further to the right.
func (c *canvas) broken(text string, column, further int) []string {
	if !c.wraps {
		return []string{text}
	}
	text = c.redact(text)
	if Width(withoutStyles(text)) <= c.width-column {
		return []string{text}
	}
	return wrap(text, max(c.width-column-further, 1))
}

func (c *canvas) margin(depth int, s symbol) {
	if depth < 0 {
		return
	}
	text, space := cmp.Or(s.text, " "), strings.Repeat(" ", column(depth)-1-max(len(s.text), 1))
	if !c.diff {
		c.print(space, c.paint(s.style, text), " ")
		return
	}
	if s == symUpdate {
		text = "!"
	}
	c.print(text, space, " ")
}

// column is where the text of a block of this depth begins. Depth -1 has no margin.
func column(depth int) int { return 4 * (depth + 1) }

// paragraph writes text and an empty line.
func (c *canvas) paragraph(text string) {
	c.sentence(text)
	c.println()
}

// comment writes a line that says something about what is drawn.
func (c *canvas) comment(depth int, text string) {
	c.print(strings.Repeat(" ", column(depth)))
	c.wrapped(column(depth), len("# "), c.paint(faint, "# "+text))
}
