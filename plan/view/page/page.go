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
	Problems                                        []fold
	Report                                          []line
	Actions                                         []action
	Changes                                         []fold
	Unchanged                                       int
}

// fold is something that is unfolded to be read in full.
type fold struct {
	Action string // by which it is filtered
	Sign   string
	Title  string
	Lines  []line
	Keys   []string // the addresses of instances that are told together
}

// line is a line of what is drawn, with the class of its colour.
type line struct{ Class, Text string }

// action is a filter, with how many changes it lets through.
type action struct {
	Name  string
	Count int
}

func describe(d *view.Document) (*data, error) {
	page := &data{
		Namespace: view.Clean(d.Target.Namespace), Endpoint: view.Clean(d.Target.Endpoint), Transition: view.Clean(d.Transition),
		Version: view.Clean(d.RiveterVersion), Title: d.PlanLine(), Style: template.CSS(style), Script: template.JS(script),
		Policy: "default-src 'none'; style-src 'sha256-" + digest(style) + "'; script-src 'sha256-" + digest(script) + "'; base-uri 'none'; form-action 'none'",
	}
	var err error
	if d.Applied != nil {
		page.Title = d.ReportLine()
		if page.Report, err = drawn(func(w io.Writer) error { return view.DrawReport(w, d, view.Options{Width: width, Diff: true}) }); err != nil {
			return nil, err
		}
	}
	for _, kind := range view.Kinds(d.Diagnostics) {
		lines, err := drawn(func(w io.Writer) error { return kind.Draw(w, view.Options{Width: width}) })
		if err != nil {
			return nil, err
		}
		page.Problems = append(page.Problems, fold{Title: kind.Title(), Lines: lines})
	}
	return page, page.changes(d)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// changes folds what there is to say of each change, and counts the rest.
func (page *data) changes(d *view.Document) error {
	counts := map[string]int{}
	page.Unchanged = len(d.Changes)
	for _, g := range view.Group(d.Changes) {
		lines, err := drawn(func(w io.Writer) error { return g.Draw(w, view.Options{Width: width, Diff: true}) })
		if err != nil {
			return err
		}
		f := fold{Action: name(g), Sign: g.Sign(), Title: g.Title(), Lines: lines}
		if len(g) > 1 {
			for _, c := range g {
				f.Keys = append(f.Keys, view.Clean(c.Address))
			}
		}
		counts[f.Action] += len(g)
		page.Unchanged -= len(g)
		page.Changes = append(page.Changes, f)
	}
	for _, name := range []string{"destroy", "replace", "decide", "update", "create", "adopt", "forget", "read", "other"} {
		if counts[name] > 0 {
			page.Actions = append(page.Actions, action{name, counts[name]})
		}
	}
	return nil
}

// name is the action by which changes are filtered.
func name(g view.Instances) string {
	for _, s := range g[0].Steps {
		if s.Decision == plan.DecisionUnknown {
			return "decide"
		}
	}
	if g[0].Action == plan.ActionNoOp {
		return "other"
	}
	return string(g[0].Action)
}

// drawn returns the lines that are drawn, with their colours.
func drawn(draw func(io.Writer) error) ([]line, error) {
	var b strings.Builder
	if err := draw(&b); err != nil {
		return nil, err
	}
	var lines []line
	for text := range strings.Lines(strings.TrimRight(b.String(), "\n") + "\n") {
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
	case '#':
		return "note"
	default:
		return ""
	}
}
