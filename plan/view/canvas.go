package view

import (
	"bufio"
	"cmp"
	"io"
	"strings"
)

// Options says how to draw. The zero value draws without colour, 80 columns wide.
type Options struct {
	Width   int  // columns to wrap text at, and beyond which a value takes several lines; zero means 80
	Color   bool // with the escape sequences that ANSI terminals understand
	Concise bool // one line for each change of a plan
	Verbose bool // every instance for itself, and long values in full
	Diff    bool // with symbols at the beginning of the line, and ! for a change, as what colours differences has it
}

// canvas is what a drawing is written to. The first error stays, and flush returns it.
type canvas struct {
	w       *bufio.Writer
	width   int
	color   bool
	verbose bool
	diff    bool
	err     error
}

func newCanvas(w io.Writer, o Options) *canvas {
	return &canvas{w: bufio.NewWriter(w), width: cmp.Or(o.Width, 80), color: o.Color, verbose: o.Verbose, diff: o.Diff}
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

// line writes a line with a symbol in the margin of a block of this depth.
func (c *canvas) line(depth int, s symbol, texts ...string) {
	c.margin(depth, s)
	c.println(texts...)
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

// paragraph writes text wrapped to the width, and an empty line.
func (c *canvas) paragraph(text string) {
	c.println(strings.Join(wrap(text, c.width), "\n"))
	c.println()
}

// comment writes a line that says something about what is drawn.
func (c *canvas) comment(depth int, text string) {
	c.println(strings.Repeat(" ", column(depth)), c.paint(faint, "# "+text))
}
