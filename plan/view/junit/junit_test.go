package junit

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/view"
)

func written(t rapid.TB, d *view.Document, problems ...*view.Diagnostic) (text string, all suites) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d, problems); err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(b.Bytes(), &all); err != nil {
		t.Fatalf("%v:\n%s", err, b.String())
	}
	return b.String(), all
}

func TestEveryEndIsATestCase(t *testing.T) {
	drift := view.Result{Outcome: plan.OutcomeFailed, Error: "it does not hold", Drift: true}
	fact := &view.Fact{Want: json.RawMessage("1"), Seen: json.RawMessage("7")}
	step := func(name string, decision plan.Decision, r view.Result) view.Step {
		return view.Step{Address: "actor.c.a.expect." + name, Decision: decision, Fact: fact, Result: r}
	}
	d := &view.Document{
		Changes: view.Changes{Told: []view.Change{
			{Address: "actor.c.a", Result: view.Result{Outcome: plan.OutcomeFailed}, Steps: []view.Step{
				step("holds", plan.DecisionDone, view.Result{Outcome: plan.OutcomeDone}),
				step("held", plan.DecisionRun, view.Result{Outcome: plan.OutcomeDone}),
				step("differs", plan.DecisionRun, drift),
				step("unread", plan.DecisionRun, view.Result{Outcome: plan.OutcomeFailed, Error: "the actor is gone\nfor good"}),
				step("stopped", plan.DecisionRun, view.Result{Outcome: plan.OutcomeNotStarted}),
			}},
			{Address: "actor.c.missing", Result: drift},
		}},
		Checks:    []view.Check{{Address: "check.good", Status: "pass"}, {Address: "check.bad", Status: "fail", Problems: []string{"one", "two"}}, {Address: "check.open", Status: "unknown"}},
		ElapsedMS: 1500,
	}
	text, all := written(t, d, &view.Diagnostic{Severity: "error", Summary: "Actor is lost"}, &view.Diagnostic{Severity: "warning", Summary: "Never mind"})
	if all.counts != (counts{Tests: 11, Failures: 3, Errors: 2, Skipped: 2}) || all.Time != "1.500" {
		t.Errorf("got %+v", all.counts)
	}
	sum := counts{}
	for _, s := range all.Suites {
		sum.Tests, sum.Failures, sum.Errors, sum.Skipped = sum.Tests+s.Tests, sum.Failures+s.Failures, sum.Errors+s.Errors, sum.Skipped+s.Skipped
	}
	if sum != all.counts {
		t.Errorf("the suites have %+v", sum)
	}
	for _, want := range []string{
		`<testcase name="expect.holds" classname="actor.c.a" time="0.000"></testcase>`,
		"<failure message=\"it does not hold\"><![CDATA[it does not hold\nwanted: 1\nseen:   7]]></failure>",
		"<error message=\"the actor is gone\"><![CDATA[the actor is gone\nfor good\n", `<failure message="one"><![CDATA[one` + "\ntwo]]>",
		`<testcase name="Actor is lost" classname="problems"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

// Whatever an actor says, the file is XML, and its text is that of one test case.
func TestNothingGetsOutOfItsPlace(t *testing.T) {
	hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"]]></failure><testcase/>", "\x00\x1b[31m\ufffe", "&amp;\"'<", "a\nb\r\n", "\xff"}))
	rapid.Check(t, func(t *rapid.T) {
		message := hostile.Draw(t, "message")
		d := &view.Document{Changes: view.Changes{Told: []view.Change{{
			Address: hostile.Draw(t, "address"), Result: view.Result{Outcome: plan.OutcomeFailed, Error: "x" + message, Drift: rapid.Bool().Draw(t, "drift")},
		}}}}
		text, all := written(t, d)
		if all.Tests != 1 || all.Failures+all.Errors != 1 {
			t.Fatalf("got %+v", all.counts)
		}
		for tokens := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := tokens.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What is lacking is said where it is no secret.
func TestAFactThatLacksAMemberSaysWhich(t *testing.T) {
	d := func(secret view.Mask) *view.Document {
		fact := &view.Fact{Want: json.RawMessage(`{"topic":"a"}`), Seen: json.RawMessage(`{"title":"a"}`), SeenSensitive: secret}
		drift := view.Result{Outcome: plan.OutcomeFailed, Error: "it does not hold", Drift: true}
		step := view.Step{Address: "actor.c.a.expect.e", Decision: plan.DecisionRun, Fact: fact, Result: drift}
		return &view.Document{Changes: view.Changes{Told: []view.Change{{Address: "actor.c.a", Steps: []view.Step{step}}}}}
	}
	if text, _ := written(t, d(nil)); !strings.Contains(text, `it has no "topic", but "title"`) {
		t.Error(text)
	}
	if text, _ := written(t, d(view.Mask(`true`))); strings.Contains(text, "title") {
		t.Error(text)
	}
}
