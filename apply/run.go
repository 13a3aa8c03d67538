package apply

import (
	"container/heap"
	"context"
	"slices"
	"time"

	"riveter/plan"
	"riveter/plan/address"
)

// Options are the parts that [Run] works with and the ways in which it works.
type Options struct {
	Executor  Executor
	Resolver  Resolver
	Ledger    Ledger
	DigestKey []byte // of the ledger

	Parallelism int                      // changes at a time; zero adapts to what the server takes
	KeepFailed  bool                     // leave actors that were created and do not start
	Made        address.Address          // of a namespace that was created for this run before it; zero for none
	Stop        <-chan struct{}          // when closed, nothing more is started and running calls finish; may be nil
	Redact      func(text string) string // takes secrets out of what a panic says; may be nil
	OnEvent     func(Event)              // called from one goroutine; may be nil
}

// Run carries out p and reports on every change and step of it. A change that fails takes those along that depend on it,
// and no others. Cancelling ctx aborts the calls in flight, which are then in doubt.
func Run(ctx context.Context, p *plan.Plan, o Options) *plan.Report {
	began := time.Now()
	if o.OnEvent == nil {
		o.OnEvent = func(Event) {}
	}
	if o.Redact == nil {
		o.Redact = func(text string) string { return text }
	}
	s := newScheduler(p, o)
	if err := s.Ledger.Announce(ctx, intents(p)); err != nil {
		s.giveUp(err)
	} else {
		s.run(ctx)
	}
	return &plan.Report{Plan: p, Changes: s.results, Elapsed: time.Since(began)}
}

// scheduler is owned by the goroutine of run. Changes are known by their index in the plan.
type scheduler struct {
	Options
	plan       *plan.Plan
	results    []plan.ChangeResult
	waiting    []int   // how many changes must be done before this one
	dependents [][]int // which changes wait for this one
	ready      indexHeap
	running    int
	limit      *limit
	messages   chan message
}

// message is what workers tell the scheduler: an event, or, when it is nil, the end of a change.
type message struct {
	event  Event
	index  int
	result plan.ChangeResult
}

// node is what changes depend on. What had an address before is not what has it now, and neither depends on the other.
type node struct {
	address  address.Address
	declared bool
}

// isDeclared reports whether the change is of something that the configuration declares.
func isDeclared(c *plan.Change) bool { return c.Desired != nil || c.Address.Kind != address.KindActor }

func newScheduler(p *plan.Plan, o Options) *scheduler {
	n := len(p.Changes)
	s := &scheduler{
		Options:    o,
		plan:       p,
		results:    make([]plan.ChangeResult, n),
		waiting:    make([]int, n),
		dependents: make([][]int, n),
		limit:      newLimit(o.Parallelism, o.Executor.Pressure()),
		messages:   make(chan message),
	}
	index := make(map[node][]int, n)
	for i, c := range p.Changes {
		at := node{c.Address, isDeclared(c)}
		index[at] = append(index[at], i)
	}
	for i, c := range p.Changes {
		for _, address := range c.DependsOn {
			for _, on := range index[node{address, isDeclared(c)}] {
				s.dependents[on] = append(s.dependents[on], i)
				s.waiting[i]++
			}
		}
	}
	for i := range p.Changes {
		if s.waiting[i] == 0 {
			s.ready = append(s.ready, i)
		}
	}
	return s
}

func (s *scheduler) run(ctx context.Context) {
	stop, done := s.Stop, ctx.Done()
	stopping := false
	for {
		for !stopping && s.running < s.limit.current && len(s.ready) > 0 {
			s.start(ctx, heap.Pop(&s.ready).(int))
		}
		if s.running == 0 {
			break
		}
		select {
		case m := <-s.messages:
			s.receive(m)
		case <-stop:
			stopping, stop = true, nil
		case <-done:
			stopping, done = true, nil
		}
	}
	for i := range s.results {
		if s.results[i].Outcome == "" {
			s.results[i] = unstarted(s.plan.Changes[i], plan.Result{Outcome: plan.OutcomeNotStarted})
		}
	}
}

// giveUp ends every change before it has started, those that could not be announced as failed.
func (s *scheduler) giveUp(err error) {
	for i, c := range s.plan.Changes {
		s.results[i] = unstarted(c, plan.Result{Outcome: plan.OutcomeNotStarted})
		if isAnnounced(c) {
			s.results[i].Outcome, s.results[i].Err = plan.OutcomeFailed, err
		}
	}
}

// start gives the change to a worker, unless there is nothing to do about it.
func (s *scheduler) start(ctx context.Context, i int) {
	c := s.plan.Changes[i]
	if !hasWork(c) {
		s.results[i] = untouched(c)
		s.release(i)
		return
	}
	s.running++
	s.OnEvent(ChangeStarted{c})
	w := &worker{Options: s.Options, change: c, verifying: s.plan.Mode == plan.ModeVerify}
	w.tell = func(e Event) { s.messages <- message{event: e} }
	go func() {
		s.messages <- message{index: i, result: w.run(ctx)}
	}()
}

func (s *scheduler) receive(m message) {
	if m.event != nil {
		s.OnEvent(m.event)
		return
	}
	s.running--
	s.limit.observe(s.Executor.Pressure())
	s.end(m.index, m.result)
	switch m.result.Outcome {
	case plan.OutcomeDone:
		s.release(m.index)
	case plan.OutcomeFailed, plan.OutcomeInDoubt:
		s.skipDependents(m.index)
	case plan.OutcomeSkipped, plan.OutcomeNotStarted: // a stop: what depends on it does not start either
	}
}

func (s *scheduler) end(i int, r plan.ChangeResult) {
	s.results[i] = r
	s.OnEvent(ChangeEnded{s.plan.Changes[i], r})
}

func (s *scheduler) release(i int) {
	for _, d := range s.dependents[i] {
		if s.waiting[d]--; s.waiting[d] == 0 {
			heap.Push(&s.ready, d)
		}
	}
}

// skipDependents skips everything that depends on the change i, however far away. None of it has started.
func (s *scheduler) skipDependents(i int) {
	cause := s.plan.Changes[i].Address.String()
	pending := slices.Clone(s.dependents[i])
	for len(pending) > 0 {
		d := pending[0]
		pending = pending[1:]
		switch c := s.plan.Changes[d]; {
		case s.results[d].Outcome != "":
			continue
		case hasWork(c):
			s.end(d, unstarted(c, plan.Result{Outcome: plan.OutcomeSkipped, Cause: cause}))
		default: // nothing was to be done about it, but what depends on it depends on i
			s.results[d] = untouched(c)
		}
		pending = append(pending, s.dependents[d]...)
	}
}

// hasWork reports whether anything is to be sent or remembered for c.
func hasWork(c *plan.Change) bool {
	if c.Action != plan.ActionNoOp || c.Adopt != nil {
		return true
	}
	for _, step := range c.Steps {
		if step.MarkDone || step.Decision == plan.DecisionRun {
			return true
		}
	}
	return false
}

// unstarted is the result of a change that no worker has seen: the steps that were to run end as the change does.
func unstarted(c *plan.Change, r plan.Result) plan.ChangeResult {
	steps := make([]plan.Result, len(c.Steps))
	for i, step := range c.Steps {
		steps[i].Outcome = plan.OutcomeDone
		if step.Decision == plan.DecisionRun {
			steps[i] = r
		}
	}
	return plan.ChangeResult{Result: r, Steps: steps}
}

// untouched is the result of a change with nothing to do about it.
func untouched(c *plan.Change) plan.ChangeResult {
	r := unstarted(c, plan.Result{Outcome: plan.OutcomeDone})
	r.ActorID = c.ActorID
	return r
}

type indexHeap []int

func (h indexHeap) Len() int           { return len(h) }
func (h indexHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h indexHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *indexHeap) Push(x any)        { *h = append(*h, x.(int)) }

func (h *indexHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
