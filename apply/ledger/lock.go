package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/gofrs/flock"
)

// fileLease is the lock of a file, in two files beside it: one that the operating system locks, and one that says who holds
// it, since on Windows a locked file cannot be read. It ends with its process, whatever they say, and is never lost.
type fileLease struct {
	lock   *flock.Flock
	holder string // path of the file that says who holds it
}

// lockFile locks the file at path for holder.
func lockFile(path string, holder Holder) (Lease, error) {
	lock, err := tryLock(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("lock ledger %s: %w", path, err)
	}
	if lock == nil {
		return nil, &LockedError{Ledger: path, Holder: readHolder(path + ".holder")}
	}
	lease := &fileLease{lock: lock, holder: path + ".holder"}
	if err := lease.sign(holder); err != nil {
		return nil, errors.Join(fmt.Errorf("say who holds the lock of ledger %s: %w", path, err), lease.unlock())
	}
	return lease, nil
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

func (l *fileLease) sign(holder Holder) error {
	data, err := json.Marshal(holder)
	if err != nil {
		return err
	}
	return os.WriteFile(l.holder, append(data, '\n'), 0o600)
}

// unlock removes the files before it lets the lock go, since afterwards they may be somebody else's; where that cannot be
// done they stay, and do no harm.
func (l *fileLease) unlock() error {
	_ = os.Remove(l.holder)
	_ = os.Remove(l.lock.Path())
	return l.lock.Unlock()
}

func (l *fileLease) Release(context.Context) error { return l.unlock() }

// Hold implements [Lease]. The lock ends with its process.
func (l *fileLease) Hold() error { return nil }

func (l *fileLease) Lost() <-chan struct{} { return nil }

// Predecessor implements [Lease]. What the operating system locks is free as soon as its holder has ended.
func (l *fileLease) Predecessor() Holder { return Holder{} }

func (l *fileLease) Err() error { return nil }

// readHolder returns what the holder's file says: nothing while the holder is still writing it, or has just left.
func readHolder(path string) (holder Holder) {
	data, err := readFile(path)
	if err != nil || json.Unmarshal(data, &holder) != nil {
		return Holder{}
	}
	return holder
}
