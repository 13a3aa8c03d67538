package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
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

// lockFile locks the file at path for holder, in two files beside it: one that the operating system locks, and one that
// says who holds it, since on Windows a locked file cannot be read. A lock ends with its process, whatever they say.
func lockFile(ctx context.Context, path string, holder Holder, timeout time.Duration) (unlock func() error, err error) {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	retry := time.NewTicker(lockInterval)
	defer retry.Stop()
	for {
		lock, err := tryLock(path + ".lock")
		if err != nil {
			return nil, fmt.Errorf("lock ledger %s: %w", path, err)
		}
		if lock != nil {
			return hold(lock, path+".holder", holder)
		}
		select {
		case <-retry.C:
		case <-deadline.C:
			return nil, &LockedError{Ledger: path, Holder: readHolder(path + ".holder")}
		case <-ctx.Done():
			return nil, fmt.Errorf("lock ledger %s: %w", path, context.Cause(ctx))
		}
	}
}

// tryLock returns nil when somebody else holds the lock. A lock counts only while its file is still the one at path: its
// last holder has removed the file, and somebody else may have made a new one and locked that.
func tryLock(path string) (*flock.Flock, error) {
	lock := flock.New(path, flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil || !locked {
		return nil, err
	}
	mine, err := lock.Stat()
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	if current, err := os.Stat(path); err != nil || !os.SameFile(mine, current) {
		return nil, lock.Unlock()
	}
	return lock, nil
}

// hold says who holds lock, and returns how to let it go. The files are removed before the lock is, since afterwards they
// may be somebody else's; where that cannot be done they stay, and do no harm.
func hold(lock *flock.Flock, path string, holder Holder) (unlock func() error, err error) {
	data, err := json.Marshal(holder)
	if err == nil {
		err = os.WriteFile(path, append(data, '\n'), 0o600)
	}
	unlock = func() error {
		_ = os.Remove(path)
		_ = os.Remove(lock.Path())
		return lock.Unlock()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("say who holds the lock: %w", err), unlock())
	}
	return unlock, nil
}

// readHolder returns what the holder's file says: nothing while the holder is still writing it, or has just left.
func readHolder(path string) (holder Holder) {
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &holder) != nil {
		return Holder{}
	}
	return holder
}
