package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"syscall"
	"time"

	"riveter/plan"
)

// Options say how a ledger is opened. The zero value opens it for recording, with a lock that is not waited for.
type Options struct {
	ReadOnly    bool             // record nothing and change no file; in a directory that cannot be written, do without the lock
	NoLock      bool             // trust that nobody else uses the ledger
	LockTimeout time.Duration    // how long to wait for somebody else who holds the lock
	Holder      Holder           // what others read who are refused the lock
	Now         func() time.Time // default: time.Now
	Random      io.Reader        // for lineage, ids and the key of the digests; default: crypto/rand
}

// Ledger is an open ledger. Its methods, but for Close, may be called concurrently.
type Ledger struct {
	home     Home
	now      func() time.Time
	document *document
	serial   uint64            // of the document at home
	digest   [sha256.Size]byte // of the document at home
	journal  *journal          // nil where records are not kept
	unlock   func() error
}

// Open locks the ledger at home and reads it, with what a run that crashed left in its journal. Unless it is opened for
// reading only, that journal is merged at once. A ledger that does not exist is empty; nothing is made before the first
// record. Open fails with a [LockedError] when somebody else holds the lock. When it fails, it has changed nothing.
func Open(ctx context.Context, home Home, o Options) (*Ledger, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	unlock, err := o.lock(ctx, home)
	if err != nil {
		return nil, err
	}
	l := &Ledger{home: home, now: o.Now, unlock: unlock}
	if err := l.open(ctx, o); err != nil {
		return nil, errors.Join(err, unlock())
	}
	return l, nil
}

func (o Options) lock(ctx context.Context, home Home) (unlock func() error, err error) {
	notLocked := func() error { return nil }
	if o.NoLock {
		return notLocked, nil
	}
	o.Holder.Since = o.Now().UTC().Truncate(time.Second)
	if o.Holder.ID, err = newUUID(o.Random); err != nil {
		return nil, err
	}
	unlock, err = home.lock(ctx, o.Holder, o.LockTimeout)
	if o.ReadOnly && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)) {
		return notLocked, nil
	}
	return unlock, err
}

func (l *Ledger) open(ctx context.Context, o Options) error {
	leftover, err := l.load(ctx, o.Random)
	if err != nil {
		return err
	}
	if !o.ReadOnly && leftover {
		err = l.save(ctx)
	}
	if err == nil {
		l.journal, err = l.newJournal(o)
	}
	return err
}

func (l *Ledger) newJournal(o Options) (*journal, error) {
	path := l.home.journal()
	if path == "" {
		return nil, nil
	}
	header, err := newJournalHeader(l.document, o.Random)
	j := newJournal(path, header)
	if o.ReadOnly {
		j.err = errors.New("record: the ledger is open for reading only")
	}
	return j, err
}

// Recall returns the memory of one environment. It does not change before the ledger is closed, and must not be changed
// either.
func (l *Ledger) Recall(environment string) *plan.Recalled {
	d := l.document
	return &plan.Recalled{
		Lineage: d.lineage, Serial: d.serial, DigestKey: d.digestKey, Entries: d.environments[environment],
	}
}

// Environment returns where to record what is done in one environment.
func (l *Ledger) Environment(id string) *Environment { return &Environment{l, id} }

// Close merges what was recorded into a new version of the document and lets the lock go, after all calls that record
// have returned. When the document cannot be written, the records stay in the journal and the next Open merges them. A
// ctx that is cancelled does not keep a local ledger from being written.
func (l *Ledger) Close(ctx context.Context) error {
	recorded, err := l.journal.close()
	if recorded {
		err = errors.Join(err, l.merge(ctx))
	}
	return errors.Join(err, l.unlock())
}
