package ledger

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// replay applies the records of a journal to d, which thereby becomes the next version of the ledger. It does nothing
// when there are none, or when the journal was merged into d before.
func (d *document) replay(journal io.Reader) error {
	lines := bufio.NewReader(journal)
	var header journalHeader
	if found, err := nextLine(lines, &header); !found || err != nil {
		return damaged(1, err)
	}
	if header.Lineage == d.lineage && header.ID == d.journal {
		return nil
	}
	if err := header.check(d); err != nil {
		return err
	}
	for number := 2; ; number++ {
		var group []record
		found, err := nextLine(lines, &group)
		if err == nil && found {
			err = d.applyGroup(header, group)
		}
		if !found || err != nil {
			return damaged(number, err)
		}
	}
}

func (d *document) applyGroup(header journalHeader, group []record) error {
	if d.serial == 0 {
		d.lineage, d.digestKey = header.Lineage, header.DigestKey
	}
	d.serial, d.journal = header.Serial+1, header.ID
	for _, r := range group {
		if err := r.apply(d); err != nil {
			return err
		}
	}
	return nil
}

// nextLine reads the next line into v and reports whether there is one. A last line that cannot be read counts as none:
// a crash cut it short, so that nobody was told that its records are safe.
func nextLine(lines *bufio.Reader, v any) (found bool, err error) {
	line, err := lines.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if len(line) == 0 {
		return false, nil
	}
	if err := json.Unmarshal(line, v); err != nil {
		if _, end := lines.Peek(1); errors.Is(end, io.EOF) {
			return false, nil
		}
		return false, err
	}
	return true, nil
}

// check reports why a journal with this header cannot be merged into d.
func (h journalHeader) check(d *document) error {
	switch {
	case h.Version != journalVersion:
		return &versionError{h.Version, journalVersion}
	case h.Serial != d.serial || h.Lineage != d.lineage && d.serial > 0:
		return &apartError{journal: h, document: d}
	case h.Serial == 0 && len(h.DigestKey) != keySize:
		return damaged(1, fmt.Errorf("the digest key has %d bytes and not %d", len(h.DigestKey), keySize))
	default:
		return nil
	}
}

// damaged says what to do about a line that cannot be read or understood, although others follow it.
func damaged(number int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d is damaged: %w; bring the journal back from a backup, or %s", number, err, startAgain)
}

// apartError says that a journal continues another document than the one that there is.
type apartError struct {
	journal  journalHeader
	document *document
}

func (e *apartError) Error() string {
	return fmt.Sprintf("it continues serial %d of the lineage %q, and the document is serial %d of %q: bring that document back, or %s",
		e.journal.Serial, e.journal.Lineage, e.document.serial, e.document.lineage, startAgain)
}
