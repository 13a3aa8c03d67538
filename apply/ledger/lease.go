package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"riveter/plan"
)

// The time between two attempts to take a lock that somebody else holds grows from the first to the last of these.
const (
	firstLockInterval = 100 * time.Millisecond
	lastLockInterval  = time.Second
)

// Holder says who holds a lock. It is what the one who is refused gets to read.
type Holder struct {
	ID        string    `json:"id"` // made by Open
	Who       string    `json:"who"`
	PID       int       `json:"pid"`
	Operation string    `json:"operation"`
	Since     time.Time `json:"since"` // set by Open
}

// LockedError says that somebody else holds the lock of a ledger.
type LockedError struct {
	Ledger string
	Holder Holder        // the zero value where it could not be read
	Text   string        // what a server said instead of who holds it
	Remote bool          // the lock is not one that ends with its process
	Lasts  time.Duration // after its holder has ended, where it ends by itself
}

// Error names the holder, and what to do.
func (e *LockedError) Error() string {
	advice := "wait until that is done, or let -lock-timeout=DURATION wait for it"
	if e.Lasts > 0 {
		advice += fmt.Sprintf("; if it was killed, its lock ends by itself within %s", e.Lasts)
	}
	if e.Remote {
		advice += "; if it has ended without unlocking, say riveter ledger unlock " + cmp.Or(e.Holder.ID, "ID")
	}
	return fmt.Sprintf("lock ledger %s: %s; %s", e.Ledger, e.Holder.describe(e.Text), advice)
}

// describe says who holds a lock, as far as that is known. A server may say it in words.
func (h Holder) describe(text string) string {
	switch {
	case h == (Holder{}) && text != "":
		return fmt.Sprintf("it is locked, and the server says %q", text)
	case h == (Holder{}):
		return "another riveter uses it"
	default:
		return fmt.Sprintf("%q holds it%s", h.Who, h.details())
	}
}

// details are what else is known of who holds a lock.
func (h Holder) details() (text string) {
	if h.Operation != "" {
		text += fmt.Sprintf(" for %q", h.Operation)
	}
	if h.PID != 0 {
		text += fmt.Sprintf(" in process %d", h.PID)
	}
	if !h.Since.IsZero() {
		text += " since " + h.Since.Format(time.RFC3339)
	}
	return text + fmt.Sprintf(" (lock %q)", h.ID)
}

// OtherLockError says that a lock that somebody wanted to release by hand is not the one that there is.
type OtherLockError struct {
	Ledger string
	ID     string // of the lock that was to be released
	Holder Holder // of the one that there is; the zero value where it could not be read
	Text   string // what a server said instead of that
}

// Error says which lock there is.
func (e *OtherLockError) Error() string {
	return fmt.Sprintf("unlock ledger %s: %q is not the id of its lock, which is what an apply is told that is refused: %s", e.Ledger, e.ID, e.Holder.describe(e.Text))
}

// UnlockError says that a lock could not be given back, and so keeps others out. All else is done.
type UnlockError struct {
	Ledger, ID string
	Err        error
}

// Error says what to do.
func (e *UnlockError) Error() string {
	return fmt.Sprintf("unlock ledger %s: %v; it stays locked until somebody says: riveter ledger unlock %s", e.Ledger, e.Err, e.ID)
}

// Unwrap returns why.
func (e *UnlockError) Unwrap() error { return e.Err }

// LostError says that somebody else has taken the lock of a ledger that this run held.
type LostError struct {
	Ledger string
	Holder Holder // the zero value where nobody knows
}

// Error names the new holder.
func (e *LostError) Error() string {
	if e.Holder == (Holder{}) {
		return fmt.Sprintf("the lock of ledger %s was lost", e.Ledger)
	}
	return fmt.Sprintf("the lock of ledger %s was lost to %q, who has it%s", e.Ledger, e.Holder.Who, e.Holder.details())
}

// Is says that it is a kind of [plan.ErrOvertaken].
func (e *LostError) Is(target error) bool { return target == plan.ErrOvertaken }

// lock takes the lock of home, and waits as long as timeout for somebody else who holds it.
func lock(ctx context.Context, home Home, holder Holder, timeout time.Duration) (Lease, error) {
	deadline := time.Now().Add(timeout)
	for interval := firstLockInterval; ; interval = min(2*interval, lastLockInterval) {
		lease, err := home.Lock(ctx, holder)
		left := time.Until(deadline)
		if _, locked := errors.AsType[*LockedError](err); !locked || left <= 0 {
			return lease, err
		}
		select {
		case <-time.After(min(interval, left)):
		case <-ctx.Done():
			return nil, fmt.Errorf("lock ledger %s: %w", home, context.Cause(ctx))
		}
	}
}
