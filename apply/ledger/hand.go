package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Unlocker is a home whose lock does not end with its holder, so that somebody may have to release it by hand.
type Unlocker interface {
	// Unlock releases the lock with this id, whoever has it.
	Unlock(ctx context.Context, id string) error
}

// Write writes the document as it is remembered, with what a run that crashed has left.
func (l *Ledger) Write(w io.Writer) error {
	if l.document.serial == 0 {
		return errors.New("there is no ledger yet")
	}
	return l.document.encode(w)
}

// Replace puts a document, as [Ledger.Write] wrote it, in the place of what is remembered, and saves it. It refuses another
// lineage and a serial that is not higher, unless it is forced to take them: then the serial goes on from the higher one. After
// that the ledger is only to be closed. It returns what was there before and what is now, as numbers of remembered actors.
func (l *Ledger) Replace(ctx context.Context, data []byte, force bool) (before, after int, err error) {
	d, err := decodeDocument(data)
	if err != nil {
		return 0, 0, err
	}
	d.migrate()
	d.assume()
	switch old := l.document; {
	case old.serial == 0 || force:
	case d.lineage != old.lineage:
		return 0, 0, fmt.Errorf("it is another ledger, of the lineage %q and not %q; -force takes it all the same", d.lineage, old.lineage)
	case d.serial <= old.serial:
		return 0, 0, fmt.Errorf("its serial %d is not higher than %d, so it may be older; -force takes it all the same", d.serial, old.serial)
	}
	if force && d.serial <= l.document.serial {
		d.serial = l.document.serial + 1
	}
	before, after = l.document.actors(), d.actors()
	if err := l.saveDocument(ctx, d); err != nil {
		return 0, 0, fmt.Errorf("save ledger %s: %w", l.home, err)
	}
	l.document = d
	return before, after, nil
}

func (d *document) actors() (n int) {
	for _, m := range d.environments {
		n += len(m.actors)
	}
	return n
}
