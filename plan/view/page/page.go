// Package page writes plans and reports as one HTML page that needs nothing else: no network, no other file.
//
//	view.Document ─► Write ─► problems, what went wrong, and every change: folded, found by text, filtered by action
//
// Nothing that a configuration or an actor said can run: it is text wherever it stands, without the characters that turn the direction of
// writing, and the page's own policy allows its one script and its one style by their digests, and nothing from anywhere.
// Without the script, everything is there and can be unfolded.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/view"
)

//go:embed page.html
var source string

//go:embed style.css
var style string

//go:embed script.js
var script string

// width is that of what is drawn, which the page scrolls where it is narrower.
const width = 100

// Write writes a plan or a report.
func Write(w io.Writer, d *view.Document) error {
	page, err := template.New("page").Parse(source)
	if err != nil {
		return err
	}
	data, err := describe(d)
	if err != nil {
		return err
	}
	return page.Execute(w, data)
}

// data is what the page is made of. Texts are clean.
type data struct {
	Title, Namespace, Endpoint, Transition, Version string
	Style                                           template.CSS
	Script                                          template.JS
	Policy                                          string
	Problems                                        []problem
	Report                                          []line // what there is to say besides the title
	Kinds                                           []kind
	Changes                                         []entry
	Unchanged                                       string
}

// problem is diagnostics of one kind.
type problem struct {
	Title string
	Lines []line
}

// entry is a change, or instances with the same one. It is unfolded to be read in full.
type entry struct {
	Kind    string // by which it is filtered
	Sign    string
	Address string
	Summary string
	Lines   []line
	Keys    []string // the addresses of instances that are told together
}

// line is a line of what is drawn, with the class of its colour.
type line struct{ Class, Text string }

// kind is a filter, with how many changes it lets through.
type kind struct {
	Name, Word string
	Count      int
}

// kinds are those of changes, the most important first: how they ended, if that is not well, and else what is done.
var kinds = [...]string{
	string(plan.OutcomeFailed), string(plan.OutcomeInDoubt), string(plan.OutcomeSkipped), string(plan.OutcomeNotStarted),
	string(plan.ActionDestroy), string(plan.ActionReplace), "decide", string(plan.ActionUpdate), string(plan.ActionCreate),
	string(plan.ActionAdopt), string(plan.ActionForget), string(plan.ActionRead), "other",
}

func describe(d *view.Document) (*data, error) {
	page := &data{
		Namespace: view.Clean(d.Target.Namespace), Endpoint: view.Clean(d.Target.Endpoint), Transition: view.Clean(d.Transition),
		Version: view.Clean(d.RiveterVersion), Title: d.PlanLine(), Style: template.CSS(style), Script: template.JS(script),
		Policy: "default-src 'none'; style-src 'sha256-" + digest(style) + "'; script-src 'sha256-" + digest(script) + "'; base-uri 'none'; form-action 'none'",
	}
	for _, k := range view.Kinds(d.Diagnostics) {
		lines, err := drawn(func(w io.Writer) error { return k.DrawBody(w, view.Options{Width: width}) })
		if err != nil {
			return nil, err
		}
		page.Problems = append(page.Problems, problem{k.Title(), lines})
	}
	if err := page.report(d); err != nil {
		return nil, err
	}
	return page, page.changes(d)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// report says what became of a plan that was carried out.
func (page *data) report(d *view.Document) error {
	if d.Applied == nil {
		return nil
	}
	page.Title = d.ReportLine()
	lines, err := drawn(func(w io.Writer) error { return view.DrawReport(w, d, view.Options{Width: width, Diff: true}) })
	page.Report = slices.DeleteFunc(lines, func(l line) bool { return l.Text == page.Title+"\n" })
	return err
}

// changes folds what there is to say of each change, the most important first, and counts the rest.
func (page *data) changes(d *view.Document) error {
	counts, unchanged := map[string]int{}, d.Changes.Len()
	for _, g := range view.Group(d.Changes.Told) {
		lines, err := drawn(func(w io.Writer) error { return g.Draw(w, view.Options{Width: width, Diff: true}) })
		if err != nil {
			return err
		}
		c := entry{Kind: kindOf(g), Sign: g.Sign(), Address: g.Address(), Summary: g.Summary(), Lines: lines}
		if len(g) > 1 {
			for _, instance := range g {
				c.Keys = append(c.Keys, view.Clean(instance.Address))
			}
		}
		counts[c.Kind] += len(g)
		unchanged -= len(g)
		page.Changes = append(page.Changes, c)
	}
	slices.SortStableFunc(page.Changes, func(a, b entry) int { return slices.Index(kinds[:], a.Kind) - slices.Index(kinds[:], b.Kind) })
	for _, name := range kinds {
		if counts[name] > 0 {
			page.Kinds = append(page.Kinds, kind{name, strings.ReplaceAll(name, "_", " "), counts[name]})
		}
	}
	if unchanged > 0 {
		page.Unchanged = view.Count(unchanged, "actor") + " unchanged"
	}
	return nil
}

func kindOf(g view.Instances) string {
	first := g[0]
	switch {
	case first.Outcome != "" && first.Outcome != plan.OutcomeDone:
		return string(first.Outcome)
	case slices.ContainsFunc(first.Steps, func(s view.Step) bool { return s.Decision == plan.DecisionUnknown }):
		return "decide"
	case first.Action == plan.ActionNoOp:
		return "other"
	default:
		return string(first.Action)
	}
}

// drawn returns the lines that are drawn, with their colours.
func drawn(draw func(io.Writer) error) ([]line, error) {
	var b strings.Builder
	if err := draw(&b); err != nil {
		return nil, err
	}
	var lines []line
	for text := range strings.Lines(strings.Trim(b.String(), "\n") + "\n") {
		lines = append(lines, line{class(text), text})
	}
	return lines, nil
}

func class(text string) string {
	switch text[0] {
	case '+':
		return "add"
	case '-':
		return "drop"
	case '!', '?':
		return "alter"
	case '>':
		return "call"
	}
	if strings.HasPrefix(strings.TrimLeft(text, " "), "#") {
		return "note"
	}
	return ""
}
