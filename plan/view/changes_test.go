package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/address"
)

// A document says the same whether it was just described or read again, which has every change told; so does a report.
func TestWhatIsNotToldSaysNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &plan.Plan{Mode: rapid.SampledFrom([]plan.Mode{plan.ModeApply, plan.ModeDestroy, plan.ModeVerify}).Draw(t, "mode")}
		r := &plan.Report{Plan: p}
		for i := range rapid.IntRange(0, 6).Draw(t, "changes") {
			c, result := drawChange(t, i)
			p.Changes, r.Changes = append(p.Changes, c), append(r.Changes, result)
		}
		for _, d := range []*Document{Describe(p), DescribeReport(r)} {
			calls := 0
			d.Changes.Complete(func(*Change) { calls++ })
			written, drawn := presented(t, d)
			if calls != len(p.Changes) || d.Changes.Len() != len(p.Changes) {
				t.Fatalf("%d of %d changes are completed, and there are said to be %d", calls, len(p.Changes), d.Changes.Len())
			}
			again, err := Read(bytes.NewReader(written))
			if err != nil {
				t.Fatal(err)
			}
			if w, text := presented(t, again); !bytes.Equal(w, written) || text != drawn {
				t.Fatalf("described:\n%s%s\nread:\n%s%s", drawn, written, text, w)
			}
		}
	})
}

// presented returns a document as programs and people see it.
func presented(t *rapid.T, d *Document) (written []byte, drawn string) {
	written, err := JSONLine(d)
	var b bytes.Buffer
	err = errors.Join(err, DrawPlan(&b, d, Options{}), DrawPlan(&b, d, Options{Concise: true, Verbose: true}))
	if d.Applied != nil {
		err = errors.Join(err, DrawReport(&b, d, Options{}))
		fmt.Fprintln(&b, *tally(&d.Changes))
	}
	if err != nil {
		t.Fatal(err)
	}
	return written, b.String()
}

// drawChange generates a change that more often than not does nothing.
func drawChange(t *rapid.T, i int) (plan.Change, plan.ChangeResult) {
	rarely := func(name string) bool { return rapid.IntRange(0, 9).Draw(t, name) == 0 }
	result := plan.ChangeResult{Result: drawResult(t)}
	head := plan.ChangeHead{Address: address.Address{Kind: address.KindActor, Name: "a", Label: "b", Key: address.NumberKey(i)}, Action: plan.ActionNoOp}
	if rarely("works") {
		head.Action = rapid.SampledFrom([]plan.ChangeAction{plan.ActionCreate, plan.ActionUpdate, plan.ActionDestroy, plan.ActionForget, plan.ActionRead}).Draw(t, "action")
	}
	if rarely("reason") {
		head.Reason = "because"
	}
	if rarely("namespace") {
		head.Address = address.Address{Kind: address.KindNamespace, Label: fmt.Sprint(i)}
		return &plan.NamespaceChange{ChangeHead: head, Name: "n"}, result
	}
	c := &plan.ActorChange{ChangeHead: head, Name: "a", Key: []string{fmt.Sprint(i)}, ActorID: "id"}
	c.Input.Differs = rarely("differs")
	if rarely("moved") {
		c.PreviousAddress = address.Address{Kind: address.KindActor, Name: "a", Label: "old"}
	}
	if rarely("former") {
		c.FormerSteps = []string{"action.old"}
	}
	if rarely("doubted") {
		c.FormerDoubts = []string{"action.older"}
	}
	if rarely("became") {
		result.Became = plan.ActionAdopt
	}
	result.Destroyed = rarely("destroyed")
	for j := range rapid.IntRange(0, 2).Draw(t, "steps") {
		c.Steps, result.Steps = append(c.Steps, drawStep(t, c, j)), append(result.Steps, drawResult(t))
	}
	return c, result
}

func drawStep(t *rapid.T, c *plan.ActorChange, j int) *plan.StepChange {
	rarely := func(name string) bool { return rapid.IntRange(0, 9).Draw(t, name) == 0 }
	s := &plan.StepChange{
		Address:  c.Address.Step(address.StepAction, fmt.Sprint("s", j), address.InstanceKey{}),
		Decision: rapid.SampledFrom([]plan.Decision{plan.DecisionDone, plan.DecisionSkip}).Draw(t, "decision"),
		Desired:  &plan.Step{Spec: &plan.Action{Name: "call"}, Settings: &plan.StepSettings{}},
		MarkDone: rarely("mark"),
	}
	if rarely("works") {
		s.Decision = rapid.SampledFrom([]plan.Decision{plan.DecisionRun, plan.DecisionUnknown}).Draw(t, "due")
	}
	if rarely("reason") || s.Decision != plan.DecisionDone {
		s.Reason = rapid.SampledFrom([]string{"because", plan.ReasonUnread}).Draw(t, "reason")
	}
	if rarely("moved") {
		s.Previously = "action.before"
	}
	return s
}

func drawResult(t *rapid.T) plan.Result {
	r := plan.Result{Outcome: plan.OutcomeDone}
	switch rapid.IntRange(0, 20).Draw(t, "end") {
	case 0:
		r.Outcome, r.Err = plan.OutcomeFailed, errors.New("no")
	case 1:
		r.Outcome = plan.OutcomeNotStarted
	case 2:
		r.Accepted = "code"
	case 3:
		r.Made = 2
	}
	return r
}

// Of an actor that stays as it is, nothing is described before somebody asks for it.
func TestWhatStaysIsNotDescribed(t *testing.T) {
	p := manyThatStay(3)
	d := Describe(p)
	if len(d.Changes.Told) > 0 {
		t.Errorf("told are %+v", d.Changes.Told)
	}
	var written struct{ Changes []Change }
	if data, err := json.Marshal(d); err != nil || json.Unmarshal(data, &written) != nil || len(written.Changes) != 3 {
		t.Errorf("written are %+v: %v", written, err)
	}
}
