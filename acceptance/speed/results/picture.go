package results

import (
	"bytes"
	"fmt"
)

// Where things are in the picture, in pixels.
const (
	margin      = 16
	labelWidth  = 250
	panelWidth  = 220 // of a number of actors
	valueWidth  = 64  // what a bar leaves to its figure
	lineHeight  = 18
	barHeight   = 11
	blockHeight = 14 // what is free above a task
)

// style has the colours of both schemes; the scheme is the reader's.
const style = `
    text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .page { fill: #f6f8fa; stroke: #d1d9e0 }
    .bold { font-weight: bold }
    .faint { fill: #656d76 }
    .riveter { fill: #1a7f37 }
    .limit { fill: #6e7781 }
    .other { fill: #b6bec7 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .page { fill: #161b22; stroke: #30363d }
      .faint { fill: #8d96a0 }
      .riveter { fill: #3fb950 }
      .limit { fill: #8d96a0 }
      .other { fill: #484f58 }
    }`

// A drawing grows downwards.
type drawing struct {
	bytes.Buffer
	y int // of the line that is drawn
}

func (d *drawing) text(x int, class, content string) {
	fmt.Fprintf(d, "  <text x=\"%d\" y=\"%d\" class=%q>%s</text>\n", x, d.y, class, content)
}

// Picture draws the median seconds of each task as SVG: a bar for each contender, beside each other for each number of actors.
func (r Results) Picture() []byte {
	sizes := r.sizes(Tasks...)
	var d drawing
	d.y = margin + lineHeight
	d.text(margin, "faint", "Seconds, median: less is better")
	for i, n := range sizes {
		d.text(panel(i), "bold", group(n)+" actors")
	}
	for _, t := range Tasks {
		d.y += blockHeight + lineHeight
		d.text(margin, "bold", string(t))
		for _, c := range r.contenders() {
			r.drawContender(&d, c, t, sizes)
		}
	}
	width, height := panel(len(sizes)), d.y+margin
	var out bytes.Buffer
	fmt.Fprintf(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", width, height, width, height)
	fmt.Fprintf(&out, "  <title>How long each contender takes for each task</title>\n  <style>%s\n  </style>\n", style)
	fmt.Fprintf(&out, "  <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", width-1, height-1)
	out.Write(d.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// panel is where that of a number of actors begins.
func panel(i int) int { return margin + labelWidth + i*panelWidth }

// drawContender draws a line with a bar in each panel, unless there is none at all.
func (r Results) drawContender(d *drawing, contender string, t Task, sizes []int) {
	named := false
	for i, n := range sizes {
		all := r.sample(Key{contender, t, n}, wall)
		if len(all) == 0 {
			continue
		}
		if !named {
			named = true
			d.y += lineHeight
			d.text(margin+blockHeight, "", title(contender))
		}
		width := float64(panelWidth-valueWidth) * all.median() / r.slowest(t, n)
		fmt.Fprintf(d, "  <rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=%q/>\n", panel(i), d.y-barHeight+1, max(width, 1), barHeight, class(contender))
		fmt.Fprintf(d, "  <text x=\"%.1f\" y=\"%d\" class=\"faint\">%s</text>\n", float64(panel(i)+6)+width, d.y, figure(all.median()))
	}
}

// slowest is the highest median of a panel.
func (r Results) slowest(t Task, size int) float64 {
	highest := 0.0
	for _, c := range r.contenders() {
		if all := r.sample(Key{c, t, size}, wall); len(all) > 0 {
			highest = max(highest, all.median())
		}
	}
	return highest
}

func class(contender string) string {
	if contender == Riveter || contender == Limit {
		return contender
	}
	return "other"
}
