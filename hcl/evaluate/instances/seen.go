package instances

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

// SetObserved takes in what the server says of an actor.
func (i *Instance) SetObserved(o plan.Observed) hcl2.Diagnostics {
	i.Observed, i.Seen, i.Expected = &o, true, false
	if i.Desired.ID != "" {
		i.Desired.Key = o.Key
	}
	i.Forget()
	if !i.IsMissing() || i.Optional {
		return nil
	}
	i.KeyKnown = false // so that nothing more is said of what refers to it
	return hcl2.Diagnostics{i.Missing()}
}

// Presume takes the actor for the one with this key from now on, whatever turns out to be declared.
func (i *Instance) Presume(key []string) { i.presumed, i.Desired.Key, i.KeyKnown = true, key, true }

// Identify says which key is declared, if that is known.
func (i *Instance) Identify(key []string, known bool) {
	if !i.presumed {
		i.Desired.Key, i.KeyKnown = key, known
	}
}

// Missing says that there is no such actor.
func (i *Instance) Missing() *hcl2.Diagnostic {
	what := "the id " + i.Desired.ID
	if i.Desired.Key != nil {
		what = "the key " + payload.SpellKey(i.Desired.Key)
	}
	return syntax.Problem("Actor does not exist", fmt.Sprintf(
		"%s looks for an actor %q with %s, but there is none. Write optional = true if it may be missing, or an actor block to create it.",
		i.Desired.Address, i.Block.Actor.Name, what), i.Block.Actor.Range)
}

// IsRead reports whether the actor is asked anything.
func (i *Instance) IsRead() bool { return i.Desired.ReadState || len(i.Desired.Reads) > 0 }

// WasAsked reports whether the actor was asked what it says.
func (i *Instance) WasAsked() bool { return i.Live != &unheard }

// Hear takes in what the actor says, which may be only a part of what it was asked before.
func (i *Instance) Hear(l *plan.Live) {
	i.Live, i.Changes, i.Repeats = i.Live.And(l), false, false
	if i.shown != nil {
		i.shown = l.And(i.shown)
	}
	i.Forget()
}

// Conceal conceals again what the actor has said, its results and what it was created with, and reports whether anything was found in that which
// was not before.
func (i *Instance) Conceal(conceal func(cty.Value) cty.Value) (found bool) {
	again := func(v cty.Value) cty.Value {
		concealed := conceal(v)
		found = found || v != cty.NilVal && !concealed.RawEquals(v)
		return concealed
	}
	if i.WasAsked() {
		i.Live = i.Live.Conceal(again)
	}
	if i.shown != nil {
		i.shown = i.shown.Conceal(again)
	}
	i.Results = maps.Clone(i.Results)
	for step, v := range i.Results {
		i.Results[step] = again(v)
	}
	if i.Original != nil {
		original := again(*i.Original)
		i.Original = &original
	}
	if found {
		i.Forget()
	}
	return found
}

// Hold has others hear what a plan has shown of what the actor says, whatever it says when it is asked again, unless the run changes that.
func (i *Instance) Hold() {
	if i.WasAsked() && !i.Changes && !i.Repeats {
		i.shown = i.Live
	}
}

// Release has others hear what the actor says now, and reports whether they have not.
func (i *Instance) Release() bool {
	held := i.shown != nil
	i.shown = nil
	i.Forget()
	return held
}

// heard returns what others hear of what the actor says.
func (i *Instance) heard() *plan.Live {
	if i.Changes || i.Repeats {
		return &unheard
	}
	return cmp.Or(i.shown, i.Live)
}

// IsHeard reports whether it was, and others refer to that.
func (i *Instance) IsHeard() bool { return i.WasAsked() && i.Desired.ReadAfter }

// SpeaksAgainAfter reports whether steps refer to what the actor says that come after one with this label, which comes before Due.
func (i *Instance) SpeaksAgainAfter(label string) bool {
	if due := i.Actor().Step(i.Due); label == "" || due != nil && !due.ComesAfter(label) {
		return false
	}
	return slices.ContainsFunc(i.Actor().Steps, func(s *declare.Step) bool {
		reads, state := s.Hears()
		return s.ComesAfter(label) && (state || len(reads) > 0)
	})
}

// Unheard returns the instance as if nobody had asked the actor.
func (i *Instance) Unheard() *Instance {
	again := *i
	again.Live, again.value, again.each = &unheard, cty.NilVal, nil
	return &again
}

// AsksUnknown reports whether nobody knows yet what the actor is to be asked.
func (i *Instance) AsksUnknown() bool {
	return slices.ContainsFunc(i.Desired.Reads, func(r *plan.DesiredRead) bool { return !r.IsKnown() })
}

// Unhear forgets what the actor said to what it is no longer known to be asked.
func (i *Instance) Unhear() {
	live := *i.Live
	live.Reads = maps.Clone(live.Reads)
	for _, r := range i.Desired.Reads {
		if !r.IsKnown() {
			delete(live.Reads, r.Label)
		}
	}
	i.Live = &live
	i.Forget()
}

// Keep notes what a step gave.
func (i *Instance) Keep(s address.StepAddress, output cty.Value) {
	if i.Results == nil {
		i.Results = map[string]cty.Value{}
	}
	i.Results[s.Relative()] = output
	i.Forget()
	if i.Former != nil {
		i.Former.Keep(s, output)
	}
}

// Step returns a step that is declared. Asking for another one is a mistake of the caller's.
func (i *Instance) Step(s address.StepAddress) *declare.Step {
	st := i.Actor().Step(s.Label)
	if st == nil {
		panic(fmt.Sprintf("hcl: %s is not declared", s))
	}
	return st
}
