package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"riveter/internal/atomicfile"
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

// BackupPath returns where there is nothing yet beside the local ledger at a path: each backup of it is kept, under the time at which it
// was made.
func BackupPath(path string, at time.Time) string {
	stamped := path + at.UTC().Format(".20060102T150405Z")
	free := stamped + ".backup"
	for n := 2; exists(free); n++ {
		free = fmt.Sprintf("%s-%d.backup", stamped, n)
	}
	return free
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Backup writes what is remembered to a file of its own beside a local ledger. It returns the path of that file, or nothing where the
// home is elsewhere or nothing is remembered yet.
func (l *Ledger) Backup() (path string, err error) {
	home, ok := l.home.(local)
	if !ok || l.document.serial == 0 {
		return "", nil
	}
	path = BackupPath(home.path, l.now())
	if err := atomicfile.Write(path, 0o600, l.Write); err != nil {
		return "", fmt.Errorf("back up ledger %s: %w", l.home, err)
	}
	return path, nil
}

// Successor is a document that may take the place of what is remembered. Before and After are the numbers of actors that are
// remembered without it and with it.
type Successor struct {
	document      *document
	Before, After int
	Same          bool // it is what is remembered, so that there is nothing to do
}

// Successor reads a document, as [Ledger.Write] wrote it. Where the home keeps nothing, it refuses every one. It refuses another lineage and a lower serial, and another document with the
// serial that there is, unless it is forced to take them: then the serial goes on from the higher one.
func (l *Ledger) Successor(data []byte, force bool) (*Successor, error) {
	if l.home == None() {
		return nil, errors.New("the ledger \"none\" keeps nothing, so all of it would be forgotten")
	}
	d, err := decodeDocument(data)
	if err != nil {
		return nil, err
	}
	d.migrate()
	d.assume()
	old, wrong := l.document, ""
	switch {
	case old.isSame(d):
		return &Successor{document: d, Before: old.actors(), After: d.actors(), Same: true}, nil
	case old.serial == 0 || force:
	case d.lineage != old.lineage:
		wrong = fmt.Sprintf("it is another ledger, of the lineage %q and not %q", d.lineage, old.lineage)
	case d.serial == old.serial:
		wrong = fmt.Sprintf("it is another one with the same serial %d, so nobody knows which is newer", d.serial)
	case d.serial < old.serial:
		wrong = fmt.Sprintf("its serial %d is lower than %d, so it is older", d.serial, old.serial)
	}
	if wrong != "" {
		return nil, fmt.Errorf("%s; -force puts it in the place of what is remembered here (actors: %d), which is forgotten then", wrong, old.actors())
	}
	if force && d.serial <= old.serial {
		d.serial = old.serial + 1
	}
	return &Successor{document: d, Before: old.actors(), After: d.actors()}, nil
}

// Replace saves a successor in the place of what is remembered. After that the ledger is only to be closed.
func (l *Ledger) Replace(ctx context.Context, by *Successor) error {
	if err := l.saveLast(ctx, by.document); err != nil {
		return fmt.Errorf("save ledger %s: %w", l.home, err)
	}
	l.document = by.document
	return nil
}

// isSame reports whether two documents are written alike.
func (d *document) isSame(other *document) bool {
	var a, b bytes.Buffer
	return d.serial == other.serial && d.encode(&a) == nil && other.encode(&b) == nil && bytes.Equal(a.Bytes(), b.Bytes())
}

func (d *document) actors() (n int) {
	for _, m := range d.environments {
		n += len(m.actors)
	}
	return n
}
