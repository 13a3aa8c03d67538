package apply

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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
	At          time.Time                // what is remembered of actors as the time of their first apply
	Made        address.Address          // of a namespace that was created for this run before it; zero for none
	Stop, Lost  <-chan struct{}          // when one of them is closed, nothing more is started and running calls finish; may be nil
	Redact      func(text string) string // takes secrets out of what a panic says; may be nil
	OnEvent     func(Event)              // called for one event at a time; may be nil
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
	if s.stopped = o.isStopped(ctx); !s.stopped && s.found(ctx) {
		s.begin(ctx)
	}
	s.leaveRest()
	return &plan.Report{Plan: p, Changes: s.results, Elapsed: time.Since(began), Interrupted: s.stopped}
}

// scheduler says what is done when. Changes are known by their index in the plan.
type scheduler struct {
	Options
	plan       *plan.Plan
	dependents [][]int // which changes wait for this one
	held       []int   // which changes wait for all others besides
	working    sync.WaitGroup
	named      sync.Map // which actors turned out to be declared whose keys were not known while planning
	failed     sync.Map // a step that failed, by the address of its actor, where that went on

	mu      sync.Mutex // guards what follows, and is held while somebody is told of an event
	results []plan.ChangeResult
	waiting []int // how many changes must be done before this one
	ready   indexHeap
	coming  []int // those that would be ready, and of which the ledger knows already
	running int
	stopped bool // nothing more is started
	limit   *limit
}

// node is what changes depend on. What had an address before is not what has it now, and neither depends on the other.
type node struct {
	address  address.Address
	declared bool
}

// isDeclared reports whether the change is of something that the configuration declares.
func isDeclared(c plan.Change) bool {
	actor, ok := c.(*plan.ActorChange)
	return !ok || actor.Desired != nil
}

func newScheduler(p *plan.Plan, o Options) *scheduler {
	n := len(p.Changes)
	s := &scheduler{
		Options:    o,
		plan:       p,
		results:    make([]plan.ChangeResult, n),
		waiting:    make([]int, n),
		dependents: make([][]int, n),
		limit:      newLimit(o.Parallelism, o.Executor.Pressure(), time.Now()),
	}
	index := make(map[node][]int, n)
	for i, c := range p.Changes {
		at := node{c.Head().Address, isDeclared(c)}
		index[at] = append(index[at], i)
	}
	for i, c := range p.Changes {
		for _, address := range c.Head().DependsOn {
			for _, on := range index[node{address, isDeclared(c)}] {
				s.dependents[on] = append(s.dependents[on], i)
				s.waiting[i]++
			}
		}
		if actor, ok := c.(*plan.ActorChange); ok && actor.Unless != nil {
			s.held = append(s.held, i)
			s.waiting[i]++
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
	s.startAll(ctx)
	if !s.stopped && len(s.held) > 0 {
		s.releaseHeld()
		s.startAll(ctx)
	}
	s.stopped = s.stopped || s.isStopped(ctx)
}

// startAll has everything carried out that may be, and waits for it.
func (s *scheduler) startAll(ctx context.Context) {
	s.mu.Lock()
	s.start(ctx)
	s.mu.Unlock()
	s.working.Wait()
}

// releaseHeld begins what could not begin before the others were done, one of which might have turned out to be it. Where one was not done, it
// is left.
func (s *scheduler) releaseHeld() {
	done := map[address.Address]bool{}
	for i, r := range s.results {
		if r.Outcome == plan.OutcomeDone && isDeclared(s.plan.Changes[i]) {
			done[s.plan.Changes[i].Head().Address] = true
		}
	}
	undone := map[string]int{} // the first one of a name
	for _, i := range s.held {
		c := s.plan.Changes[i].(*plan.ActorChange)
		at, known := undone[c.Name]
		if !known {
			at = slices.IndexFunc(c.Unless, func(a address.Address) bool { return !done[a] })
			undone[c.Name] = at
		}
		if at >= 0 {
			s.end(i, s.unstarted(c, plan.Result{Outcome: plan.OutcomeSkipped, Cause: c.Unless[at].String()}))
			s.skipDependents(i)
		} else if s.waiting[i]--; s.waiting[i] == 0 {
			heap.Push(&s.ready, i)
		}
	}
}

// start has every change carried out that may begin now.
func (s *scheduler) start(ctx context.Context) {
	for i, ok := s.next(ctx); ok; i, ok = s.next(ctx) {
		s.working.Go(func() { s.work(ctx, i) })
	}
}

// work carries out a change, and others after it as long as there are some that may begin.
func (s *scheduler) work(ctx context.Context, i int) {
	for ok := true; ok; {
		i, ok = s.goOn(ctx, i, s.carryOut(ctx, s.plan.Changes[i], s.tell))
	}
}

// goOn ends a change, and returns another one for the same goroutine.
func (s *scheduler) goOn(ctx context.Context, i int, r plan.ChangeResult) (next int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.limit.observe(s.Executor.Pressure(), time.Now())
	s.conclude(i, r)
	if next, ok = s.next(ctx); ok {
		s.start(ctx)
	}
	return next, ok
}

// next begins a change whose turn has come. Those that there is nothing to do about end at once.
func (s *scheduler) next(ctx context.Context) (i int, ok bool) {
	s.stopped = s.stopped || s.isStopped(ctx)
	for !s.stopped && s.running < s.limit.current && len(s.ready)+len(s.coming) > 0 {
		i := s.pop()
		c := s.plan.Changes[i]
		if hasWork(c) {
			s.running++
			s.OnEvent(ChangeStarted{c})
			return i, true
		}
		s.results[i] = s.untouched(c)
		s.release(i)
	}
	return 0, false
}

// pop returns the first of the changes whose turn has come.
func (s *scheduler) pop() (i int) {
	if len(s.coming) == 0 || len(s.ready) > 0 && s.ready[0] < s.coming[0] {
		return heap.Pop(&s.ready).(int)
	}
	i, s.coming = s.coming[0], s.coming[1:]
	return i
}

// foresee tells the ledger of the creation that comes next, while something else is recorded: the disk need not be waited for when its turn
// comes. No more are foretold than run at once.
func (s *scheduler) foresee() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ready) == 0 || len(s.coming) >= s.limit.current {
		return
	}
	c, ok := s.plan.Changes[s.ready[0]].(*plan.ActorChange)
	if !ok || c.Action != plan.ActionCreate || !isKnown(c.Desired) {
		return
	}
	w := &worker{Options: s.Options, change: c, desired: c.Desired}
	entry, err := w.intended()
	if err == nil && s.Ledger.Foretell(w.declared(entry)) == nil {
		s.coming = append(s.coming, heap.Pop(&s.ready).(int))
	}
}

func (s *scheduler) tell(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.OnEvent(e)
}

// leaveRest ends every change that has not started.
func (s *scheduler) leaveRest() {
	for i := range s.results {
		if s.results[i].Outcome == "" {
			s.results[i] = s.unstarted(s.plan.Changes[i], plan.Result{Outcome: plan.OutcomeNotStarted})
		}
	}
}

// found creates the namespace that the run is about where the plan says so, before anything is remembered: what is remembered
// is so by the namespace's id. It reports whether the run can go on.
func (s *scheduler) found(ctx context.Context) bool {
	i := slices.IndexFunc(s.plan.Changes, func(c plan.Change) bool {
		n, ok := c.(*plan.NamespaceChange)
		return ok && n.Own && n.Action == plan.ActionCreate
	})
	if i < 0 {
		return true
	}
	s.OnEvent(ChangeStarted{s.plan.Changes[i]})
	s.conclude(i, s.carryOut(ctx, s.plan.Changes[i], s.OnEvent))
	s.ready = slices.DeleteFunc(s.ready, func(ready int) bool { return ready == i })
	heap.Init(&s.ready)
	return s.results[i].Outcome == plan.OutcomeDone
}

// begin tells the ledger what is to come, and then lets it come. Where that was cut off, or somebody else has the
// ledger, nothing has failed: nothing was begun.
func (s *scheduler) begin(ctx context.Context) {
	err := s.Ledger.Announce(ctx, intents(s.plan, s.serverTime()))
	switch {
	case err == nil:
		s.run(ctx)
	case ctx.Err() != nil, errors.Is(err, plan.ErrOvertaken):
		s.stopped = true
	default:
		s.giveUp(err)
	}
}

// giveUp ends the changes that could not be announced before any has started.
func (s *scheduler) giveUp(err error) {
	for i, c := range s.plan.Changes {
		if actor, ok := c.(*plan.ActorChange); ok && isAnnounced(actor) {
			s.results[i] = unstarted(c, plan.Result{Outcome: plan.OutcomeNotStarted})
			s.results[i].Outcome, s.results[i].Err = plan.OutcomeFailed, err
		}
	}
}

// carryOut carries out a change.
func (s *scheduler) carryOut(ctx context.Context, c plan.Change, tell func(Event)) plan.ChangeResult {
	switch c := c.(type) {
	case *plan.ActorChange:
		w := &worker{Options: s.Options, change: c, tell: tell, foresee: s.foresee, named: &s.named, failed: &s.failed, verifying: s.verifies()}
		return w.run(ctx)
	case *plan.NamespaceChange:
		return s.surround(func() error { return s.namespace(ctx, c) })
	case *plan.PoolChange:
		return s.surround(func() error { return s.pool(ctx, c) })
	}
	panic(fmt.Sprintf("apply: %s is a change of something that nobody knows", c.Head().Address))
}

// conclude ends a change that was carried out, and says what that means for those that depend on it.
func (s *scheduler) conclude(i int, r plan.ChangeResult) {
	s.end(i, r)
	switch r.Outcome {
	case plan.OutcomeDone:
		s.release(i)
	case plan.OutcomeFailed, plan.OutcomeInDoubt, plan.OutcomeSkipped:
		s.skipDependents(i)
	case plan.OutcomeNotStarted: // a stop: what depends on it does not start either
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
	cause := s.plan.Changes[i].Head().Address.String()
	pending := slices.Clone(s.dependents[i])
	for len(pending) > 0 {
		d := pending[0]
		pending = pending[1:]
		switch c := s.plan.Changes[d]; {
		case s.results[d].Outcome != "":
			continue
		case hasWork(c):
			s.end(d, s.unstarted(c, plan.Result{Outcome: plan.OutcomeSkipped, Cause: cause}))
		default: // nothing was to be done about it, but what depends on it depends on i
			s.results[d] = s.untouched(c)
		}
		pending = append(pending, s.dependents[d]...)
	}
}

// Due counts the changes of p that there is something to do about, which are those that events tell of.
func Due(p *plan.Plan) int {
	n := 0
	for _, c := range p.Changes {
		if hasWork(c) {
			n++
		}
	}
	return n
}

// hasWork reports whether anything is to be sent, remembered or decided for c.
func hasWork(c plan.Change) bool {
	if actor, ok := c.(*plan.ActorChange); ok && (actor.Adopt != nil || len(actor.RenamedSteps) > 0 || actor.Guarded) {
		return true
	}
	return c.Head().Action != plan.ActionNoOp || slices.ContainsFunc(plan.StepsOf(c), func(s *plan.StepChange) bool {
		return isToDo(s) || s.Remade != nil || s.Looked != ""
	})
}

// isToDo reports whether a step is to be carried out or recorded.
func isToDo(s *plan.StepChange) bool { return s.MarkDone || s.Decision == plan.DecisionRun }

// unstarted is the result of a change that no worker will see. Only what is to be recorded as done is recorded.
func (s *scheduler) unstarted(c plan.Change, r plan.Result) plan.ChangeResult {
	result := unstarted(c, r)
	if actor, ok := c.(*plan.ActorChange); ok {
		w := &worker{Options: s.Options, change: actor, tell: s.OnEvent}
		w.markUnstarted(result.Steps)
	}
	return result
}

// unstarted is the result of a change that no worker has seen: the steps that were to run end as the change does.
func unstarted(c plan.Change, r plan.Result) plan.ChangeResult {
	planned := plan.StepsOf(c)
	steps := make([]plan.Result, len(planned))
	for i, step := range planned {
		steps[i].Outcome = plan.OutcomeDone
		if isToDo(step) || step.Decision == plan.DecisionUnknown {
			steps[i] = r
		}
	}
	return plan.ChangeResult{Result: r, Steps: steps}
}

// NotStarted is the result of a change that was left out of a run.
func NotStarted(c plan.Change) plan.ChangeResult {
	return unstarted(c, plan.Result{Outcome: plan.OutcomeNotStarted})
}

// untouched is the result of a change with nothing to do about it.
func (s *scheduler) untouched(c plan.Change) plan.ChangeResult {
	r := unstarted(c, plan.Result{Outcome: plan.OutcomeDone})
	actor, ok := c.(*plan.ActorChange)
	if !ok {
		return r
	}
	r.ActorID = actor.ActorID
	if s.verifies() {
		return verified(actor, r)
	}
	return r
}

func (s *scheduler) verifies() bool { return s.plan.Mode == plan.ModeVerify }

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
