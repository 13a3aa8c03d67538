package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// quiet reports whether there is nothing to say of the change.
func (change *Change) quiet() bool {
	return change.PreviousAddress == "" && len(change.notes()) == 0 && change.untouched()
}

// untouched reports whether the actor stays as it is, whatever it is called.
func (change *Change) untouched() bool {
	if change.Action != plan.ActionNoOp || change.Reason != "" || change.Input.Differs {
		return false
	}
	for _, s := range change.Steps {
		if s.symbol() != symNone || s.noted() {
			return false
		}
	}
	return true
}

// notes says what is remembered of steps that are called something else now, or are not declared any more.
func (change *Change) notes() []string {
	var notes []string
	for _, s := range change.Steps {
		if s.Previously != "" {
			notes = append(notes, s.relative(change)+" was "+Clean(s.Previously))
		}
	}
	return append(notes, slices.Concat(
		undeclared(change.FormerSteps, " that was made is", " that were made are"),
		undeclared(change.FormerDoubts, " in doubt is", " in doubt are"))...)
}

// undeclared says which calls of one sort are no longer declared, if any.
func undeclared(calls []string, one, several string) []string {
	const enough = 3
	n := len(calls)
	if n == 0 {
		return nil
	}
	which := several
	if n == 1 {
		which = one
	}
	return []string{Count(n, "call") + which + " no longer declared: " + Clean(firstOf(calls[:min(n, enough)], n))}
}

// noted draws what there is to say of an actor that stays as it is.
func (c *canvas) noted(change *Change) {
	name := c.paint(bold, Clean(change.Address))
	if change.PreviousAddress != "" {
		c.line(0, symComment, name, " was ", Clean(change.PreviousAddress))
	}
	for _, note := range change.notes() {
		c.line(0, symComment, name, ": ", note)
	}
}

// fate says what becomes of the actor or, in a report, what became of it.
func (change *Change) fate() string {
	done := participle(cmp.Or(change.Became, change.Action))
	switch {
	case done != "" && change.Outcome == plan.OutcomeDone:
		return "was " + done
	case change.Outcome != "" && change.made() != "":
		return change.ended()
	case done != "" && change.Outcome != "":
		return change.ended() + ", was to be " + done
	case change.Action == plan.ActionReplace:
		return "must be " + done
	case done != "":
		return "will be " + done
	case change.Action == plan.ActionRead:
		return "is known after apply"
	case slices.ContainsFunc(change.Steps, func(s Step) bool { return s.symbol() == symUnknown }):
		return "needs a decision"
	default:
		return "stays as it is"
	}
}

// participle says what is done to an actor; nothing where it is left as it is.
func participle(a plan.ChangeAction) string {
	switch a {
	case plan.ActionCreate:
		return "created"
	case plan.ActionAdopt:
		return "adopted"
	case plan.ActionUpdate:
		return "changed"
	case plan.ActionReplace:
		return "replaced"
	case plan.ActionDestroy:
		return "destroyed"
	case plan.ActionForget:
		return "forgotten"
	default:
		return ""
	}
}

// worthSaying returns a reason, or nothing for one that the symbol says already.
func worthSaying(reason string) string {
	switch reason {
	case plan.ReasonAbsent, plan.ReasonKeyUnknown, plan.ReasonCallsDue, plan.ReasonCreated, plan.ReasonNewActor, plan.ReasonInTurn:
		return ""
	default:
		return reason
	}
}

// change draws a change with all that is known of it.
func (c *canvas) change(change *Change) {
	if change.untouched() {
		c.noted(change)
		return
	}
	c.line(0, symComment, c.paint(bold, Clean(change.Address)), " ", change.fate())
	if change.PreviousAddress != "" {
		c.line(0, symComment, "(was ", Clean(change.PreviousAddress), ")")
	}
	c.body(change)
}

// body draws a change without its title.
func (c *canvas) body(change *Change) {
	if reason := worthSaying(change.Reason); reason != "" {
		c.line(0, symComment, "(", Clean(reason), ")")
	}
	if !change.hasBody() {
		c.line(0, change.symbol(), change.block())
		return
	}
	c.line(0, change.symbol(), change.block(), " {")
	c.attributes(change)
	c.steps(change)
	c.line(0, symNone, "}")
}

// kind returns what the change is about.
func (change *Change) kind() address.Kind {
	addr, err := address.Parse(change.Address)
	if err != nil {
		return address.KindActor
	}
	return addr.Kind
}

// hasBody reports whether there is anything to draw within the block: of a namespace or pool, only its settings.
func (change *Change) hasBody() bool {
	return change.isOfActor() || change.Action == plan.ActionCreate || change.Input.Differs
}

// isOfActor reports whether the change is about an actor, not what actors live in.
func (change *Change) isOfActor() bool {
	kind := change.kind()
	return kind == address.KindActor || kind == address.KindData
}

// settings draws what is set of a namespace or pool.
func (c *canvas) settings(change *Change) {
	before, after, err := change.Input.values()
	if err != nil {
		c.fail(err)
		return
	}
	if before == cty.NilVal {
		before = cty.EmptyObjectVal
	}
	names := memberNames(before, after)
	width := nameWidth(names)
	for _, name := range names {
		c.difference(member(1, name, width), symUpdate, attribute(before, name), attribute(after, name))
	}
}

// block returns the header of the block that declares the actor, namespace or pool.
func (change *Change) block() string {
	address, err := address.Parse(change.Address)
	if err != nil {
		return "actor " + quote(change.Name)
	}
	if address.Name == "" {
		return string(address.Kind) + " " + quote(address.Label)
	}
	return string(address.Kind) + " " + quote(address.Name) + " " + quote(address.Label)
}

// attributes draws which actor it is, and its input where there is something to say about that.
func (c *canvas) attributes(change *Change) {
	if kind := change.kind(); kind != address.KindActor && kind != address.KindData {
		c.settings(change)
		return
	}
	lines := change.identity()
	input := change.showsInput()
	width := 0
	if input {
		width = len("input")
	}
	for _, a := range lines {
		width = max(width, len(a.name))
	}
	for _, a := range lines {
		c.line(1, a.symbol, member(1, a.name, width).prefix, a.text)
	}
	if input {
		c.shortened(1, func() { c.input(member(1, "input", width), change) })
	}
}

// attributeLine is an attribute that takes one line.
type attributeLine struct {
	symbol symbol
	name   string
	text   string
}

// identity tells which actor it is: by its id where it exists, by its key, and by its age where it is to go.
func (change *Change) identity() []attributeLine {
	var of, id symbol
	actorID, key := quote(change.ActorID), KeyText(change.Key)
	switch change.Action {
	case plan.ActionCreate, plan.ActionDestroy:
		of, id = change.symbol(), change.symbol()
	case plan.ActionReplace:
		id = symUpdate
		actorID += " -> " + knownAfterApply
	default:
	}
	var lines []attributeLine
	if change.ActorID != "" && change.Action != plan.ActionCreate {
		lines = append(lines, attributeLine{id, "id", actorID})
	}
	lines = append(lines, attributeLine{of, "key", key})
	lines = append(lines, change.settled()...)
	if change.goes() && change.CreatedAt != "" {
		lines = append(lines, attributeLine{symDestroy, "created", change.created()})
	}
	return lines
}

// settled tells what an actor is created with and keeps for ever.
func (change *Change) settled() (lines []attributeLine) {
	s := change.Settled
	if s == nil {
		return nil
	}
	for _, a := range []attributeLine{{name: "pool", text: s.Pool}, {name: "region", text: s.Region}, {name: "crash_policy", text: s.CrashPolicy}} {
		if a.text != "" {
			lines = append(lines, attributeLine{symCreate, a.name, quote(a.text)})
		}
	}
	return lines
}

// goes reports whether the actor that is there is to be destroyed.
func (change *Change) goes() bool {
	return change.Action == plan.ActionDestroy || change.Action == plan.ActionReplace
}

// KeyText returns a key on one line, however long.
func KeyText(key []string) string {
	if key == nil {
		return knownAfterApply
	}
	parts := make([]string, len(key))
	for i, part := range key {
		parts[i] = quote(part)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// created returns when the actor was created, as people write it.
func (change *Change) created() string {
	at, err := time.Parse(time.RFC3339Nano, change.CreatedAt)
	if err != nil {
		return quote(change.CreatedAt)
	}
	return plan.Moment(at)
}

// mayBeMade reports whether the actor is to be created, or may have to be.
func (change *Change) mayBeMade() bool {
	return change.Action == plan.ActionCreate || change.Action == plan.ActionRead
}

// showsInput reports whether the input is new, or another than the one that the actor was created with.
func (change *Change) showsInput() bool {
	in := &change.Input
	return in.After != nil && change.mayBeMade() || in.Differs && (in.Before != nil || in.After != nil)
}

// input draws the input of an actor that is to be created, and the difference for one that is there.
func (c *canvas) input(s slot, change *Change) {
	before, after, err := change.Input.values()
	if err != nil {
		c.fail(err)
		return
	}
	if change.mayBeMade() {
		before = cty.NilVal
	}
	c.difference(s, symUpdate, before, after)
}

// values reads back what the input was and what it is to be.
func (in *Input) values() (before, after cty.Value, err error) {
	if before, err = unmask(in.Before, nil, in.BeforeSensitive); err != nil {
		return
	}
	after, err = unmask(in.After, in.AfterUnknown, in.Sensitive)
	return
}

// summary says what becomes of the actor and how many of its steps, without its address.
func (change *Change) summary() string {
	text := change.fate()
	if reason := worthSaying(change.Reason); reason != "" {
		text += " (" + Clean(reason) + ")"
	}
	if change.PreviousAddress != "" {
		text += ", was " + Clean(change.PreviousAddress)
	}
	if change.goes() && change.CreatedAt != "" {
		text += ", created " + change.created()
	}
	return text + change.stepCounts()
}

// stepCounts says how many steps are made, are to be decided, and are recorded.
func (change *Change) stepCounts() (text string) {
	steps := map[symbol]int{}
	for _, s := range change.Steps {
		steps[s.symbol()]++
	}
	if n := steps[symCall]; n > 0 {
		text += ", " + Count(n, "call")
	}
	if n := steps[symUnknown]; n > 0 {
		text += ", " + Count(n, "unknown step")
	}
	if n := steps[symMark]; n > 0 {
		text += ", " + Count(n, "step") + " to mark as done"
	}
	return text
}
