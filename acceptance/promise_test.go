package acceptance

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// record READ... puts a recorder between riveter and the engine. It ignores actions, and requests such as "GET /items/a",
// that only read.
func record(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || s.rivet == nil || s.recorder != nil {
		ts.Fatalf("usage: record [READ...], once, after rivet")
	}
	recorder, err := newRecorder(s.rivet.Endpoint(), args)
	ts.Check(err)
	ts.Defer(recorder.server.Close)
	s.recorder = recorder
	ts.Setenv("RIVET_ENDPOINT", recorder.server.URL)
}

// sentNothing checks that nothing was sent since the last check that could change something.
func sentNothing(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) != 0 || s.recorder == nil {
		ts.Fatalf("usage: sent-nothing, after record")
	}
	ts.Check(document{}.compare(s.recorder.take()))
}

// sentSomething checks that something was sent since the last check that could change something.
func sentSomething(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) != 0 || s.recorder == nil {
		ts.Fatalf("usage: sent-something, after record")
	}
	if len(s.recorder.take()) == 0 {
		ts.Fatalf("nothing was sent")
	}
}

// sentPlanned FILE checks that exactly what the plan in the file says, the output of plan -json, was sent since the last
// check.
func sentPlanned(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) != 1 || s.recorder == nil {
		ts.Fatalf("usage: sent-planned FILE, after record")
	}
	output := ts.ReadFile(args[0])
	written.add(output)
	planned, err := readPlan(output)
	ts.Check(err)
	ts.Check(planned.compare(s.recorder.take()))
}

// document is what matters here of the document of a plan.
type document struct{ Changes []plannedChange }

type plannedChange struct {
	Address, Name string
	Key           []string
	Action        string
	ActorID       string `json:"actor_id"`
	Input         planned
	Steps         []plannedStep
}

type plannedStep struct {
	Address, Kind, Decision string
	Call, Policy            string
	Conditional             bool
	MarkDone                bool `json:"mark_done"`
	planned
}

// planned is a value, with what the document does not show of it.
type planned struct {
	After     any
	Unknown   any `json:"after_unknown"`
	Sensitive any
}

// readPlan finds the document in the output of plan -json.
func readPlan(output string) (document, error) {
	for events := json.NewDecoder(strings.NewReader(output)); ; {
		var event struct {
			Type string
			Plan document
		}
		if err := events.Decode(&event); err != nil {
			return document{}, fmt.Errorf("look for the plan: %w", err)
		}
		if event.Type == "plan" {
			return event.Plan, nil
		}
	}
}

// compare holds what was sent to each actor against what the plan says, and uses up the former.
func (d document) compare(taken map[string][]sent) error {
	var problems []error
	for _, c := range d.Changes {
		if err := follow(c.promises(), c.take(taken)); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", c.Address, err))
		}
	}
	if len(taken) > 0 {
		problems = append(problems, fmt.Errorf("sent, though the plan does not say so: %v", taken))
	}
	return errors.Join(problems...)
}

// take removes what was sent to the actor that was there, and then to the one that was created; or what was sent about the
// namespace or pool.
func (c plannedChange) take(taken map[string][]sent) []sent {
	if c.isSurrounding() {
		return c.takeSurrounding(taken)
	}
	var all []sent
	if c.ActorID != "" {
		all = taken[c.ActorID]
		delete(taken, c.ActorID)
	}
	for id, list := range taken {
		if list[0].Verb == "create" && list[0].What == c.identity() {
			all = append(all, list...)
			delete(taken, id)
		}
	}
	return all
}

func (c plannedChange) identity() string { return c.Name + " " + strings.Join(c.Key, "/") }

// promise is something that will be sent, or that will be if it is found to be needed.
type promise struct {
	sent
	conditional bool
}

// promises lists what will be sent to the actor, or about what is none, in this order.
func (c plannedChange) promises() []promise {
	if c.isSurrounding() {
		return c.surrounding()
	}
	promises := c.calls(true)
	if c.Action == "destroy" || c.Action == "replace" {
		promises = append(promises, promise{sent: sent{Verb: "destroy"}})
	}
	if c.Action == "create" || c.Action == "replace" {
		promises = append(promises, promise{sent: sent{"create", c.identity(), c.Input.shown()}})
	}
	return append(promises, c.calls(false)...)
}

// calls lists what the steps will send: those that are made before the actor is destroyed, or the others.
func (c plannedChange) calls(farewell bool) (promises []promise) {
	for _, s := range c.Steps {
		if s.Decision == "run" && !s.MarkDone && s.Kind != "expect" && (s.Policy == "on_destroy") == farewell {
			promises = append(promises, promise{s.sent(), s.Conditional})
		}
	}
	return promises
}

// sent returns what the call will be on its way.
func (s plannedStep) sent() sent {
	args, _ := s.shown().([]any)
	switch s.Kind {
	case "message":
		return sent{"message", s.Call, args[0]}
	case "request":
		request := args[0].(map[string]any)
		body := request["body"]
		if document, ok := request["json"]; ok {
			body = document
		}
		return sent{"request", s.Call + " " + request["path"].(string), body}
	default:
		return sent{"action", s.Call, args}
	}
}

// hidden stands for a value that a document does not show.
type hidden struct{}

// shown returns the value, with hidden in place of what is not known yet or sensitive.
func (p planned) shown() any { return hide(hide(p.After, p.Unknown), p.Sensitive) }

// hide puts hidden where a mask says true.
func hide(v, mask any) any {
	switch mask := mask.(type) {
	case bool:
		if mask {
			return hidden{}
		}
	case []any:
		list, _ := v.([]any)
		for i := range min(len(list), len(mask)) {
			list[i] = hide(list[i], mask[i])
		}
	case map[string]any:
		object, _ := v.(map[string]any)
		for name, m := range mask {
			object[name] = hide(object[name], m)
		}
	}
	return v
}

// follow goes along what was promised with what was sent.
func follow(promises []promise, all []sent) error {
	rest := all
	for _, p := range promises {
		switch {
		case len(rest) > 0 && cmp.Equal(p.sent, rest[0], overlookHidden):
			rest = rest[1:]
		case !p.conditional:
			return fmt.Errorf("promised %v, in this order: %v\nbut sent %v", p.sent, promises, all)
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("promised %v\nbut sent %v", promises, all)
	}
	return nil
}

// overlookHidden makes hidden equal to everything.
var overlookHidden = cmp.FilterValues(func(x, y any) bool {
	return x == any(hidden{}) || y == any(hidden{})
}, cmp.Comparer(func(_, _ any) bool { return true }))
