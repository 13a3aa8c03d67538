package view

import (
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// worthSaying returns a reason, or nothing for one that the symbol says already.
func worthSaying(reason string) string {
	switch reason {
	case "it does not exist", "calls are due", "the actor is made by this run":
		return ""
	default:
		return reason
	}
}

// quiet reports whether there is nothing to say of the change.
func (change *Change) quiet() bool {
	if change.Action != plan.ActionNoOp || change.Reason != "" || change.Input.Differs {
		return false
	}
	for _, s := range change.Steps {
		if _, shown := s.symbol(); shown || s.noted() {
			return false
		}
	}
	return true
}

// fate says what becomes of the actor.
func (change *Change) fate() string {
	switch change.Action {
	case plan.ActionCreate:
		return "will be created"
	case plan.ActionAdopt:
		return "will be adopted"
	case plan.ActionUpdate:
		return "will be changed"
	case plan.ActionReplace:
		return "must be replaced"
	case plan.ActionDestroy:
		return "will be destroyed"
	case plan.ActionForget:
		return "will be forgotten"
	default:
		return "stays as it is"
	}
}

func (c *canvas) change(change *Change) {
	header := symbol{text: "#"}
	c.line(0, header, c.paint(bold, Clean(change.Address)), " ", change.fate())
	if reason := worthSaying(change.Reason); reason != "" {
		c.line(0, header, "(", Clean(reason), ")")
	}
	c.line(0, actionSymbol(change.Action), change.block(), " {")
	c.attributes(change)
	c.steps(1, change)
	c.line(0, symNone, "}")
}

// block returns the header of the block that declares the actor.
func (change *Change) block() string {
	address, err := plan.ParseAddress(change.Address)
	if err != nil {
		return "actor " + quote(change.Name)
	}
	return string(address.Kind) + " " + quote(address.Name) + " " + quote(address.Label)
}

// attributes draws what makes the actor: its key, its input, and which one it is where it exists.
func (c *canvas) attributes(change *Change) {
	before, after, err := change.Input.values()
	if err != nil {
		c.fail(err)
		return
	}
	sym := change.attributeSymbol()
	attributes := []struct {
		name string
		show bool
		draw func(slot)
	}{
		{"id", change.ActorID != "" && change.Action != plan.ActionCreate, func(s slot) { c.line(1, sym, s.prefix, change.identity()) }},
		{"key", true, func(s slot) { c.value(s, sym, change.key()) }},
		{"created", change.showsCreation(), func(s slot) { c.line(1, sym, s.prefix, change.created()) }},
		{"input", change.Action == plan.ActionCreate && after != cty.NilVal, func(s slot) { c.value(s, sym, after) }},
		{"input", change.Action != plan.ActionCreate && change.Input.Differs, func(s slot) { c.difference(s, before, after) }},
	}
	width := 0
	for _, a := range attributes {
		if a.show {
			width = max(width, len(a.name))
		}
	}
	for _, a := range attributes {
		if a.show {
			a.draw(member(1, a.name, width))
		}
	}
}

// attributeSymbol is the symbol of what comes or goes with the actor.
func (change *Change) attributeSymbol() symbol {
	switch change.Action {
	case plan.ActionCreate, plan.ActionDestroy:
		return actionSymbol(change.Action)
	default:
		return symNone
	}
}

func (in *Input) values() (before, after cty.Value, err error) {
	if before, err = unmask(in.Before, nil, in.BeforeSensitive); err != nil {
		return before, after, err
	}
	after, err = unmask(in.After, in.AfterUnknown, in.Sensitive)
	return before, after, err
}

func (change *Change) key() cty.Value {
	if change.Key == nil {
		return cty.DynamicVal
	}
	parts := make([]cty.Value, len(change.Key))
	for i, part := range change.Key {
		parts[i] = cty.StringVal(part)
	}
	return cty.TupleVal(parts)
}

func (change *Change) identity() string {
	if change.Action == plan.ActionReplace {
		return quote(change.ActorID) + " -> " + knownAfterApply
	}
	return quote(change.ActorID)
}

func (change *Change) showsCreation() bool {
	return change.CreatedAt != "" && (change.Action == plan.ActionDestroy || change.Action == plan.ActionReplace)
}

// created returns when the actor was created, as people write it.
func (change *Change) created() string {
	at, err := time.Parse(time.RFC3339Nano, change.CreatedAt)
	if err != nil {
		return quote(change.CreatedAt)
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
}

// concise draws a change on one line.
func (c *canvas) concise(change *Change) {
	var calls, unknown, marked int
	for _, s := range change.Steps {
		switch sym, _ := s.symbol(); sym {
		case symCall:
			calls++
		case symUnknown:
			unknown++
		case symMark:
			marked++
		}
	}
	texts := []string{change.fate()}
	if change.showsCreation() {
		texts = append(texts, "created "+change.created())
	}
	if calls > 0 {
		texts = append(texts, count(calls, "call"))
	}
	if unknown > 0 {
		texts = append(texts, strconv.Itoa(unknown)+" unknown")
	}
	if marked > 0 {
		texts = append(texts, strconv.Itoa(marked)+" to mark as done")
	}
	c.line(0, actionSymbol(change.Action), c.paint(bold, Clean(change.Address)), " ", strings.Join(texts, ", "))
}
