// Package junit writes what was verified as the XML that continuous integration reads test results from: JUnit's, as GitLab, Jenkins
// and GitHub's actions have it.
//
// An actor is a test suite of its facts, and check blocks are one. A test that failed is something that is not as it is declared;
// one with an error is something that nobody could look at.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"riveter/plan"
	"riveter/plan/view"
)

// Write writes the report of a verify, and the problems that are about none of what is in it.
func Write(w io.Writer, d *view.Document, problems []*view.Diagnostic) error {
	all := suites{Name: "riveter verify", Time: seconds(d.ElapsedMS)}
	for change := range d.Changes.All() {
		all.add(actor(change))
	}
	all.add(checks(d.Checks))
	all.add(rest(problems))
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	counts
	Suites []suite `xml:"testsuite"`
}

type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type suite struct {
	Name string `xml:"name,attr"`
	counts
	Cases []test `xml:"testcase"`
}

type test struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Time    string   `xml:"time,attr"`
	Failure *problem `xml:"failure"`
	Error   *problem `xml:"error"`
	Skipped *problem `xml:"skipped"`
}

type problem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

// add adds a suite that has tests.
func (s *suites) add(of suite) {
	if len(of.Cases) == 0 {
		return
	}
	of.Name = view.Clean(of.Name)
	for i := range of.Cases {
		t := &of.Cases[i]
		t.Name, t.Class = view.Clean(t.Name), of.Name
		of.count(t)
		s.count(t)
	}
	s.Suites = append(s.Suites, of)
}

func (c *counts) count(t *test) {
	c.Tests++
	switch {
	case t.Failure != nil:
		c.Failures++
	case t.Error != nil:
		c.Errors++
	case t.Skipped != nil:
		c.Skipped++
	}
}

// actor are the tests of an actor: that it is as it is declared, and its facts.
func actor(c *view.Change) suite {
	s := suite{Name: c.Address}
	itself := test{Name: "actor", Time: seconds(0)}
	if c.Error != "" {
		itself.end(&c.Result, "")
	}
	s.Cases = append(s.Cases, itself)
	for i := range c.Steps {
		step := &c.Steps[i]
		t := test{Name: strings.TrimPrefix(step.Address, c.Address+"."), Time: seconds(step.ElapsedMS)}
		switch step.Decision {
		case plan.DecisionDone:
		case plan.DecisionSkip:
			t.Skipped = told("it was "+step.Reason, "")
		case plan.DecisionRun, plan.DecisionUnknown:
			t.end(&step.Result, step.Fact.Text())
		}
		s.Cases = append(s.Cases, t)
	}
	return s
}

// end gives a test the end of what was looked at.
func (t *test) end(r *view.Result, detail string) {
	p := told(r.Error, detail)
	switch {
	case r.Drift:
		t.Failure = p
	case r.Error != "":
		t.Error = p
	case r.Outcome != plan.OutcomeDone:
		t.Skipped = told("it was not looked at", "")
	}
}

// told is a problem with a message of one line, and all that there is to say of it.
func told(message, detail string) *problem {
	first, _, _ := strings.Cut(message, "\n")
	lines := strings.Split(message+"\n"+detail, "\n")
	for i, line := range lines {
		lines[i] = view.Clean(line)
	}
	return &problem{view.Clean(first), strings.TrimRight(strings.Join(lines, "\n"), "\n")}
}

func checks(all []view.Check) suite {
	s := suite{Name: "checks"}
	for _, c := range all {
		t := test{Name: c.Address, Time: seconds(0)}
		switch c.Status {
		case "fail":
			t.Failure = told(strings.Join(c.Problems, "\n"), "")
		case "unknown":
			t.Skipped = told("it is not known", "")
		}
		s.Cases = append(s.Cases, t)
	}
	return s
}

// rest are the problems that are about nothing else.
func rest(problems []*view.Diagnostic) suite {
	s := suite{Name: "problems"}
	for _, diag := range problems {
		if diag.Severity != "warning" {
			s.Cases = append(s.Cases, test{Name: diag.Summary, Time: seconds(0), Error: told(diag.Summary, diag.Detail)})
		}
	}
	return s
}

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }
