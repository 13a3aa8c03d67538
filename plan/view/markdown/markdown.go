package markdown

import (
	"fmt"
	"io"
	"strings"

	"riveter/plan/view"
)

// GitHub is how many bytes fit into one of its comments: it takes 65,536 characters.
const GitHub = 65_000

// width is that of the fences, which do not wrap.
const width = 100

// Write writes a plan or a report in no more than limit bytes. It is an error where not even its closing line fits.
func Write(w io.Writer, d *view.Document, limit int) error {
	p := &page{document: d, limit: limit}
	text, err := p.text()
	if err != nil {
		return err
	}
	if len(text) > limit {
		return fmt.Errorf("write Markdown: %d bytes are too few for the closing line: that takes %d", limit, len(text))
	}
	_, err = io.WriteString(w, text)
	return err
}

// page is what is written about a document.
type page struct {
	document *view.Document
	limit    int
	err      error // the first one of drawing
}

// text returns what fits: all parts, or the closing line.
func (p *page) text() (string, error) {
	head, foot := p.head(), p.foot()
	room := p.limit - len(head) - len(foot)
	problems := p.problems(room / 2)
	room -= len(problems)
	var body string
	if p.document.Applied != nil {
		body = p.report(room)
	} else {
		body = p.changes(room)
	}
	if text := head + problems + body + foot; len(text) <= p.limit {
		return text, p.err
	}
	return head, p.err
}

// head is the marker and the title, which is the closing line of the human view.
func (p *page) head() string {
	line := p.document.PlanLine()
	if p.document.Applied != nil {
		line = p.document.ReportLine()
	}
	return marker(p.document) + "\n\n### " + escape(line) + "\n"
}

// marker names what the comment is about. A comment of HTML ends with two dashes.
func marker(d *view.Document) string {
	about := "plan"
	if d.Applied != nil {
		about = "report"
	}
	return fmt.Sprintf("<!-- riveter %s of %s -->", about, strings.ReplaceAll(view.Clean(d.Target.Namespace), "-", "\u2010"))
}

// foot says what to approve, and where it is about.
func (p *page) foot() string {
	d := p.document
	parts := []string{"Namespace " + code(d.Target.Namespace)}
	if d.Transition != "" {
		parts = append([]string{"Transition " + code(d.Transition)}, parts...)
	}
	if d.RiveterVersion != "" {
		parts = append(parts, "Riveter "+code(d.RiveterVersion))
	}
	return "\n<p><sub>" + strings.Join(parts, " · ") + "</sub></p>\n" // a p, since there is no Markdown in a block of HTML
}

// problems folds the diagnostics, or as many of them as fit.
func (p *page) problems(room int) string {
	var b strings.Builder
	kinds := view.Kinds(p.document.Diagnostics)
	for i, kind := range kinds {
		text := fold(kind.Title(), p.draw(func(w io.Writer) error { return kind.DrawBody(w, view.Options{Width: width, Wrap: true}) }), "")
		more := fmt.Sprintf("\n… %s not shown\n", view.Count(len(kinds)-i, "problem"))
		if b.Len()+len(text)+len(more) > room {
			b.WriteString(more)
			break
		}
		b.WriteString(text)
	}
	return b.String()
}

// report is what did not end well, cut where it is too long.
func (p *page) report(room int) string {
	text := p.draw(func(w io.Writer) error { return view.DrawReport(w, p.document, view.Options{Width: width, Diff: true}) })
	fenced := fence(text, "diff")
	if room -= len(fenced) - len(text); len(text) > room {
		const more = "…\n"
		text = text[:strings.LastIndexByte(text[:max(room-len(more), 0)], '\n')+1] + more
	}
	return fence(text, "diff")
}

// draw returns what is drawn as plain text.
func (p *page) draw(draw func(io.Writer) error) string {
	var b strings.Builder
	if err := draw(&b); err != nil && p.err == nil {
		p.err = err
	}
	return b.String()
}

// code writes a text in one line of HTML, as it is.
func code(text string) string { return "<code>" + escape(view.Clean(text)) + "</code>" }

// escape is html.EscapeString without the quotes, which are many and stand in no attribute.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// fold hides a text behind a title of plain text.
func fold(title, text, language string) string {
	return "\n<details><summary>" + code(title) + "</summary>\n" + fence(text, language) + "\n</details>\n"
}

// fence writes a text as it is: between more backticks than it has in a row.
func fence(text, language string) string {
	ticks := "```"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	return "\n" + ticks + language + "\n" + strings.Trim(text, "\n") + "\n" + ticks + "\n"
}
