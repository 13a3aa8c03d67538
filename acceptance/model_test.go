package acceptance

import (
	"maps"
	"slices"
	"strings"
)

// model is what the specification says of a few probes: which are there, what riveter remembers of them, and which calls
// are due. It is small enough to be believed.
type model struct {
	declared   []*declaration     // those that others come after first
	removed    map[string]bool    // by label: whether a removed block destroys the actor, or only forgets it
	live       map[string]*probe  // by declaration.id
	remembered map[string]*memory // by label
	made       int                // probes so far; each has its number as an identity
}

// probe is an actor as it should be.
type probe struct {
	number int
	calls  map[string]int
	facts  map[string]int
	creation
}

// memory is what riveter knows of an actor.
type memory struct {
	id     string // of the declaration at that time
	number int
	input  *creation            // of an actor that riveter created
	seeded bool                 // riveter or somebody after it made the actor: what is not recorded was never done
	done   map[string]arguments // of the steps that were done
	failed map[string]bool
}

// arguments are what a step sends: its version and, if it refers to one, the number of another actor.
type arguments struct{ version, number int }

// verdict is what is to become of a step.
type verdict string

const (
	due    verdict = "due"
	notDue verdict = "not due"
	doubt  verdict = "in doubt" // somebody has to decide
	marked verdict = "marked"   // somebody has decided that it is done
)

// orders are what the user decides: of steps in doubt, by address, whether actors go that are no longer declared, and what to
// leave out.
type orders struct {
	steps  map[string]verdict
	prune  bool
	target string // label of the actor that it is all about; empty for everything
}

func (o orders) flags() []string {
	var flags []string
	for _, address := range slices.Sorted(maps.Keys(o.steps)) {
		flags = append(flags, map[verdict]string{due: "-rerun=", marked: "-mark-done="}[o.steps[address]]+address)
	}
	if o.prune {
		flags = append(flags, "-prune")
	}
	if o.target != "" {
		flags = append(flags, "-target="+address(o.target))
	}
	return flags
}

// actorIDs are those of all actors that a random configuration may declare.
func actorIDs() []string {
	var ids []string
	for _, label := range actorLabels {
		for _, spelling := range spellings {
			ids = append(ids, label+"/"+spelling)
		}
	}
	return ids
}

func newModel() *model {
	return &model{live: map[string]*probe{}, remembered: map[string]*memory{}}
}

// create makes a probe, riveter or not.
func (m *model) create(id string, input creation) *probe {
	m.made++
	p := &probe{number: m.made, calls: map[string]int{}, facts: map[string]int{}, creation: input}
	m.live[id] = p
	return p
}

// plan says what a plan does with every actor, and finds of every step, by address.
func (m *model) plan(o orders) map[string]verdict {
	verdicts := map[string]verdict{}
	for label := range m.undeclared(o) {
		verdicts[address(label)] = "forget"
		if m.goes(label, o) {
			verdicts[address(label)] = "destroy"
		}
	}
	for _, d := range m.selected(o) {
		verdicts[address(d.Label)] = m.action(d, o)
		for _, s := range d.Steps {
			verdicts[d.address(s)] = m.verdict(d, s, o)
		}
	}
	return verdicts
}

// selected returns the declarations that a plan is about: those of the target and of what it comes after.
func (m *model) selected(o orders) []*declaration {
	if o.target == "" {
		return m.declared
	}
	var selected []*declaration
	wanted := o.target
	for _, d := range slices.Backward(m.declared) {
		if d.Label == wanted {
			selected, wanted = append(selected, d), d.After
		}
	}
	slices.Reverse(selected)
	return selected
}

// undeclared returns what is remembered of actors that a plan is about and nobody declares any more.
func (m *model) undeclared(o orders) map[string]*memory {
	if o.target != "" {
		return nil
	}
	left := maps.Clone(m.remembered)
	for _, d := range m.declared {
		delete(left, d.Label)
	}
	return left
}

// action says what a plan does with the actor of a declaration.
func (m *model) action(d *declaration, o orders) verdict {
	switch {
	case m.makesRoom(d, o) || m.live[d.id()] != nil && m.kept(d) == nil:
		return "replace"
	case m.live[d.id()] == nil:
		return "create"
	case !m.knows(d.id()):
		return "adopt"
	}
	for _, s := range d.Steps {
		switch m.verdict(d, s, o) {
		case marked:
			return "update"
		case due:
			if s.Ensure || s.Policy != "always" {
				return "update"
			}
		case notDue, doubt:
		}
	}
	return "no-op"
}

// recall returns what riveter remembers of the actor that a declaration means. It may remember another one under the label.
func (m *model) recall(d *declaration) *memory {
	if known := m.remembered[d.Label]; known != nil && known.id == d.id() {
		return known
	}
	return nil
}

// makesRoom reports whether the actor that the declaration meant before is destroyed for the one that it means now.
func (m *model) makesRoom(d *declaration, o orders) bool {
	former := m.remembered[d.Label]
	return o.prune && former != nil && former.id != d.id() && m.inputOf(former.id) != nil && m.live[d.id()] == nil
}

// knows reports whether riveter remembers the very actor that is there.
func (m *model) knows(id string) bool {
	label, _, _ := strings.Cut(id, "/")
	p, known := m.live[id], m.remembered[label]
	return p != nil && known != nil && known.number == p.number
}

// kept returns the actor of a declaration, unless it is to be replaced.
func (m *model) kept(d *declaration) *probe {
	if input := m.inputOf(d.id()); d.OnEdit == "replace" && input != nil && *input != d.Input {
		return nil
	}
	return m.live[d.id()]
}

// inputOf returns the input that riveter created the actor with that is there.
func (m *model) inputOf(id string) *creation {
	if !m.knows(id) {
		return nil
	}
	label, _, _ := strings.Cut(id, "/")
	return m.remembered[label].input
}

// goes reports whether the remembered actor of a label that is no longer declared is destroyed. A removed block has the
// last word on whether it is to be; nothing goes that riveter has not created.
func (m *model) goes(label string, o orders) bool {
	destroys, said := m.removed[label]
	if !said {
		destroys = o.prune
	}
	return destroys && m.inputOf(m.remembered[label].id) != nil
}

// verdict decides a step by the tables of the specification.
func (m *model) verdict(d *declaration, s declaredStep, o orders) verdict {
	p, known := m.kept(d), m.recall(d)
	open, fact := d.Input.Open, 0
	if p != nil {
		open, fact = p.Open, p.facts[s.Label]
	}
	switch {
	case s.Ensure:
		return when(fact != s.Version)
	case o.steps[d.address(s)] == marked:
		return marked
	case s.Guarded && !open:
		return notDue
	case p == nil || s.Policy == "always" || o.steps[d.address(s)] == due:
		return due
	case known == nil:
		return withoutRecord(s)
	case known.number != p.number || known.failed[s.Label]:
		return due
	}
	sent, recorded := known.done[s.Label]
	switch {
	case recorded:
		return when(s.Policy == "on_change" && sent != m.arguments(d, s))
	case known.seeded:
		return due
	default:
		return withoutRecord(s)
	}
}

// arguments are those that the step would have now. An actor that is yet to be made has no number.
func (m *model) arguments(d *declaration, s declaredStep) arguments {
	args := arguments{version: s.Version}
	i := slices.IndexFunc(m.declared, func(other *declaration) bool { return other.Label == d.After })
	if s.Refers && i >= 0 {
		if other := m.kept(m.declared[i]); other != nil {
			args.number = other.number
		}
	}
	return args
}

func when(isDue bool) verdict {
	if isDue {
		return due
	}
	return notDue
}

// withoutRecord decides a step of which nobody knows whether it was done. A guard that looks at the actor knows.
func withoutRecord(s declaredStep) verdict {
	switch {
	case s.Guarded || s.OnUnknown == "run":
		return due
	case s.OnUnknown == "skip":
		return notDue
	default:
		return doubt
	}
}

// apply does what riveter should do, and reports whether everything went well.
func (m *model) apply(o orders) bool {
	for label, known := range m.undeclared(o) {
		if m.goes(label, o) {
			delete(m.live, known.id)
		}
		delete(m.remembered, label)
	}
	well, failed := true, map[string]bool{}
	for _, d := range m.selected(o) {
		if failed[d.After] {
			failed[d.Label] = true
			continue
		}
		allDone, halted := m.applyTo(d, o)
		well, failed[d.Label] = well && allDone, halted
	}
	return well
}

// applyTo makes the calls to one actor until one of them halts it.
func (m *model) applyTo(d *declaration, o orders) (allDone, halted bool) {
	verdicts := make([]verdict, len(d.Steps))
	for i, s := range d.Steps {
		verdicts[i] = m.verdict(d, s, o)
	}
	p, known := m.prepare(d, o)
	allDone = true
	for i, s := range d.Steps {
		switch verdicts[i] {
		case marked:
			known.record(s, m.arguments(d, s), true)
		case due:
			p.calls[s.Label]++
			done := p.Broken != s.Label
			if done && s.Ensure {
				p.facts[s.Label] = s.Version
			}
			known.record(s, m.arguments(d, s), done)
			allDone = allDone && done
			if !done && s.OnFailure == "halt" {
				return false, true
			}
		case notDue, doubt:
		}
	}
	return allDone, false
}

// prepare creates or adopts the actor.
func (m *model) prepare(d *declaration, o orders) (*probe, *memory) {
	p, known := m.kept(d), m.recall(d)
	if p != nil && m.knows(d.id()) {
		return p, known
	}
	if m.makesRoom(d, o) {
		delete(m.live, m.remembered[d.Label].id)
	}
	now := &memory{id: d.id(), seeded: p == nil || known != nil, done: map[string]arguments{}, failed: map[string]bool{}}
	if p == nil {
		p = m.create(d.id(), d.Input)
		input := d.Input
		now.input = &input
	}
	now.number = p.number
	m.remembered[d.Label] = now
	return p, now
}

// record keeps how an action ended. Whether a fact holds is asked of the actor instead.
func (k *memory) record(s declaredStep, args arguments, done bool) {
	if s.Ensure {
		return
	}
	k.failed[s.Label] = !done
	delete(k.done, s.Label)
	if done {
		k.done[s.Label] = args
	}
}

// calls returns how often each live probe was called, by id.
func (m *model) calls() map[string]map[string]int {
	calls := map[string]map[string]int{}
	for id, p := range m.live {
		calls[id] = maps.Clone(p.calls)
	}
	return calls
}
