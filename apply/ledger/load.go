package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// loadAttempts is how often the ledger is read when journal and document do not belong together. Where there is no lock,
// whole runs may come and go between the reading of the one and of the other.
const loadAttempts = 3

// load reads the document, and reports whether there is a journal, whose records it adds.
func (l *Ledger) load(ctx context.Context, random io.Reader) (leftover bool, err error) {
	for range loadAttempts {
		leftover, err = l.loadOnce(ctx, random)
		if _, apart := errors.AsType[*apartError](err); !apart {
			break
		}
	}
	return leftover, err
}

// loadOnce opens the journal first: whoever merges it meanwhile saves the document before removing the journal, and so
// either both of them or the document alone has every record.
func (l *Ledger) loadOnce(ctx context.Context, random io.Reader) (leftover bool, err error) {
	journals, err := l.openJournals(ctx)
	defer func() {
		for _, j := range journals {
			_ = j.records.Close()
		}
	}()
	if err != nil {
		return false, err
	}
	if err := l.loadDocument(ctx, random); err != nil {
		return false, fmt.Errorf("read ledger %s: %w", l.home, err)
	}
	for _, j := range journals {
		if err := l.replay(ctx, j); err != nil {
			return false, err
		}
	}
	l.document.migrate()
	l.document.assume()
	return len(journals) > 0, nil
}

// openJournal is a journal that was left behind.
type openJournal struct {
	Journal
	records io.ReadCloser
}

// replay merges a journal. Of one that nobody else could read, and that others have gone past since, is taken what they had to
// take for possible. One of a ledger that they have never heard of, and began themselves meanwhile, has nothing to say: nothing was
// done. Otherwise it knows what was done of all that was announced.
func (l *Ledger) replay(ctx context.Context, j openJournal) error {
	last, err := l.document.replay(j.records)
	if apart, ok := errors.AsType[*apartError](err); ok && j.Private() && apart.isOlder() {
		return l.hear(ctx, j, apart)
	}
	if err != nil {
		return unreadable(j, err)
	}
	l.document.serial = min(l.document.serial, l.serial+1)
	if last && j.Private() {
		l.document.forgetIntents()
	}
	return nil
}

func unreadable(j Journal, err error) error { return fmt.Errorf("read ledger journal %s: %w", j, err) }

// hear takes from a journal that others have gone past what they could not know, as the next version of the document if there is any of it.
func (l *Ledger) hear(ctx context.Context, j Journal, apart *apartError) error {
	t, err := hearOf(ctx, j)
	switch {
	case err != nil:
		return unreadable(j, err)
	case !apart.isSuperseded():
		if l.shipper != nil || apart.journal.Serial == 0 && !t.began {
			return nil
		}
		return unreadable(j, apart)
	}
	l.document.assume()
	if t.amend(l.document) {
		l.document.serial = l.serial + 1
	}
	return nil
}

func hearOf(ctx context.Context, j Journal) (*testimony, error) {
	records, err := j.Open(ctx)
	if err != nil {
		return nil, err
	}
	t, err := readTestimony(records)
	return t, errors.Join(err, records.Close())
}

// openJournals opens those that there are, the one that knows most at the end.
func (l *Ledger) openJournals(ctx context.Context) (opened []openJournal, err error) {
	for _, j := range l.journals() {
		records, err := j.Open(ctx)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return opened, fmt.Errorf("read ledger journal: %w", err)
		}
		opened = append(opened, openJournal{j, records})
	}
	return opened, nil
}

func (l *Ledger) journals() []Journal {
	switch {
	case l.journal == nil:
		return nil
	case l.shipper != nil:
		return []Journal{l.shipper.Journal, l.shipper.draft}
	default:
		return []Journal{l.journal}
	}
}

func (l *Ledger) loadDocument(ctx context.Context, random io.Reader) error {
	data, err := l.home.Load(ctx)
	if err != nil {
		return err
	}
	sums := summing(data)
	if data == nil {
		l.document, err = newDocument(random)
	} else {
		l.document, err = decodeSummed(data, sums)
	}
	if err != nil {
		return undecoded(data, err)
	}
	l.serial, l.digest = l.document.serial, sums().whole
	return nil
}

// undecoded says what to do about data that cannot be read, which may be none of ours but what somebody between answers.
func undecoded(data []byte, err error) error {
	if bytes.Contains(data, []byte(`"terraform_version"`)) && !IsDocument(data[:min(len(data), HeadSize)]) {
		return errors.New("what is there is a state of Terraform's; give the ledger an address of its own")
	}
	if version, ok := errors.AsType[*versionError](err); ok {
		return version
	}
	if unmerged, ok := errors.AsType[*unmergedError](err); ok {
		return unmerged
	}
	if !IsDocument(data[:min(len(data), HeadSize)]) {
		return fmt.Errorf("what is there is no ledger (%w); correct the address if this is the wrong place, else bring the last version back from a backup, or %s",
			err, startAgain)
	}
	return fmt.Errorf("%w; bring its last version back from a backup, or %s", err, startAgain)
}

// startAgain is what is left to do when there is no backup. A journal alone must not be given up, nor an older document be
// put in the place of the last: what they do not remember of a fresh actor counts as never done, and is done again.
const startAgain = "move document and journal away together, after which a plan asks about every step"

// merge adds what was recorded since the ledger was opened to a document, in which nothing is announced any more, and saves it.
func (l *Ledger) merge(ctx context.Context, d *document) error {
	if err := l.catchUp(ctx, d); err != nil {
		return err
	}
	d.forgetIntents()
	if l.uploader != nil {
		d.serial = l.serial + 1
	}
	return l.save(ctx, d)
}

// forgo removes a journal of a run that did nothing, since it could not say what it was about to do. Who read an answer that was not
// the ledger's has begun another ledger in it, which would be in the way of every later run.
func (l *Ledger) forgo(ctx context.Context, _ *document) error { return l.journal.Remove(ctx) }

// catchUp adds what was recorded since to a document.
func (l *Ledger) catchUp(ctx context.Context, d *document) error {
	records, err := l.journal.Open(ctx)
	if err == nil {
		_, err = d.replay(records)
		err = errors.Join(err, records.Close())
	}
	if err != nil {
		return fmt.Errorf("read ledger journal %s: %w", l.journal, err)
	}
	return nil
}

// save writes the document if it is another than the one that was read, and removes the journal that it has the records of.
// A crash in between is harmless: the document knows that it has them.
func (l *Ledger) save(ctx context.Context, d *document) error {
	if d.serial != l.serial {
		if err := l.saveLast(ctx, d); err != nil {
			return fmt.Errorf("save ledger %s: %w; what was recorded is in %s and the next run takes it from there", l.home,
				err, l.journal)
		}
	}
	return l.journal.Remove(ctx)
}

// saveLast saves what nothing is kept of elsewhere any more. Where somebody between may have said that it was taken, it is read again.
func (l *Ledger) saveLast(ctx context.Context, d *document) error {
	err := l.saveDocument(ctx, d)
	if err != nil || l.journal == nil || !l.journal.Private() {
		return err
	}
	return l.reread(ctx)
}

// reread looks whether what was saved is there.
func (l *Ledger) reread(ctx context.Context) error {
	current, err := l.home.Load(ctx)
	if err == nil && sha256.Sum256(current) != l.digest {
		err = errors.New("it was taken, and is not there; see whether it is the ledger's server that answers at this address")
	}
	return err
}

// errChanged says that somebody else has written the document.
var errChanged = errors.New("it was changed while this run used it")

// changed adds to that what is to be done. A run that others have gone past adds to theirs what it has done, but a journal beside the document
// continues no other than the one that it began with.
func (l *Ledger) changed() error {
	if l.journal != nil && l.journal.Private() {
		return errChanged
	}
	return fmt.Errorf("%w: bring back the version that the run began with", errChanged)
}

// saveDocument refuses to overwrite what somebody else wrote since the document was read, such as another branch's
// version that was checked out.
func (l *Ledger) saveDocument(ctx context.Context, d *document) error {
	current, err := l.home.Load(ctx)
	if err != nil {
		return err
	}
	switch sha256.Sum256(current) {
	case l.digest:
	case l.tried: // its answer was lost
		d.serial++
	default:
		if current == nil {
			return fmt.Errorf("it is gone, though this run knows its serial %d; run again when it is back", l.serial)
		}
		return l.changed()
	}
	digest := sha256.New()
	err = l.home.Save(ctx, l.lease, func(w io.Writer) error {
		digest.Reset()
		return d.encode(io.MultiWriter(w, digest))
	})
	l.tried = [sha256.Size]byte(digest.Sum(nil))
	if err == nil {
		l.serial, l.digest = d.serial, l.tried
	}
	return err
}
