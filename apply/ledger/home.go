package ledger

import (
	"context"
	"fmt"
	"io"
)

// Home is a place where a ledger is kept: its document, its journal and its lock. [Local] and [None] are homes. A Home may
// be used concurrently. Every home passes the contract of package ledgertest.
type Home interface {
	fmt.Stringer // names the document, for people

	// Lock keeps everybody else from the ledger for as long as the lease lasts. It does not wait: when somebody else has the
	// lock, it fails with a [LockedError].
	Lock(ctx context.Context, holder Holder) (Lease, error)
	// Load returns the document, or nil if there is none yet.
	Load(ctx context.Context) ([]byte, error)
	// Save replaces the document by what write writes, in whole and durably. After an error the old document is there, or the
	// new one where nobody could find out. A nil lease is that of somebody who goes without the lock.
	Save(ctx context.Context, lease Lease, write func(io.Writer) error) error
	// Journal returns the journal of the holder of lease, or nil where no record is kept. A nil lease is that of somebody who
	// only reads, or goes without the lock.
	Journal(lease Lease) Journal
}

// OnDisk is a home that has files on this machine.
type OnDisk interface {
	// Files returns the paths of all files that it reads or writes, whether they exist or not.
	Files() []string
}

// Lease is the lock of a ledger while somebody holds it.
type Lease interface {
	// Release gives the lock back. It is called once, also when the lease was lost.
	Release(ctx context.Context) error
	// Hold returns when it is sure that the lock was still there when it was called, for which it asks where somebody else could
	// have it: this process, or the whole machine, may have been stopped. Otherwise its error is, or is like, that of Err.
	Hold() error
	// Lost returns a channel that is closed when the lock is somebody else's, or may be. Where a lock is never lost, it may be
	// nil.
	Lost() <-chan struct{}
	// Predecessor returns who had the lock until it ran out without being released; the zero value where it was free.
	Predecessor() Holder
	// Err returns nil until Lost is closed, and then the [LostError] that says who has the lock.
	Err() error
}

// Journal keeps records until the document has them. It is bytes to which more are appended.
type Journal interface {
	fmt.Stringer // names it, for people

	// Open returns what was appended. The error matches [io/fs.ErrNotExist] if there is no journal. A journal that is
	// being appended to is read as far as it goes, which may be in the middle of what was appended last.
	Open(ctx context.Context) (io.ReadCloser, error)
	// Append adds data at the end, which is where the caller says, and only there: at zero it makes the journal, which
	// must not exist. What was added is there when this process has ended. It takes no context, since what was done must be remembered
	// also when the run is being cancelled; a journal that is far away bounds the time by itself. After an error, part of data may be there.
	Append(at int64, data []byte) error
	// Sync makes durable what was appended: it survives the end of this machine too.
	Sync() error
	// Remove removes the journal, which exists.
	Remove(ctx context.Context) error
	// Draft returns a journal on this machine to which every record is appended before it goes to this one, which is too far
	// away for each of them to wait for it; nil where records are appended here. It has all that is in this journal, and more.
	Draft() Journal
	// Private reports whether nobody else can read the journal, and all of it may vanish with the machine of the run. Then the
	// document is saved during the run as well; see [Environment.Announce].
	Private() bool
}

// None returns the home of a ledger that keeps nothing. Everybody may have its lock.
func None() Home { return none{} }

type none struct{}

func (none) String() string { return "none" }

func (none) Lock(context.Context, Holder) (Lease, error) { return noneLease{}, nil }

func (none) Load(context.Context) ([]byte, error) { return nil, nil }

func (none) Save(context.Context, Lease, func(io.Writer) error) error { return nil }

func (none) Journal(Lease) Journal { return nil }

type noneLease struct{}

func (noneLease) Release(context.Context) error { return nil }

func (noneLease) Hold() error { return nil }

func (noneLease) Lost() <-chan struct{} { return nil }

func (noneLease) Predecessor() Holder { return Holder{} }

func (noneLease) Err() error { return nil }
