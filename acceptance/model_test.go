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
	fresh  bool // another probe has made it in the run that is under way
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
	told    map[string]bool // steps that were done when something referred to their results
}

// arguments are what a step sends, and to which action: its version and, if it refers to one, the number of another actor, and whether a secret.
// A secret that is yet to be minted is another one than any before.
type arguments struct {
	version, number int
	mints           bool   // another action is called
	spawns          string // and another one; the id of what it makes
	secret          secret
}

// yetToBeMade is the number of an actor that has none yet.
const yetToBeMade = -1

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
	isOpen := m.isOpen(o)
	for id := range m.undeclared(o) {
		switch {
		case m.leavesOut(o) || m.mayComeBack(id, o) || isOpen && m.mayGo(id, o):
			verdicts[id] = "no-op"
		case isOpen:
			verdicts[id] = "read"
		case m.goes(id, o):
			verdicts[id] = "destroy"
		default:
			verdicts[id] = "forget"
		}
	}
	for _, d := range m.selected(o) {
		id := d.ID
		if m.isKeyUnknown(d, o) {
			id = d.Address
		}
		verdicts[id] = m.action(d, o)
		for _, s := range d.Steps {
			verdicts[id+" "+s.relative()] = m.verdict(d, s, o)
		}
	}
	return verdicts
}

// isMadeNow reports whether the maker of an actor is called.
func (m *model) isMadeNow(d *declaration, o orders) bool {
	before := m.before(d)
	return d.Made != byRiveter && m.verdict(before, *before.step(d.Maker), o) == due
}

// isKeyUnknown reports whether nobody knows the key of an actor before its turn comes.
func (m *model) isKeyUnknown(d *declaration, o orders) bool {
	return d.Made == keyGiven && m.isMadeNow(d, o)
}

// isRead reports whether an actor is looked for when its turn comes.
func (m *model) isRead(d *declaration, o orders) bool {
	return m.isKeyUnknown(d, o) || d.Made == mustExist && m.live[d.ID] == nil && m.isMadeNow(d, o)
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
		if kept[d.block] && !m.isKeyUnknown(d, o) {
			delete(left, d.ID)
		}
	}
	return left
}

// leavesOut reports whether whole blocks are left out, or an actor whose key is not known. What is remembered may be declared there under
// another address, and is not touched.
func (m *model) leavesOut(o orders) bool {
	kept, selected := m.keptBlocks(o), m.selected(o)
	return slices.ContainsFunc(m.declared, func(d *declaration) bool {
		return !kept[d.block] || m.isKeyUnknown(d, o) && !slices.Contains(selected, d)
	})
}

// isOpen reports whether a key is not known yet. What is remembered may be the actor that has it, and is looked at in the end, but for
// what would be destroyed.
func (m *model) isOpen(o orders) bool {
	return slices.ContainsFunc(m.declared, func(d *declaration) bool { return m.isKeyUnknown(d, o) })
}

// mayComeBack reports whether a remembered actor is called what is declared with a key that is given, and given another one now. It is neither
// forgotten nor destroyed, unless somebody says so.
func (m *model) mayComeBack(id string, o orders) bool {
	_, isRemoved := m.removed[m.remembered[id].address]
	return !o.prune && !isRemoved && slices.ContainsFunc(m.declared, func(d *declaration) bool {
		return d.Made == keyGiven && d.Address == m.remembered[id].address
	})
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
	case m.isRead(d, o):
		return "read"
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
			if m.mayHaveChanged(d, s, o) {
				return "update"
			}
		}
	}
	return "no-op"
}

// mayHaveChanged reports whether a step that was done sends the id of an actor whose key is not known yet, which may be another one.
func (m *model) mayHaveChanged(d *declaration, s declaredStep, o orders) bool {
	before, known := m.before(d), m.remembered[d.ID]
	if s.Ensure || s.Policy != "on_change" || !s.Refers || before == nil || !m.isKeyUnknown(before, o) || !m.knows(d.ID) {
		return false
	}
	_, recorded := known.done[s.Label]
	return recorded && (!s.Guarded || m.live[d.ID].Open)
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
func (m *model) goes(id string, o orders) bool { return m.mayGo(id, o) && m.knows(id) }

// mayGo reports it of one that may have been replaced by somebody else, at which nobody looks while a key is not known.
func (m *model) mayGo(id string, o orders) bool {
	destroys, said := m.removed[m.remembered[id].address]
	if !said {
		destroys = o.prune
	}
	return destroys && m.remembered[id].input != nil
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
		return m.closed(d, s, o)
	case p == nil || s.Policy == "always" || o.steps[d.address(s)] == due:
		return due
	case known == nil && p.fresh:
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

// closed decides a step that its guard does not let be made. Where it would be in doubt, and a call before it may change the guard, it is.
func (m *model) closed(d *declaration, s declaredStep, o orders) verdict {
	position := slices.IndexFunc(d.Steps, func(other declaredStep) bool { return other.Label == s.Label })
	for i, other := range d.Steps[:position] {
		if !other.Ensure && other.Policy != "always" && m.mayBeDue(d, i, o) {
			if s.Guarded = false; m.verdict(d, s, o) == doubt {
				return doubt
			}
		}
	}
	return notDue
}

// arguments are those that the step would have now.
func (m *model) arguments(d *declaration, s declaredStep, o orders) arguments {
	args := arguments{version: s.Version, mints: s.Mints, spawns: s.SpawnID}
	before := m.before(d)
	if before == nil {
		return args
	}
	if s.Refers {
		args.number = yetToBeMade
		if other := m.kept(before); other != nil {
			args.number = other.number
		}
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

// hasMakers reports whether some actor is made by another one.
func (m *model) hasMakers() bool {
	return slices.ContainsFunc(m.declared, func(d *declaration) bool { return d.Made != byRiveter })
}

// mayBeDue reports whether a step is due, or may turn out to be: its guard is not known before the actor is there, and may change
// with each step before it that is due. One that is made always, and was in every run before, is none: its guard would be in doubt for ever.
func (m *model) mayBeDue(d *declaration, position int, o orders) bool {
	s := d.Steps[position]
	isChanged := false
	for i, other := range d.Steps[:position] {
		isChanged = isChanged || (other.Ensure || other.Policy != "always") && m.mayBeDue(d, i, o)
	}
	if m.kept(d) == nil || isChanged {
		s.Guarded = false
	}
	return m.verdict(d, s, o) == due || m.mayHaveChanged(d, s, o)
}

// lacks returns the addresses of the steps that have to be made again, by the addresses of which one at least is named where they are
// not: those that mint what a step that is due needs and nobody kept, and those that make an actor that is not there, or of which
// nobody kept the key.
func (m *model) lacks(o orders) map[string]string {
	again := map[string]string{}
	for _, d := range m.selected(o) {
		if d.Made != byRiveter && !m.isMadeNow(d, o) {
			before := m.before(d)
			maker := before.address(*before.step(d.Maker))
			switch known := m.remembered[before.ID]; {
			case d.Made == mustExist && m.live[d.ID] == nil:
				again[d.Address] = maker
			case d.Made == keyGiven && !known.told[d.Maker]:
				again[maker] = maker
			}
		}
		for i, s := range d.Steps {
			if s.uses(d.block) && m.mayBeDue(d, i, o) && m.arguments(d, s, o).secret == keptNowhere {
				before := m.before(d)
				mint := before.address(*before.mint())
				again[mint] = mint
			}
		}
	}
	return again
}

// differs reports whether a step sends something else than it did. A secret that nobody kept is the one that it was; one that is yet to be
// minted is not even that which a step was marked with, when it was to be minted and was not. Neither is an actor that is yet to be made.
func (a arguments) differs(now arguments) bool {
	if now.secret == keptNowhere && a.secret != noSecret {
		a.secret = keptNowhere
	}
	return a != now || now.secret == yetToMint || now.number == yetToBeMade
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
	planned := m.plan(o)
	read, open := map[string]bool{}, map[string]bool{}
	for _, d := range m.selected(o) {
		read[d.ID], open[d.ID] = m.isRead(d, o), m.isKeyUnknown(d, o)
	}
	undeclared := m.undeclared(o)
	for id := range undeclared {
		if m.leavesOut(o) || m.mayComeBack(id, o) || m.isOpen(o) && m.mayGo(id, o) {
			delete(undeclared, id)
		} else if m.goes(id, o) {
			delete(m.live, id)
		}
	}
	well, failed, found := true, map[string]bool{}, true
	for _, d := range m.selected(o) {
		decided := func(s declaredStep) verdict { return planned[d.ID+" "+s.relative()] }
		if read[d.ID] {
			decided = func(s declaredStep) verdict { return m.verdict(d, s, o) }
		}
		if failed[d.AfterID] {
			failed[d.ID], found = true, found && !open[d.ID]
			m.markAll(d, decided)
			continue
		}
		allDone, halted := m.applyTo(d, decided)
		well, failed[d.ID], found = well && allDone, halted, found && (!halted || !open[d.ID])
		delete(undeclared, d.ID)
	}
	for id := range undeclared {
		if found {
			delete(m.remembered, id)
		}
	}
	for _, p := range m.live {
		p.fresh = false
	}
	return well
}

// applyTo makes the calls to one actor until one of them halts it.
func (m *model) applyTo(d *declaration, decided func(declaredStep) verdict) (allDone, halted bool) {
	verdicts := make([]verdict, len(d.Steps))
	for i, s := range d.Steps {
		verdicts[i] = decided(s)
	}
	p, known := m.prepare(d)
	allDone = true
	for i, s := range d.Steps {
		switch verdicts[i] {
		case marked:
			m.mark(d, known, d.Steps[i:i+1], verdicts[i:i+1])
		case due:
			p.calls[s.Label]++
			done := p.Broken != s.Label
			if done && s.Ensure {
				p.facts[s.Label] = s.Version
			}
			if done && s.SpawnID != "" && m.live[s.SpawnID] == nil {
				m.create(s.SpawnID, creation{None: true}).fresh = true
			}
			known.record(s, m.arguments(d, s, orders{}), done)
			known.told[s.Label] = done && m.isAsked(d, s)
			allDone = allDone && done
			if !done && s.OnFailure == "halt" {
				m.mark(d, known, d.Steps[i+1:], verdicts[i+1:])
				return false, true
			}
		case notDue, doubt:
		}
	}
	return allDone, false
}

// mark records as done those of the steps that somebody has decided are, whatever becomes of the others.
func (m *model) mark(d *declaration, known *memory, steps []declaredStep, verdicts []verdict) {
	for i, s := range steps {
		if verdicts[i] == marked {
			known.record(s, m.arguments(d, s, orders{}), true)
			known.told[s.Label] = false
		}
	}
}

// markAll does so for an actor to which nothing else is done, where it is there and stays.
func (m *model) markAll(d *declaration, decided func(declaredStep) verdict) {
	verdicts := make([]verdict, len(d.Steps))
	for i, s := range d.Steps {
		verdicts[i] = decided(s)
	}
	if m.kept(d) != nil && slices.Contains(verdicts, marked) {
		_, known := m.prepare(d)
		m.mark(d, known, d.Steps, verdicts)
	}
}

// prepare creates or adopts the actor.
func (m *model) prepare(d *declaration) (*probe, *memory) {
	p, known := m.kept(d), m.remembered[d.ID]
	if p != nil && m.knows(d.ID) {
		known.address = d.Address
		return p, known
	}
	now := &memory{
		address: d.Address, seeded: p == nil || p.fresh || known != nil,
		done: map[string]arguments{}, failed: map[string]bool{}, told: map[string]bool{},
	}
	if p == nil {
		p = m.create(d.ID, d.Input)
		input := d.Input
		now.input = &input
	}
	now.number = p.number
	m.remembered[d.ID] = now
	return p, now
}

// isAsked reports whether something refers to the result of a step, so that it is kept.
func (m *model) isAsked(d *declaration, s declaredStep) bool {
	return slices.ContainsFunc(m.declared, func(other *declaration) bool {
		return other.AfterID == d.ID && other.Made == keyGiven && other.Maker == s.Label
	})
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
