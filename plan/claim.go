package plan

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// isAttempt reports whether e is the memory of a creation that was not heard of again.
func (e *Entry) isAttempt() bool { return e != nil && e.ActorID == "" && e.Created }

// MayHaveMade reports whether riveter may have made an actor that was created at a time by the server's clock, when it was to create
// the one of which e is the memory and was not heard of again. It may be called on a nil Entry.
func (e *Entry) MayHaveMade(created time.Time) bool {
	switch {
	case !e.isAttempt():
		return false
	case created.IsZero():
		return true
	default:
		return !created.Before(e.Tried) && (e.Until.IsZero() || !created.After(e.Until))
	}
}

// Sought is the actor of an entry to be looked for: by its id or, where that is not known, by its key.
func (e *Entry) Sought() *Desired {
	if e.ActorID != "" {
		return &Desired{Address: e.Address, ID: e.ActorID}
	}
	return &Desired{Address: e.Address, Key: e.Key, Input: cty.DynamicVal}
}

// Doubts reports whether the actor that there is may be the one that riveter was to create when it was last heard of. With what it
// was created may tell.
func (r *Recalled) Doubts(d *Desired, o *Observed) bool {
	return o.Exists && r.Of(d, o).isAttempt()
}

// settled returns the memory without the claim that riveter made the actor that there is, where that was made at another time, or with
// another input, than riveter tried.
func (r *Recalled) settled(e *Entry, d *Desired, o *Observed) *Entry {
	if !o.Exists || !e.isAttempt() || e.MayHaveMade(o.CreatedAt) && !r.hasAnother(e, d, o) {
		return e
	}
	again := *e
	again.Created, again.Fresh, again.Input, again.Steps = false, false, value.Memo{}, nil
	return &again
}

// hasAnother reports whether the actor that there is was created with another input than riveter tried: the declared one, where that
// is not remembered.
func (r *Recalled) hasAnother(e *Entry, d *Desired, o *Observed) bool {
	tried := e.Input
	if !tried.Known() && value.IsKnown(d.Input) {
		tried, _ = value.Remember(r.DigestKey, d.Input)
	}
	return o.Input.Known() && tried.Known() && !o.Input.Equal(tried)
}
