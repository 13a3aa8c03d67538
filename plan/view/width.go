package view

import (
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
	end, left := 0, columns-1
	for clusters := uniseg.NewGraphemes(text); clusters.Next() && left >= clusters.Width(); {
		left -= clusters.Width()
		_, end = clusters.Positions()
	}
	return text[:end] + "…"
}

// wrap breaks a text at spaces into lines of so many columns. A word that takes more stays whole.
func wrap(text string, columns int) []string {
	var lines []string
	line, width := "", 0
	for word := range strings.SplitAfterSeq(text, " ") {
		taken := Width(strings.TrimSuffix(word, " "))
		if width > 0 && width+taken > columns {
			lines = append(lines, strings.TrimSuffix(line, " "))
			line, width = "", 0
		}
		line += word
		width += Width(word)
	}
	return append(lines, line)
}
