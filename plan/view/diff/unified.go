package diff

import (
	"bytes"
	"fmt"
	"strings"
)

// around is how many shared lines a unified difference shows around what differs.
const around = 3

// Unified returns the difference of two texts in the unified format, which patch reads. It is empty where they are equal.
func Unified(oldName, newName, before, after string) []byte {
	var b bytes.Buffer
	lines := compareLines(before, after)
	for len(lines) > 0 {
		var h hunk
		if h, lines = nextHunk(lines); len(h) == 0 {
			break
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n", oldName, newName)
		}
		h.write(&b)
	}
	return b.Bytes()
}

// comparedLine is a line of two texts, with how many lines of either are before it.
type comparedLine struct {
	op            Op
	text          string
	before, after int
}

func compareLines(before, after string) []comparedLine {
	old, current := splitLines(before), splitLines(after)
	var lines []comparedLine
	i, j := 0, 0
	for _, e := range Align(old, current) {
		for range e.Count {
			line := comparedLine{op: e.Op, before: i, after: j}
			if e.Op != Added {
				line.text = old[i]
				i++
			}
			if e.Op != Removed {
				line.text = current[j]
				j++
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// hunk is what differs, with the shared lines around it.
type hunk []comparedLine

// nextHunk returns the first hunk of lines, which is empty where nothing differs, and the lines behind it.
func nextHunk(lines []comparedLine) (hunk, []comparedLine) {
	first, last := -1, 0
	for i, line := range lines {
		switch {
		case line.op != Shared && first < 0:
			first, last = i, i
		case line.op != Shared:
			last = i
		case first >= 0 && i-last > 2*around:
			return lines[max(first-around, 0) : last+around+1], lines[last+around+1:]
		}
	}
	if first < 0 {
		return nil, nil
	}
	return lines[max(first-around, 0):min(last+around+1, len(lines))], nil
}

func (h hunk) write(b *bytes.Buffer) {
	signs := map[Op]string{
		Removed: "-", Shared: " ", Added: "+",
	}
	before, after := 0, 0
	for _, line := range h {
		if line.op != Added {
			before++
		}
		if line.op != Removed {
			after++
		}
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", span(h[0].before, before), span(h[0].after, after))
	for _, line := range h {
		b.WriteString(signs[line.op] + line.text)
		if !strings.HasSuffix(line.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// span writes which lines are meant: the first one, counted from one, and how many. Of no lines it is the one before them.
func span(start, count int) string {
	if count > 0 {
		start++
	}
	return fmt.Sprintf("%d,%d", start, count)
}
