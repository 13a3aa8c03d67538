package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// lockInterval is the time between two attempts to take a lock that somebody else holds.
const lockInterval = 100 * time.Millisecond

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
	Holder Holder // the zero value where it could not be read
}

// Error names the holder, and what to do.
func (e *LockedError) Error() string {
	const advice = "wait until that is done, or let -lock-timeout=DURATION wait for it"
	if e.Holder == (Holder{}) {
		return fmt.Sprintf("lock ledger %s: another riveter uses it; %s", e.Ledger, advice)
	}
	return fmt.Sprintf("lock ledger %s: %q holds it for %q in process %d since %s (lock %q); %s", e.Ledger,
		e.Holder.Who, e.Holder.Operation, e.Holder.PID, e.Holder.Since.Format(time.RFC3339), e.Holder.ID, advice)
}

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
	return fmt.Sprintf("the lock of ledger %s was lost to %q, who has it for %q since %s (lock %q)", e.Ledger,
		e.Holder.Who, e.Holder.Operation, e.Holder.Since.Format(time.RFC3339), e.Holder.ID)
}

// lock takes the lock of home, and waits as long as timeout for somebody else who holds it.
func lock(ctx context.Context, home Home, holder Holder, timeout time.Duration) (Lease, error) {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	retry := time.NewTicker(lockInterval)
	defer retry.Stop()
	for {
		lease, err := home.Lock(ctx, holder)
		if _, locked := errors.AsType[*LockedError](err); !locked {
			return lease, err
		}
		select {
		case <-retry.C:
		case <-deadline.C:
			return nil, err
		case <-ctx.Done():
			return nil, fmt.Errorf("lock ledger %s: %w", home, context.Cause(ctx))
		}
	}
}
