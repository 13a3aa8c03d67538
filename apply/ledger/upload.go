package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"riveter/plan"
)

const (
	// uploadInterval is the longest time between two versions of the document that are saved during a run.
	uploadInterval = 10 * time.Second
	// uploadRecords is how many records there are at most between two versions: those of 500 steps.
	uploadRecords = 1000
)

// Announce says what the run is about to do, before it does any of it. Where the journal may vanish with this machine, the
// document at home says so from then on, and is saved again every ten seconds or thousand records: whoever opens the ledger
// without the journal finds in doubt exactly what was announced and not yet saved as done. Where the journal has a draft, it
// says so bit by bit, and has the records of the draft a quarter of a second later. Elsewhere nothing is to be done.
// It is called once, and what it was told must not be done if it fails.
func (e *Environment) Announce(ctx context.Context, intents []plan.Intent) error {
	l := e.ledger
	switch {
	case l.journal == nil || len(intents) == 0:
		return nil
	case l.shipper != nil:
		return l.shipper.announce(e.id, l.document.environments[e.id], intents, e.now())
	case l.journal.Private():
		return e.announceAll(ctx, intents)
	default:
		return nil
	}
}

// announceAll has the document say what the run is about to do.
func (e *Environment) announceAll(ctx context.Context, intents []plan.Intent) error {
	l := e.ledger
	u, err := newUploader(l)
	if err != nil {
		return err
	}
	var announced []intentJSON
	for i := range intents {
		announced = append(announced, newIntentJSON(newIntent(&intents[i], e.now())))
	}
	l.document.environments[e.id].markAgain(announced)
	before := l.recorder.size
	if err := l.recorder.record(&record{Environment: e.id, Announced: announced}); err != nil {
		return err
	}
	if before == 0 {
		u.announcement = l.recorder.size
	}
	l.uploader = u // in the end, what nobody said was saved may be there all the same
	isNew := l.serial == 0
	if err = u.upload(ctx); err == nil {
		if isNew { // or somebody between said that there is none
			err = l.reread(ctx)
		}
		u.begin(context.WithoutCancel(ctx))
	}
	if errors.Is(err, errChanged) {
		err = fmt.Errorf("%w; plan again", err)
	}
	if err != nil {
		return fmt.Errorf("save ledger %s before anything is done: %w", l.home, err)
	}
	return nil
}

// uploader saves the document during a run.
type uploader struct {
	ledger   *Ledger
	document *document          // what is recalled, and what was recorded since
	stop     context.CancelFunc // nil where what was to be announced could not be saved
	done     chan struct{}
	// announcement is the size of a journal that has nothing else in it; zero where it has.
	announcement int64
}

func newUploader(l *Ledger) (*uploader, error) {
	var b bytes.Buffer
	d := l.document
	if d.serial > 0 {
		if err := d.encode(&b); err != nil {
			return nil, err
		}
		again, err := decodeDocument(b.Bytes())
		if err != nil {
			return nil, err
		}
		d = again
	} else {
		d = &document{lineage: l.recorder.header.Lineage, digestKey: d.digestKey}
	}
	d.journal = merged{ID: l.recorder.header.ID}
	return &uploader{ledger: l, document: d, done: make(chan struct{})}, nil
}

// upload saves a version that has every record so far.
func (u *uploader) upload(ctx context.Context) error {
	if err := u.ledger.recorder.flush(); err != nil { // the journal is to know more
		return err
	}
	if err := u.ledger.catchUp(ctx, u.document); err != nil {
		return err
	}
	u.document.serial = u.ledger.serial + 1
	return u.ledger.saveDocument(ctx, u.document)
}

// begin saves versions until the end. One that cannot be saved is not missed: the next has what it has.
func (u *uploader) begin(ctx context.Context) {
	ctx, u.stop = context.WithCancel(ctx)
	tick := time.NewTicker(uploadInterval)
	go func() {
		defer close(u.done)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			case <-u.ledger.recorder.many:
			}
			_ = u.upload(ctx)
		}
	}()
}

// isInVain reports whether what was to be announced is surely not at home.
func (u *uploader) isInVain(ctx context.Context) bool {
	switch l := u.ledger; {
	case u.stop != nil:
		return false
	case l.tried == l.digest || l.tried == [sha256.Size]byte{}: // it was not even sent
		return true
	}
	current, err := u.ledger.home.Load(ctx)
	return err == nil && sha256.Sum256(current) == u.ledger.digest
}

// end stops saving, and returns the document for the last version.
func (u *uploader) end() *document {
	if u.stop != nil {
		u.stop()
		<-u.done
	}
	return u.document
}
