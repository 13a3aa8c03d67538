package view

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

func TestDrawReport(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		world   func(*world)
		ends    func(*report)
	}{
		{"complete", Options{}, createWorld, func(r *report) {
			r.Outputs = map[string]plan.Output{
				"room_ids": {Value: val(r.t, `{ general = "9apcl0g9yyrjx4mjwxhkwpxmpgbl00", random = "9apcl0g9yyrjx4mjwxhkwpxmpgbl01" }`)},
				"count":    {Value: cty.NumberIntVal(2)},
				"password": {Value: cty.StringVal("hunter2"), Sensitive: true},
				"mixed":    {Value: val(r.t, `[secret, big]`)},
				"motd":     {Value: cty.StringVal("Be kind.\nBe brief.\n")},
			}
		}},
		{"changed", Options{}, changeWorld, func(*report) {}},
		{"failed", Options{}, brokenWorld, breakReport},
		{"failed_colour", Options{Color: true}, brokenWorld, breakReport},
		{"stopped", Options{}, createWorld, func(r *report) {
			r.Interrupted = true
			r.change(0).Outcome, r.change(0).ActorID = plan.OutcomeNotStarted, "id1"
			r.step(0, 1).Outcome, r.step(0, 2).Outcome = plan.OutcomeNotStarted, plan.OutcomeNotStarted
			r.all(1, plan.Result{Outcome: plan.OutcomeNotStarted})
			r.all(2, plan.Result{Outcome: plan.OutcomeNotStarted})
		}},
		{"in_doubt", Options{}, createWorld, func(r *report) {
			r.change(1).Outcome, r.change(1).ActorID = plan.OutcomeInDoubt, "id1"
			r.step(1, 1).Outcome, r.step(1, 1).Err = plan.OutcomeInDoubt, errors.New("the connection was lost before the answer came")
			r.step(1, 2).Outcome = plan.OutcomeSkipped
		}},
		{"actor_in_doubt", Options{}, createWorld, func(r *report) {
			r.change(1).Outcome, r.change(1).Err = plan.OutcomeInDoubt, errors.New("create: the connection was lost before the answer came")
			r.step(1, 0).Outcome, r.step(1, 1).Outcome, r.step(1, 2).Outcome = plan.OutcomeSkipped, plan.OutcomeSkipped, plan.OutcomeSkipped
		}},
		{"many", Options{}, func(w *world) {
			for i := range 60 {
				w.actor((&address.Address{Kind: address.KindActor, Name: "counter", Label: "a", Key: address.NumberKey(i)}).String(), "a")
			}
		}, func(r *report) {
			for i := range 30 {
				r.all(i, plan.Result{Outcome: plan.OutcomeSkipped, Cause: "actor.counter.a[31]"})
			}
			r.all(31, plan.Result{Outcome: plan.OutcomeFailed, Err: errors.New("create: no")})
		}},
		{"continued", Options{}, createWorld, func(r *report) { // on_failure = "continue"
			r.change(0).ActorID = "id1"
			r.step(0, 1).Outcome, r.step(0, 1).Err = plan.OutcomeFailed, errors.New("user.full: the room is full")
		}},
		{"hostile", Options{}, createWorld, func(r *report) {
			r.all(0, plan.Result{Outcome: plan.OutcomeFailed, Err: errors.New("\x1b[2Jsaid \u202e\r\n\x1b]0;title\x07the \xff server\n")})
			r.Outputs = map[string]plan.Output{"\x1b[2J": {Value: cty.StringVal("\u009b31m")}}
		}},
		{"destroyed", Options{}, func(w *world) {
			w.Mode = plan.ModeDestroy
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "")
		}, func(*report) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.world(w)
			r := newReport(t, w.build())
			tt.ends(r)
			document := DescribeReport(r.Report)
			var fresh, decoded bytes.Buffer
			if err := DrawReport(&fresh, document, tt.options); err != nil {
				t.Fatal(err)
			}
			golden(t, "report_"+tt.name+".txt", fresh.Bytes())
			if err := DrawReport(&decoded, reread(t, document), tt.options); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fresh.String(), decoded.String()); diff != "" {
				t.Errorf("a document from a file looks different (-fresh +decoded):\n%s", diff)
			}
		})
	}
}

// What runs always is made again, whatever became of it.
func TestAReportSaysWhatBecomesOfADoubt(t *testing.T) {
	for policy, want := range map[plan.Policy]string{
		plan.RunOnce:   "shows such a call with a ?",
		plan.RunManual: "shows such a call with a ?",
		plan.RunAlways: "made again by the next apply.",
	} {
		w := newWorld(t)
		createWorld(w)
		r := newReport(t, w.build())
		r.step(1, 1).Outcome = plan.OutcomeInDoubt
		r.Plan.Changes[1].(*plan.ActorChange).Steps[1].Desired.Call().Policy = policy
		var text bytes.Buffer
		if err := DrawReport(&text, DescribeReport(r.Report), Options{}); err != nil || !strings.Contains(text.String(), want) {
			t.Errorf("%s: %v in\n%s", policy, err, &text)
		}
	}
}

func TestDrawReportRefusesAPlan(t *testing.T) {
	if err := DrawReport(&bytes.Buffer{}, Describe(newWorld(t).build()), Options{}); err == nil {
		t.Error("want an error")
	}
}

// report is one in which everything was done, to be changed by a test.
type report struct {
	*plan.Report
	t *testing.T
}

func newReport(t *testing.T, p *plan.Plan) *report {
	t.Helper()
	r := &plan.Report{Plan: p, Elapsed: 3 * time.Second}
	for _, c := range p.Changes {
		done := plan.Result{Outcome: plan.OutcomeDone, Elapsed: 12 * time.Millisecond}
		result := plan.ChangeResult{Result: done}
		if actor, ok := c.(*plan.ActorChange); ok {
			result.ActorID = actor.ActorID
		}
		for range plan.StepsOf(c) {
			result.Steps = append(result.Steps, done)
		}
		r.Changes = append(r.Changes, result)
	}
	return &report{r, t}
}

func (r *report) change(i int) *plan.ChangeResult { return &r.Changes[i] }

func (r *report) step(i, j int) *plan.Result { return &r.Changes[i].Steps[j] }

// all gives a change and its steps the same end.
func (r *report) all(i int, result plan.Result) {
	r.Changes[i].Result = result
	for j := range r.Changes[i].Steps {
		r.Changes[i].Steps[j] = plan.Result{Outcome: result.Outcome, Cause: result.Cause}
	}
}

func brokenWorld(w *world) {
	createWorld(w)
	changeWorld(w)
}

// breakReport lets one thing go wrong in every way there is.
func breakReport(r *report) {
	r.change(0).Outcome, r.change(0).ActorID = plan.OutcomeFailed, "9apcl0g9yyrjx4mjwxhkwpxmpgbl00"
	r.step(0, 1).Outcome = plan.OutcomeFailed
	r.step(0, 1).Err = errors.New("user.full: the room is full\n  members: 10\n  limit: 10")
	r.step(0, 2).Outcome, r.step(0, 2).Cause = plan.OutcomeSkipped, plan.StepsOf(r.Plan.Changes[0])[1].Address.String()
	r.all(1, plan.Result{Outcome: plan.OutcomeSkipped, Cause: r.Plan.Changes[0].Head().Address.String()})
	r.all(3, plan.Result{Outcome: plan.OutcomeFailed, Err: errors.New("create: actor.name_unknown: no registry knows the actor counter")})
}
