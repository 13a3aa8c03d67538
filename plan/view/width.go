package view

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

// Width returns how many columns a text without control characters takes on a terminal.
func Width(text string) int { return uniseg.StringWidth(text) }

// Cut returns a text that takes no more columns than there are, with an ellipsis where something is left out.
func Cut(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	if columns <= 0 {
		return ""
	}
	end, left := 0, columns-1
	for clusters := uniseg.NewGraphemes(text); clusters.Next() && left >= clusters.Width(); {
		left -= clusters.Width()
		_, end = clusters.Positions()
	}
	return text[:end] + "…"
}

// CutStart is Cut that leaves out the beginning.
func CutStart(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	left := Width(text)
	for clusters := uniseg.NewGraphemes(text); clusters.Next(); {
		if left -= clusters.Width(); left < columns {
			_, end := clusters.Positions()
			return "…" + text[end:]
		}
	}
	return ""
}

// Wrap breaks the lines of a text as Options say, and indents how they go on a little more than how they begin.
func Wrap(text string, o Options) string {
	c := newCanvas(nil, o)
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		further := min(indent, 2)
		b.WriteString("\n" + line[:indent] + strings.Join(c.broken(line[indent:], indent, further), "\n"+strings.Repeat(" ", indent+further)))
	}
	return b.String()[1:]
}

var styles = regexp.MustCompile("\x1b\\[[0-9]*m")

// withoutStyles returns a text without the sequences that paint it.
func withoutStyles(text string) string { return styles.ReplaceAllString(text, "") }

// wrap breaks a text at spaces into lines of so many columns. A word that takes more stays whole.
func wrap(text string, columns int) []string {
	var lines []string
	line, width := "", 0
	for word := range strings.SplitAfterSeq(text, " ") {
		seen := withoutStyles(word)
		taken := Width(strings.TrimSuffix(seen, " "))
		if width > 0 && width+taken > columns {
			lines = append(lines, strings.TrimSuffix(line, " "))
			line, width = "", 0
		}
		line += word
		width += Width(seen)
	}
	return append(lines, line)
}
