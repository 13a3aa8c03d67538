package transition

import (
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

func (e *encoder) change(c plan.Change, due []*plan.StepChange) change {
	head := c.Head()
	described := change{Address: head.Address.String(), Action: head.Action}
	switch c := c.(type) {
	case *plan.ActorChange:
		described.Name, described.Input = c.Name, e.value(c.Input.After)
		described.Key = e.key(c.Key)
		e.declared(&described, c)
	case *plan.NamespaceChange:
		described.Name, described.Input = c.Name, c.DisplayName
	case *plan.PoolChange:
		described.Name, described.Input = c.Name, e.value(c.After)
	}
	for _, s := range due {
		described.Steps = append(described.Steps, e.step(s))
	}
	return described
}

// declared adds what the configuration says of an actor, where it does.
func (e *encoder) declared(described *change, c *plan.ActorChange) {
	d := c.Desired
	if d == nil || c.Action == plan.ActionDestroy || c.Action == plan.ActionForget {
		return
	}
	described.Params, described.Making = e.credentials(d.Params), e.making(d.Making)
	if s := d.Settings; s != nil && (c.Action == plan.ActionCreate || c.Action == plan.ActionReplace) {
		described.Made = &creation{s.Create, s.Pool, s.Region, s.CrashPolicy}
	}
}

func (e *encoder) key(key []string) any {
	if key == nil {
		return nil
	}
	parts := make([]any, len(key))
	for i, part := range key {
		parts[i] = e.text(part)
	}
	return parts
}

func (e *encoder) step(s *plan.StepChange) step {
	d := s.Desired
	to, payload := d.Sends()
	described := step{
		Address: s.Address.String(), Decision: s.Decision, Mark: s.MarkDone, Conditional: s.Conditional,
		Call: to, Args: e.value(payload), Params: e.credentials(d.Params), Manner: e.manner(d.Spec), Making: e.making(d.Making),
	}
	if fact := d.Fact(); fact != nil && fact.Wanted() != cty.NilVal {
		described.Want = e.value(fact.Wanted())
	}
	for _, a := range d.Awaits {
		described.Awaits = append(described.Awaits, await{a.Event, e.making(a.Making)})
	}
	if d.Settings != nil {
		described.OnFailure = d.Settings.OnFailure
	}
	return described
}

// calling is what steps say alike that are made when they are due: when they are made again, and what counts as done.
type calling struct {
	Run        plan.Policy    `json:"run"`
	OnUnknown  plan.OnUnknown `json:"on_unknown,omitempty"`
	Idempotent bool           `json:"idempotent,omitempty"`
	Accept     []string       `json:"accept,omitempty"`
	Expect     any            `json:"expect,omitempty"`
	Wait       bool           `json:"wait,omitempty"`   // of a message
	Status     []int          `json:"status,omitempty"` // of a request
}

// manner is how a step is made and when it is done, beyond what it sends.
func (e *encoder) manner(spec plan.Spec) any {
	switch s := spec.(type) {
	case *plan.Action:
		return e.calling(&s.Call)
	case *plan.Message:
		c := e.calling(&s.Call)
		c.Wait = s.Wait
		return c
	case *plan.Request:
		c := e.calling(&s.Call)
		c.Status = s.Status
		return c
	case *plan.Ensure:
		return map[string]bool{"exact": s.Exact}
	case *plan.Expect:
	}
	return nil
}

func (e *encoder) calling(c *plan.Call) *calling {
	return &calling{Run: c.Policy, OnUnknown: c.OnUnknown, Idempotent: c.Idempotent, Accept: c.Accept, Expect: e.value(c.Expect)}
}
