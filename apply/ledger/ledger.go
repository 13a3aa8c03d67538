package ledger

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"riveter/apply/ledger/seal"
	"riveter/plan"
)

// Options say how a ledger is opened. The zero value opens it for recording, with a lock that is not waited for.
type Options struct {
	ReadOnly    bool             // record nothing, change nothing, and neither need the lock nor take it
	NoLock      bool             // trust that nobody else uses the ledger
	LockTimeout time.Duration    // how long to wait for somebody else who holds the lock
	Holder      Holder           // what others read who are refused the lock
	TakenOver   func(Holder)     // told whose lock had run out when it was taken; may be nil
	Project     string           // whose configuration declares what is recorded
	Owner       string           // of actors, where that says more than the project
	Seal        seal.Options     // for whom secret results are kept
	Now         func() time.Time // may be called concurrently; default: time.Now
	Random      io.Reader        // for lineage, ids and the key of the digests; default: crypto/rand
}

// Ledger is an open ledger. Its methods, but for Close, may be called concurrently.
type Ledger struct {
	home     Home
	lease    Lease   // nil where the lock was not taken
	journal  Journal // nil where records are not kept
	project  string
	owner    string // of actors
	now      func() time.Time
	document *document
	serial   uint64            // of the document at home
	digest   [sha256.Size]byte // of the document at home
	tried    [sha256.Size]byte // of the one that was to take its place, and may have
	sealer   *seal.Sealer
	recorder *recorder
	foretold foretold
	uploader *uploader // nil unless the document is saved during the run
	shipper  *shipper  // nil unless the journal is far away
}

// Open locks the ledger at home and reads it, with what a run that crashed left in its journal, which is merged at once. A
// ledger that does not exist is empty; nothing is made before the first record. Open fails with a [LockedError] when
// somebody else holds the lock. When it fails, it has changed nothing.
//
// A ledger that is opened for reading only is not locked, so that a plan can be made beside a running apply, on a full disk
// and where nothing may be written. Beside an apply, what is read is the ledger of one moment: what was recorded until then,
// with the steps that were in flight in doubt.
func Open(ctx context.Context, home Home, o Options) (*Ledger, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	l := &Ledger{home: home, project: o.Project, owner: cmp.Or(o.Owner, o.Project), now: o.Now}
	if err := l.lock(ctx, o); err != nil {
		return nil, err
	}
	l.useJournal(home.Journal(l.lease))
	if err := l.open(ctx, o); err != nil {
		return nil, errors.Join(err, l.release(context.WithoutCancel(ctx)))
	}
	return l, nil
}

func (l *Ledger) useJournal(j Journal) {
	l.journal = j
	if j == nil {
		return
	}
	if draft := j.Draft(); draft != nil {
		l.shipper = newShipper(j, draft, l.lease)
		l.journal = l.shipper
	}
}

func (l *Ledger) lock(ctx context.Context, o Options) (err error) {
	if o.ReadOnly || o.NoLock {
		return nil
	}
	o.Holder.Since = o.Now().UTC().Truncate(time.Second)
	if o.Holder.ID, err = newUUID(o.Random); err != nil {
		return err
	}
	if l.lease, err = lock(ctx, l.home, o.Holder, o.LockTimeout); err != nil {
		return err
	}
	if before := l.lease.Predecessor(); before != (Holder{}) && o.TakenOver != nil {
		o.TakenOver(before)
	}
	return nil
}

// overtaken returns the [LostError] of a lock that was lost.
func (l *Ledger) overtaken() error {
	if l.lease == nil {
		return nil
	}
	_ = l.lease.Hold() // where nobody answers, nor will to what comes next
	return l.lease.Err()
}

func (l *Ledger) release(ctx context.Context) error {
	if l.lease == nil {
		return nil
	}
	return l.lease.Release(ctx)
}

func (l *Ledger) open(ctx context.Context, o Options) error {
	leftover, err := l.load(ctx, o.Random)
	if err != nil {
		return err
	}
	if !o.ReadOnly && leftover {
		if err := l.save(ctx, l.document); err != nil {
			return err
		}
	}
	if l.sealer, err = seal.New(o.Seal, l.document.digestKey); err != nil {
		return err
	}
	header, err := newJournalHeader(l.document, o.Random)
	l.recorder = newRecorder(l.journal, header)
	if l.shipper != nil {
		l.shipper.recorder = l.recorder
	}
	if o.ReadOnly {
		l.recorder.err = errors.New("record: the ledger is open for reading only")
		return err
	}
	return errors.Join(err, checkSerial(l.document.serial))
}

// Recall returns the memory of one environment. It does not change before the ledger is closed, and must not be changed
// either.
func (l *Ledger) Recall(environment string) *plan.Recalled {
	d := l.document
	m := d.environments[environment]
	if m == nil {
		m = newMemory()
	}
	return &plan.Recalled{
		Lineage: d.lineage, Serial: d.serial, DigestKey: d.digestKey, Actors: m.actors, Pools: m.pools, Unseal: l.sealer.Open,
	}
}

// Only returns the one environment that anything is remembered of; nothing where there are several, or none.
func (l *Ledger) Only() (environment string) {
	if len(l.document.environments) != 1 {
		return ""
	}
	for id := range l.document.environments {
		environment = id
	}
	return environment
}

// Environment returns where to record what is done in one environment.
func (l *Ledger) Environment(id string) *Environment { return &Environment{l, id} }

// Seals reports whether secret results are kept.
func (l *Ledger) Seals() bool { return l.sealer.CanSeal() }

// Ready reports why no record could be kept on this machine, as far as that can be told before there is one.
func (l *Ledger) Ready() error {
	j := l.journal
	if l.shipper != nil {
		j = l.shipper.draft
	}
	if r, ok := j.(interface{ Ready() error }); ok {
		return r.Ready()
	}
	return nil
}

// Lost returns a channel that is closed when somebody else has taken the lock, after which nothing more should be started.
// It is nil where the lock is never lost or was not taken.
func (l *Ledger) Lost() <-chan struct{} {
	if l.lease == nil {
		return nil
	}
	return l.lease.Lost()
}

// Close merges what was recorded into a new version of the document and lets the lock go, after all calls that record
// have returned. When the document cannot be written, the records stay in the journal and the next Open merges them. When the
// lock was lost, its error is or wraps the [LostError]. A ctx that is cancelled does not keep a local ledger from being
// written.
func (l *Ledger) Close(ctx context.Context) error {
	if l.shipper != nil {
		l.shipper.stop()
	}
	untaken := l.takeBack()
	recorded, err := l.recorder.close()
	err = errors.Join(untaken, err)
	d, end := l.document, l.merge
	switch u := l.uploader; {
	case u == nil:
	case !u.isInVain(ctx):
		d = u.end()
	default:
		l.uploader = nil
		if u.announcement == l.recorder.size {
			end = l.forgo
		}
	}
	lost := l.overtaken()
	if recorded && lost == nil {
		err = errors.Join(err, end(ctx, d))
		lost = l.overtaken()
	}
	if lost != nil { // whatever else is wrong
		err = lost
	}
	released := l.release(ctx)
	if err == nil {
		return released
	}
	return errors.Join(err, released)
}
