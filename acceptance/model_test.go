package acceptance

import (
	"maps"
	"slices"
	"strings"
)

// model is what the specification says of a few probes: which are there, what riveter remembers of them, and which calls
// are due. It is small enough to be believed. An actor is who its key says, whatever it is called.
type model struct {
	declared   []*declaration     // those that others come after first
	removed    map[string]bool    // by address: whether a removed block destroys the actor, or only forgets it
	live       map[string]*probe  // by id
	remembered map[string]*memory // by id
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
	address string // what it was called the last time
	number  int
	input   *creation            // of an actor that riveter created
	seeded  bool                 // riveter or somebody after it made the actor: what is not recorded was never done
	done    map[string]arguments // of the steps that were done
	failed  map[string]bool
}

// arguments are what a step sends, and to which action: its version and, if it refers to one, the number of another actor, and whether a secret.
// A secret that is yet to be minted is another one than any before.
type arguments struct {
	version, number int
	mints           bool // another action is called
	secret          secret
}

type secret int

const (
	noSecret secret = iota
	keptNowhere
	yetToMint
)

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
	target string // address of the actor that it is all about; empty for everything
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
		flags = append(flags, "-target="+o.target)
	}
	return flags
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

// plan says what a plan does with every actor, by id, and finds of every step, by id and address within the actor.
func (m *model) plan(o orders) map[string]verdict {
	verdicts := map[string]verdict{}
	for id := range m.undeclared(o) {
		switch {
		case m.leavesOut(o):
			verdicts[id] = "no-op"
		case m.goes(id, o):
			verdicts[id] = "destroy"
		default:
			verdicts[id] = "forget"
		}
	}
	for _, d := range m.selected(o) {
		verdicts[d.ID] = m.action(d, o)
		for _, s := range d.Steps {
			verdicts[d.ID+" "+s.relative()] = m.verdict(d, s, o)
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
	wanted := ""
	for _, d := range slices.Backward(m.declared) {
		if d.Address == o.target || d.ID == wanted {
			selected, wanted = append(selected, d), d.AfterID
		}
	}
	slices.Reverse(selected)
	return selected
}

// undeclared returns what is remembered of actors that a plan is about and nobody declares any more, as far as it can tell.
func (m *model) undeclared(o orders) map[string]*memory {
	left := maps.Clone(m.remembered)
	maps.DeleteFunc(left, func(_ string, known *memory) bool {
		return known.address != o.target && !strings.HasPrefix(known.address, o.target+"[") && o.target != ""
	})
	kept := m.keptBlocks(o)
	for _, d := range m.declared {
		if kept[d.block] {
			delete(left, d.ID)
		}
	}
	return left
}

// leavesOut reports whether whole blocks are left out. What is remembered may be declared there under another address, and is
// not touched.
func (m *model) leavesOut(o orders) bool {
	kept := m.keptBlocks(o)
	return slices.ContainsFunc(m.declared, func(d *declaration) bool { return !kept[d.block] })
}

// keptBlocks are those of which a plan looks at some actor. Of the others it knows nothing but that they are there.
func (m *model) keptBlocks(o orders) map[*block]bool {
	kept := map[*block]bool{}
	for _, d := range m.selected(o) {
		kept[d.block] = true
	}
	return kept
}

// action says what a plan does with the actor of a declaration.
func (m *model) action(d *declaration, o orders) verdict {
	switch {
	case m.live[d.ID] == nil:
		return "create"
	case m.kept(d) == nil:
		return "replace"
	case !m.knows(d.ID):
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

// knows reports whether riveter remembers the very actor that is there.
func (m *model) knows(id string) bool {
	p, known := m.live[id], m.remembered[id]
	return p != nil && known != nil && known.number == p.number
}

// kept returns the actor of a declaration, unless it is to be replaced.
func (m *model) kept(d *declaration) *probe {
	if input := m.inputOf(d.ID); d.OnEdit == "replace" && input != nil && *input != d.Input {
		return nil
	}
	return m.live[d.ID]
}

// inputOf returns the input that riveter created the actor with that is there.
func (m *model) inputOf(id string) *creation {
	if !m.knows(id) {
		return nil
	}
	return m.remembered[id].input
}

// goes reports whether a remembered actor that is no longer declared is destroyed. A removed block of what it was called
// has the last word on whether it is to be; nothing goes that riveter has not created.
func (m *model) goes(id string, o orders) bool {
	destroys, said := m.removed[m.remembered[id].address]
	if !said {
		destroys = o.prune
	}
	return destroys && m.inputOf(id) != nil
}

// verdict decides a step by the tables of the specification.
func (m *model) verdict(d *declaration, s declaredStep, o orders) verdict {
	p, known := m.kept(d), m.remembered[d.ID]
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
		return when(s.Policy == "on_change" && sent.differs(m.arguments(d, s, o)))
	case known.seeded:
		return due
	default:
		return withoutRecord(s)
	}
}

// arguments are those that the step would have now. An actor that is yet to be made has no number.
func (m *model) arguments(d *declaration, s declaredStep, o orders) arguments {
	args := arguments{version: s.Version, mints: s.Mints}
	before := m.before(d)
	if before == nil {
		return args
	}
	if other := m.kept(before); s.Refers && other != nil {
		args.number = other.number
	}
	switch {
	case !s.uses(d.block):
	case m.verdict(before, *before.mint(), o) == due:
		args.secret = yetToMint
	default:
		args.secret = keptNowhere
	}
	return args
}

// before returns the declaration of the actor that comes before, or nil.
func (m *model) before(d *declaration) *declaration {
	for _, other := range m.declared {
		if other.ID == d.AfterID {
			return other
		}
	}
	return nil
}

// hasSecrets reports whether some step sends a secret. One that is minted without its users being looked at leaves them with
// the old one, which nobody can tell.
func (m *model) hasSecrets() bool {
	return slices.ContainsFunc(m.declared, func(d *declaration) bool {
		return slices.ContainsFunc(d.Steps, func(s declaredStep) bool { return s.uses(d.block) })
	})
}

// lacksSecret returns the addresses of the steps that have to mint again, since a step that is due needs what they gave, and
// nobody kept it.
func (m *model) lacksSecret(o orders) []string {
	var again []string
	for _, d := range m.selected(o) {
		for _, s := range d.Steps {
			if s.uses(d.block) && m.verdict(d, s, o) == due && m.arguments(d, s, o).secret == keptNowhere {
				before := m.before(d)
				again = append(again, before.address(*before.mint()))
			}
		}
	}
	return again
}

// differs reports whether a step sends something else than it did. A secret that nobody kept is the one that it was.
func (a arguments) differs(now arguments) bool {
	if now.secret == keptNowhere && a.secret != noSecret {
		a.secret = keptNowhere
	}
	return a != now
}

func when(isDue bool) verdict {
	if isDue {
		return due
	}
	return notDue
}

// withoutRecord decides a step of which nobody knows whether it was done. Its guard does, where the author says so.
func withoutRecord(s declaredStep) verdict {
	switch s.OnUnknown {
	case "run", "guard":
		return due
	case "skip":
		return notDue
	default:
		return doubt
	}
}

// apply does what riveter should do, and reports whether everything went well.
func (m *model) apply(o orders) bool {
	for id := range m.undeclared(o) {
		if m.leavesOut(o) {
			continue
		}
		if m.goes(id, o) {
			delete(m.live, id)
		}
		delete(m.remembered, id)
	}
	well, failed := true, map[string]bool{}
	for _, d := range m.selected(o) {
		if failed[d.AfterID] {
			failed[d.ID] = true
			continue
		}
		allDone, halted := m.applyTo(d, o)
		well, failed[d.ID] = well && allDone, halted
	}
	return well
}

// applyTo makes the calls to one actor until one of them halts it.
func (m *model) applyTo(d *declaration, o orders) (allDone, halted bool) {
	verdicts := make([]verdict, len(d.Steps))
	for i, s := range d.Steps {
		verdicts[i] = m.verdict(d, s, o)
	}
	p, known := m.prepare(d)
	allDone = true
	for i, s := range d.Steps {
		switch verdicts[i] {
		case marked:
			known.record(s, m.arguments(d, s, orders{}), true)
		case due:
			p.calls[s.Label]++
			done := p.Broken != s.Label
			if done && s.Ensure {
				p.facts[s.Label] = s.Version
			}
			known.record(s, m.arguments(d, s, orders{}), done)
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
func (m *model) prepare(d *declaration) (*probe, *memory) {
	p, known := m.kept(d), m.remembered[d.ID]
	if p != nil && m.knows(d.ID) {
		known.address = d.Address
		return p, known
	}
	now := &memory{address: d.Address, seeded: p == nil || known != nil, done: map[string]arguments{}, failed: map[string]bool{}}
	if p == nil {
		p = m.create(d.ID, d.Input)
		input := d.Input
		now.input = &input
	}
	now.number = p.number
	m.remembered[d.ID] = now
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
