// Package picture draws what a terminal shows as SVG, which is readable in front of a light and a dark page.
package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The size of a cell, and what is left around all of them, in pixels.
const (
	cellWidth, cellHeight = 8.0, 18
	margin                = 16
)

// style has the colours of both schemes; the scheme is the reader's.
const style = `
    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #1f2328 }
    .page { fill: #f6f8fa; stroke: #d1d9e0 }
    .bold { font-weight: bold }
    .faint { fill: #656d76 }
    .underline { text-decoration: underline }
    .red { fill: #cf222e }
    .green { fill: #116329 }
    .yellow { fill: #7d4e00 }
    .cyan { fill: #0a5f73 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .page { fill: #161b22; stroke: #30363d }
      .faint { fill: #8d96a0 }
      .red { fill: #ff7b72 }
      .green { fill: #7ee787 }
      .yellow { fill: #e3b341 }
      .cyan { fill: #76e3ea }
    }`

// classes are the styles that riveter writes, by the number in the escape sequence.
var classes = map[string]string{"1": "bold", "2": "faint", "4": "underline", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}

var sequence = regexp.MustCompile("\x1b\\[([0-9]*)m")

// Draw draws lines with escape sequences for styles. The description is for who cannot see them.
func Draw(lines []string, description string) []byte {
	var out bytes.Buffer
	columns := 0
	for _, line := range lines {
		columns = max(columns, utf8.RuneCountInString(sequence.ReplaceAllString(line, "")))
	}
	width, height := int(float64(columns)*cellWidth)+2*margin, len(lines)*cellHeight+2*margin
	fmt.Fprintf(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", width, height, width, height)
	fmt.Fprintf(&out, "  <title>%s</title>\n  <style>%s\n  </style>\n", escape(description), style)
	fmt.Fprintf(&out, "  <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", width-1, height-1)
	for i, line := range lines {
		drawLine(&out, line, margin+(i+1)*cellHeight-5)
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// drawLine draws each run of one style at the column where it begins, whatever the width of the reader's letters.
func drawLine(out *bytes.Buffer, line string, y int) {
	column, class := 0, ""
	for line != "" {
		run, at := line, sequence.FindStringSubmatchIndex(line)
		if at != nil {
			run = line[:at[0]]
		}
		drawRun(out, run, class, column, y)
		column += utf8.RuneCountInString(run)
		if at == nil {
			return
		}
		class = classes[line[at[2]:at[3]]] // of the end of a style, none
		line = line[at[1]:]
	}
}

func drawRun(out *bytes.Buffer, run, class string, column, y int) {
	shown := strings.TrimLeft(run, " ")
	if shown == "" {
		return
	}
	column += len(run) - len(shown)
	if class != "" {
		class = fmt.Sprintf(" class=%q", class)
	}
	cells := utf8.RuneCountInString(shown)
	fmt.Fprintf(out, "  <text x=\"%g\" y=\"%d\" textLength=\"%g\"%s>%s</text>\n", margin+float64(column)*cellWidth, y, float64(cells)*cellWidth, class, escape(shown))
}

func escape(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a Builder takes everything
	return out.String()
}
