package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// load reads the document, and reports whether there is a journal, whose records it adds. The journal is opened first:
// whoever merges it meanwhile, where there is no lock, saves the document before removing the journal, and so either both
// of them or the document alone has every record.
func (l *Ledger) load(ctx context.Context, random io.Reader) (leftover bool, err error) {
	journal, err := os.Open(l.home.journal())
	if err == nil {
		defer func() { _ = journal.Close() }()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("read ledger journal: %w", err)
	}
	if err := l.loadDocument(ctx, random); err != nil {
		return false, fmt.Errorf("read ledger %s: %w", l.home, err)
	}
	if journal == nil {
		return false, nil
	}
	return true, l.replay(journal)
}

func (l *Ledger) loadDocument(ctx context.Context, random io.Reader) error {
	data, err := l.home.load(ctx)
	if err != nil {
		return err
	}
	if data == nil {
		l.document, err = newDocument(random)
	} else {
		l.document, err = decodeDocument(data)
	}
	if err != nil {
		return err
	}
	l.serial, l.digest = l.document.serial, sha256.Sum256(data)
	return nil
}

func (l *Ledger) replay(journal io.Reader) error {
	if err := l.document.replay(journal); err != nil {
		return fmt.Errorf("read ledger journal %s: %w", l.home.journal(), err)
	}
	return nil
}

// merge adds what was recorded since the ledger was opened, and saves it.
func (l *Ledger) merge(ctx context.Context) error {
	journal, err := os.Open(l.home.journal())
	if err != nil {
		return fmt.Errorf("read ledger journal: %w", err)
	}
	if err := errors.Join(l.replay(journal), journal.Close()); err != nil {
		return err
	}
	return l.save(ctx)
}

// save writes the document if records made it another than the one that was read, and removes their journal. A crash in
// between is harmless: the document knows the journal that it has the records of.
func (l *Ledger) save(ctx context.Context) error {
	if l.document.serial != l.serial {
		if err := l.saveDocument(ctx); err != nil {
			return fmt.Errorf("save ledger %s: %w; what was recorded is in %s and the next run takes it from there", l.home,
				err, l.home.journal())
		}
	}
	return os.Remove(l.home.journal())
}

// saveDocument refuses to overwrite what somebody else wrote since the document was read, such as another branch's
// version that was checked out.
func (l *Ledger) saveDocument(ctx context.Context) error {
	current, err := l.home.load(ctx)
	if err != nil {
		return err
	}
	if sha256.Sum256(current) != l.digest {
		return errors.New("it was changed while this run used it: bring back the version that the run began with")
	}
	digest := sha256.New()
	err = l.home.save(ctx, func(w io.Writer) error { return l.document.encode(io.MultiWriter(w, digest)) })
	if err == nil {
		l.serial, l.digest = l.document.serial, [sha256.Size]byte(digest.Sum(nil))
	}
	return err
}
