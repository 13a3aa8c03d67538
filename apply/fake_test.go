package apply_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// world is an executor, a resolver and a ledger in memory. Everything takes a second, and is written into a log.
type world struct {
	mu       sync.Mutex
	log      []string
	foretold []address.Address
	now      int // operations in flight
	most     int
	existing map[string]bool  // created by somebody else meanwhile
	late     map[string]bool  // by actor id: it starts when it is waited for
	fail     map[string]error // by operation, such as "create actor.a.x" or "call actor.a.x.action.s"
	broken   map[string]error // what the ledger, reads and evaluation fail at, such as "bind 2", "started", "resolve step"
	counts   map[string]int   // of those
	pressure int64
	timeless bool          // the server never says what time it is
	madeAt   time.Time     // every actor, by the server's clock
	slow     time.Duration // every operation, where that is more than a second
	resolved map[address.Address]*plan.Desired
	resolve  map[string]plan.Spec // what ResolveStep answers of steps that are made when they are due
	facts    map[string][]bool    // whether they hold, one after the other
	settled  map[string]cty.Value

	instances map[string][]string // keys of the instances of deferred steps, by address
	entries   map[address.Address]plan.Entry
	hasty     string // of the actors, the one that was made last, until something else is recorded
	pools     map[string]plan.PoolEntry
	announced []plan.Intent
	steps     map[string]plan.StepStatus
	args      map[string]value.Memo // what the steps were started with
	outputs   map[string]*value.Kept
	limits    []time.Duration // that were given for starts and destructions
}

func newWorld() *world {
	return &world{
		broken: map[string]error{}, counts: map[string]int{},
		existing: map[string]bool{}, late: map[string]bool{}, fail: map[string]error{}, resolved: map[address.Address]*plan.Desired{},
		resolve: map[string]plan.Spec{}, entries: map[address.Address]plan.Entry{}, pools: map[string]plan.PoolEntry{},
		facts: map[string][]bool{}, settled: map[string]cty.Value{},
		steps: map[string]plan.StepStatus{}, args: map[string]value.Memo{}, outputs: map[string]*value.Kept{},
	}
}

// breaks fails the operation if it is to fail every time, or this time.
func (w *world) breaks(operation string) error {
	w.counts[operation]++
	return cmp.Or(w.broken[operation], w.broken[fmt.Sprint(operation, " ", w.counts[operation])])
}

// wrong is the same of an evaluation.
func (w *world) wrong(operation string) hcl2.Diagnostics {
	if err := w.breaks(operation); err != nil {
		return hcl2.Diagnostics{{Severity: hcl2.DiagError, Summary: err.Error()}}
	}
	return nil
}

func (w *world) do(ctx context.Context, operation string) error {
	w.mu.Lock()
	if w.hasty != "" && strings.Contains(operation, w.hasty) {
		operation = "hastily " + operation
	}
	w.log = append(w.log, operation)
	w.now++
	w.most = max(w.most, w.now)
	err := w.fail[operation]
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.now--
		w.mu.Unlock()
	}()
	select {
	case <-time.After(max(time.Second, w.slow)):
		return err
	case <-ctx.Done():
		if errors.Is(err, context.Canceled) { // before it was sent
			return err
		}
		return fmt.Errorf("%w: %w", apply.ErrInDoubt, ctx.Err())
	}
}

func (w *world) Create(ctx context.Context, d *plan.Desired) (apply.Created, error) {
	err := w.do(ctx, "create "+d.Address.String())
	return apply.Created{ActorID: "id-" + d.Address.String(), CreatedAt: w.madeAt, New: !w.existing[d.Address.String()]}, err
}

func (w *world) Ready(ctx context.Context, id string, limit time.Duration, waits func(string)) error {
	w.mu.Lock()
	w.limits = append(w.limits, limit)
	late := w.late[id]
	delete(w.late, id)
	w.mu.Unlock()
	if late {
		waits("no_envoys")
	}
	return w.do(ctx, "ready "+id)
}

func (w *world) Call(ctx context.Context, id string, _ *plan.Desired, step *plan.Step, matches apply.EventMatcher) (cty.Value, error) {
	for i := range step.Awaits {
		if _, err := matches(i, nil); err != nil {
			return cty.NilVal, err
		}
	}
	if w.late[id] || w.fail["ready "+id] != nil {
		return cty.NilVal, fmt.Errorf("%w: guard.actor_ready_timeout", apply.ErrNotStarted)
	}
	return cty.StringVal("output"), w.do(ctx, "call "+step.Address.String())
}

// Read answers with the live values of the world, in turn.
func (w *world) Read(ctx context.Context, wanted []plan.Read) ([]plan.Live, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, "read "+wanted[0].Desired.Address.String())
	return make([]plan.Live, len(wanted)), cmp.Or(w.breaks("read"), ctx.Err())
}

// Observe finds what somebody else has created meanwhile.
func (w *world) Observe(_ context.Context, declared []*plan.Desired, _ *plan.Recalled) ([]plan.Observed, error) {
	observed := make([]plan.Observed, len(declared))
	for i, d := range declared {
		if w.existing[d.Address.String()] {
			observed[i] = plan.Observed{Exists: true, ActorID: "id-" + d.Address.String()}
		}
	}
	return observed, nil
}

func (w *world) Destroy(ctx context.Context, id string, limit time.Duration) error {
	w.mu.Lock()
	w.limits = append(w.limits, limit)
	w.mu.Unlock()
	return w.do(ctx, "destroy "+id)
}

// Input says that nobody was asked.
func (w *world) Input(context.Context, string) (cty.Value, error) { return cty.NilVal, nil }

func (w *world) ServerTime() (time.Time, bool) { return time.Now(), !w.timeless }

func (w *world) Pressure() int64 { return w.pressure }

func (w *world) CreateNamespace(ctx context.Context, name, _ string) error {
	return w.do(ctx, "create namespace "+name)
}

func (w *world) CreatePool(ctx context.Context, name string, _ cty.Value) error {
	return w.do(ctx, "create pool "+name)
}

func (w *world) UpdatePool(ctx context.Context, name string, _ cty.Value) error {
	return w.do(ctx, "update pool "+name)
}

func (w *world) DeletePool(ctx context.Context, name string) error {
	return w.do(ctx, "delete pool "+name)
}

func (w *world) Settle(address.Address, string, bool, time.Time) {}

func (w *world) Look(context.Context, address.Address) (hcl2.Diagnostics, error) {
	return nil, w.breaks("look")
}

func (w *world) Resolve(a address.Address) (*plan.Desired, hcl2.Diagnostics) {
	return w.resolved[a], w.wrong("resolve")
}

func (w *world) ExpandStep(s address.StepAddress) (instances []*plan.Step, whole *plan.Step, diags hcl2.Diagnostics) {
	for _, key := range w.instances[s.String()] {
		s.Key = address.StringKey(key)
		instances = append(instances, &plan.Step{
			Address: s, Spec: &plan.Action{Name: key, Args: cty.EmptyTupleVal}, Settings: &plan.StepSettings{KeepOutput: true},
		})
	}
	if instances == nil {
		return nil, nil, hcl2.Diagnostics{{Severity: hcl2.DiagError, Summary: "not known"}}
	}
	return instances, nil, nil
}

func (w *world) ResolveStep(s address.StepAddress) (*plan.Step, hcl2.Diagnostics) {
	w.mu.Lock()
	defer w.mu.Unlock()
	step := &plan.Step{Address: s, Spec: w.resolve[s.String()], Settings: &plan.StepSettings{}}
	if facts := w.facts[s.String()]; len(facts) > 0 {
		w.facts[s.String()] = facts[1:]
		step.Spec, step.ReadState = fact(s.Kind, facts[0]), true
	}
	return step, w.wrong("resolve step")
}

func (w *world) SettleStep(s address.StepAddress, output cty.Value) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settled[s.String()] = output
}

func (w *world) Renew(address.Address, plan.Live) hcl2.Diagnostics { return w.wrong("renew") }

func (w *world) MatchEvent(address.StepAddress, int, []cty.Value) (bool, hcl2.Diagnostics) {
	return true, w.wrong("match event")
}

func (w *world) Announce(_ context.Context, intents []plan.Intent) error {
	w.announced = intents
	return w.fail["announce"]
}

func (w *world) Bind(e plan.Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.breaks("bind"); err != nil {
		return err
	}
	w.entries[e.Address], w.hasty = e, ""
	return nil
}

func (w *world) Foretell(e plan.Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foretold = append(w.foretold, e.Address)
	return nil
}

// Made fails like the second time that an actor is bound, as it is.
func (w *world) Made(e plan.Entry) error {
	err := w.Bind(e)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hasty = e.Address.String()
	return err
}

func (w *world) MoveSteps(id plan.Identity, to map[string]string) error {
	w.log = append(w.log, fmt.Sprintf("rename %s %v", id.Key, to))
	return w.fail["rename"]
}

func (w *world) Forget(id plan.Identity) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.breaks("forget"); err != nil {
		return err
	}
	maps.DeleteFunc(w.entries, func(_ address.Address, e plan.Entry) bool { return e.Identity() == id })
	return nil
}

func (w *world) BindPool(p plan.PoolEntry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pools[p.Name] = p
	return nil
}

func (w *world) ForgetPool(name string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pools, name)
	return nil
}

func (w *world) Withheld(plan.Identity, address.StepAddress, string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.breaks("withheld")
}

func (w *world) Remade(_ plan.Identity, s address.StepAddress, args value.Memo) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.args[s.String()] = args
	return w.breaks("remade")
}

func (w *world) Started(_ plan.Identity, s address.StepAddress, _ string, args value.Memo) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.breaks("started"); err != nil {
		return err
	}
	w.steps[s.String()], w.args[s.String()], w.hasty = plan.StepStarted, args, ""
	return nil
}

func (w *world) Farewell(id plan.Identity, s address.StepAddress, actorID string, args value.Memo) error {
	return w.Started(id, s, actorID, args)
}

func (w *world) Finished(_ plan.Identity, s address.StepAddress, status plan.StepStatus, output *value.Kept) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.breaks("finished"); err != nil {
		return err
	}
	w.steps[s.String()] = status
	w.outputs[s.String()] = output
	return nil
}

func (w *world) options() apply.Options {
	return apply.Options{Executor: w, Resolver: w, Ledger: w}
}

func addr(label string) address.Address {
	return address.Address{Kind: address.KindActor, Name: "a", Label: label}
}

// creation is a change that creates an actor with the named steps, after others.
func creation(label string, steps []string, after ...string) *plan.ActorChange {
	d := &plan.Desired{Address: addr(label), Key: []string{label}, Settings: &plan.Settings{}}
	c := &plan.ActorChange{
		ChangeHead: plan.ChangeHead{Address: d.Address, Action: plan.ActionCreate}, Name: d.Address.Name, Key: d.Key, Desired: d,
	}
	for _, name := range steps {
		s := &plan.Step{
			Address: d.Address.Step(address.StepAction, name, address.InstanceKey{}),
			Spec:    &plan.Action{Name: name, Args: cty.EmptyTupleVal}, Settings: &plan.StepSettings{},
		}
		d.Steps = append(d.Steps, s)
		c.Steps = append(c.Steps, &plan.StepChange{Address: s.Address, Decision: plan.DecisionRun, Desired: s})
	}
	for _, on := range after {
		c.DependsOn = append(c.DependsOn, addr(on))
	}
	return c
}

func planOf(changes ...plan.Change) *plan.Plan {
	slices.SortFunc(changes, func(a, b plan.Change) int { return a.Head().Address.Compare(b.Head().Address) })
	return &plan.Plan{Changes: changes}
}

// actor returns the first change of a plan, which is of an actor.
func actor(p *plan.Plan) *plan.ActorChange { return p.Changes[0].(*plan.ActorChange) }

// outcomes lists how everything ended, by address.
func outcomes(r *plan.Report) map[string]plan.Outcome {
	all := map[string]plan.Outcome{}
	for i, c := range r.Plan.Changes {
		label := c.Head().Address.Label
		all[label] = r.Changes[i].Outcome
		for j, s := range plan.StepsOf(c) {
			all[label+"."+s.Address.Label] = r.Changes[i].Steps[j].Outcome
		}
	}
	return all
}
