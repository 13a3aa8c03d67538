package transition

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/address"
)

// Prefix is what every transition begins with.
const Prefix = "sha256:"

// Shortest is how many hexadecimal digits of a transition are enough to type.
const Shortest = 12

// format is part of every digest, and grows when what enters it changes.
const format = 2

// Of returns the transition of a plan that was made with these orders and this memory, such as sha256:4f1c….
func Of(p *plan.Plan, orders plan.Orders, recalled *plan.Recalled) (string, error) {
	e := newEncoder(p, recalled)
	t := transition{Format: format, Mode: p.Mode, Target: spelled(orders.Target), Exclude: spelled(orders.Exclude)}
	sum := sha256.New()
	e.write(sum, &t, p.Changes)
	return Prefix + hex.EncodeToString(sum.Sum(nil)), e.err
}

// write writes the canonical JSON of a transition, of which only one change at a time is in memory: a member whose name comes before all
// others.
func (e *encoder) write(to io.Writer, t *transition, changes []plan.Change) {
	start := `{"changes":[`
	for _, c := range changes {
		if due := dueSteps(c); c.Head().Action != plan.ActionNoOp || sends(due) {
			fmt.Fprintf(to, "%s%s", start, e.canonical(e.change(c, due)))
			start = ","
		}
	}
	if start != "," {
		io.WriteString(to, start)
	}
	fmt.Fprintf(to, "],%s", bytes.TrimPrefix(e.canonical(t), []byte("{")))
}

// Parse reads a transition as a person gives it: with or without the prefix, and shortened to no less than [Shortest] digits.
func Parse(text string) (string, error) {
	digits := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), Prefix))
	isHex := !strings.ContainsFunc(digits, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
	if !isHex || len(digits) < Shortest || len(digits) > 2*sha256.Size {
		return "", fmt.Errorf("%q is no transition: that is %s and %d hexadecimal digits, of which the first %d are enough", text, Prefix, 2*sha256.Size, Shortest)
	}
	return Prefix + digits, nil
}

// Matches reports whether a transition is the one that [Parse] has read.
func Matches(transition, expected string) bool { return strings.HasPrefix(transition, expected) }

// transition is what is digested, with the changes.
type transition struct {
	Format  int       `json:"format"`
	Mode    plan.Mode `json:"mode"`
	Target  []string  `json:"target,omitempty"`
	Exclude []string  `json:"exclude,omitempty"`
}

type change struct {
	Address string            `json:"address"`
	Name    string            `json:"name"`
	Key     any               `json:"key"` // null while it is not known
	Action  plan.ChangeAction `json:"action"`
	Input   any               `json:"input,omitempty"`
	Params  any               `json:"params,omitempty"`
	Made    *creation         `json:"made,omitempty"` // how the actor is
	Making  string            `json:"making,omitempty"`
	Steps   []step            `json:"steps,omitempty"`
}

// creation is what is sent with the input when an actor is made.
type creation struct {
	Mode        plan.CreateMode `json:"mode,omitempty"`
	Pool        string          `json:"pool,omitempty"`
	Region      string          `json:"region,omitempty"`
	CrashPolicy string          `json:"crash_policy,omitempty"`
}

type step struct {
	Address     string         `json:"address"`
	Decision    plan.Decision  `json:"decision"`
	Mark        bool           `json:"mark_done,omitempty"`
	Conditional bool           `json:"conditional,omitempty"`
	Call        string         `json:"call"`
	Args        any            `json:"args"`
	Params      any            `json:"params,omitempty"`
	Want        any            `json:"want,omitempty"`
	Awaits      []await        `json:"awaits,omitempty"`
	OnFailure   plan.OnFailure `json:"on_failure,omitempty"`
	Manner      any            `json:"manner,omitempty"` // of steps of its kind
	Making      string         `json:"making,omitempty"`
}

type await struct {
	Event  string `json:"event"`
	Making string `json:"making,omitempty"`
}

func spelled(patterns []address.Pattern) []string {
	texts := address.Spelled(patterns)
	slices.Sort(texts)
	return texts
}

// dueSteps are the steps of a change that are made, may be made, or are recorded.
func dueSteps(c plan.Change) []*plan.StepChange {
	var due []*plan.StepChange
	for _, s := range plan.StepsOf(c) {
		if s.MarkDone || s.Decision == plan.DecisionRun || s.Decision == plan.DecisionUnknown {
			due = append(due, s)
		}
	}
	return due
}

// sends reports whether a step among these is more than a look.
func sends(due []*plan.StepChange) bool {
	return slices.ContainsFunc(due, func(s *plan.StepChange) bool { return s.Address.Kind != address.StepExpect })
}
