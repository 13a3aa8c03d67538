package view

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// How much of a value is drawn. Of more than that, the middle is left out.
const (
	mostLines, headLines, tailLines = 40, 30, 5
	mostBytes, mostLineBytes        = 4 << 10, 1 << 10
)

// shortened draws what draw draws, a value of which the middle is left out where it is long.
func (c *canvas) shortened(depth int, draw func()) {
	if c.verbose {
		draw()
		return
	}
	var drawn bytes.Buffer
	outer := c.w
	c.w = bufio.NewWriter(&drawn)
	draw()
	c.fail(c.w.Flush())
	c.w = outer
	if drawn.Len() <= mostLineBytes {
		c.print(drawn.String())
		return
	}
	head, left, tail := shortenLines(strings.Split(strings.TrimSuffix(drawn.String(), "\n"), "\n"))
	c.print(strings.Join(head, "\n"), "\n")
	if left > 0 {
		c.comment(depth, Count(left, "line")+" left out; -verbose shows all")
		c.print(strings.Join(tail, "\n"), "\n")
	}
}

// shortenLines takes out lines from the middle where there are too many, or too many bytes in them, and the ends of long lines.
func shortenLines(lines []string) (head []string, left int, tail []string) {
	size := 0
	for i, line := range lines {
		lines[i] = ShortenLine(line)
		size += len(lines[i])
	}
	if len(lines) <= mostLines && size <= mostBytes {
		return lines, 0, nil
	}
	first, last := min(headLines, len(lines)), min(tailLines, max(len(lines)-headLines, 1))
	for size = total(lines[:first]) + total(lines[len(lines)-last:]); size > mostBytes && first > 1; size -= len(lines[first]) {
		first--
	}
	last = min(last, len(lines)-first)
	return lines[:first], len(lines) - first - last, lines[len(lines)-last:]
}

func total(lines []string) int {
	n := 0
	for _, line := range lines {
		n += len(line)
	}
	return n
}

// ShortenLine returns a line of which the end is left out where it is very long.
func ShortenLine(line string) string {
	if len(line) <= mostLineBytes {
		return line
	}
	end := mostLineBytes
	for !utf8.RuneStart(line[end]) {
		end--
	}
	kept := line[:end]
	if i := strings.LastIndexByte(kept, '\x1b'); i >= 0 {
		kept = kept[:i] + "\x1b[0m" // no half of a sequence, and no style that goes on
	}
	return kept + fmt.Sprintf("… (%d bytes left out)", len(line)-end)
}
