package ledger

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"riveter/apply/ledger/chain"
)

// replay applies the records of a journal to d, as far as they were not merged into it before. Thereby d becomes the next
// version of the ledger, unless there are none. It reports whether the journal is the last one of the document by then, and has
// all that was ever merged of it.
func (d *document) replay(journal io.Reader) (last bool, err error) {
	r := &replayer{lines: &chain.Reader{In: bufio.NewReader(journal)}, document: d, serial: d.serial}
	err = r.replay()
	if err == nil {
		return r.continues() && !r.waiting, nil
	}
	if _, apart := errors.AsType[*apartError](err); apart {
		return false, err
	}
	if version, ok := errors.AsType[*versionError](err); ok {
		return false, version
	}
	return false, fmt.Errorf("line %d is damaged: %w; bring the journal back from a backup, or %s", r.lines.Number, err, startAgain)
}

// replayer merges one journal.
type replayer struct {
	lines    *chain.Reader
	document *document
	serial   uint64 // of the document before
	header   journalHeader
	waiting  bool // for the last line that was merged
}

func (r *replayer) replay() error {
	version, known := peekVersion(r.lines.In)
	switch {
	case version == 1:
		return r.journal1()
	case known && version != journalVersion:
		return &versionError{version, journalVersion}
	default:
		return r.journal2()
	}
}

var versionPattern = regexp.MustCompile(`^\{"version":(\d+)[,}]`)

// peekVersion returns the version that a journal says it has, if it says so.
func peekVersion(in *bufio.Reader) (version int, known bool) {
	start, _ := in.Peek(32)
	match := versionPattern.FindSubmatch(start)
	if match == nil {
		return 0, false
	}
	version, err := strconv.Atoi(string(match[1]))
	return version, err == nil
}

// journal2 reads a journal as it is written now.
func (r *replayer) journal2() error {
	line, err := r.lines.Next()
	if line == nil || err != nil {
		return err
	}
	if err := decodeStrictly(line, &r.header); err != nil {
		return err
	}
	if r.header.Serial > 0 && r.document.serial == 0 { // also where it has nothing to merge, as its document is somewhere
		return &apartError{journal: r.header, document: r.document}
	}
	r.document.migrate()
	last := ""
	if r.continues() {
		last = r.document.journal.Sum
	}
	r.waiting = last != ""
	for {
		line, err := r.lines.Next()
		switch {
		case line == nil || err != nil:
			return err
		case r.waiting:
			r.waiting = r.lines.Sum.String() != last
		default:
			if err := r.group(line); err != nil {
				return err
			}
		}
	}
}

func (r *replayer) group(line []byte) error {
	if !r.continues() {
		if err := r.check(); err != nil {
			return err
		}
		r.document.assume()
	}
	var group []record
	if err := decodeStrictly(line, &group); err != nil {
		return err
	}
	for i := range group {
		if err := group[i].apply(r.document); err != nil {
			return err
		}
	}
	r.merged(r.lines.Sum.String())
	return nil
}

// journal1 reads a journal of version 1, in which a last line without an end counts as far as it can be read.
func (r *replayer) journal1() error {
	line, ended, err := r.lines.Raw()
	if err == nil {
		err = json.Unmarshal(line, &r.header)
	}
	switch {
	case err != nil && !ended:
		return nil
	case err != nil || r.continues():
		return err
	case r.document.serial > 0 && r.document.version1 == nil:
		return errors.New("it is of version 1, and the document is not")
	}
	err = r.check()
	for err == nil {
		if line, ended, err = r.lines.Raw(); err != nil || line == nil || !ended && !json.Valid(line) {
			break
		}
		err = group1(line, r.document)
		r.merged("")
	}
	return err
}

// continues reports whether the journal is the one that was merged last.
func (r *replayer) continues() bool {
	return r.header.Lineage == r.document.lineage && r.header.ID == r.document.journal.ID
}

// check reports why a journal cannot be merged.
func (r *replayer) check() error {
	h, d := r.header, r.document
	switch {
	case h.Serial != d.serial || h.Lineage != d.lineage && d.serial > 0:
		return &apartError{journal: h, document: d}
	case h.Serial == 0 && len(h.DigestKey) != keySize:
		return fmt.Errorf("the digest key has %d bytes and not %d", len(h.DigestKey), keySize)
	default:
		return checkSerial(d.serial)
	}
}

// merged makes the document the next version of the ledger, which has the journal as far as the line with this sum.
func (r *replayer) merged(sum string) {
	d := r.document
	if r.serial == 0 {
		d.lineage, d.digestKey = r.header.Lineage, r.header.DigestKey
	}
	d.serial, d.journal = r.serial+1, merged{r.header.ID, sum}
}

// apartError says that a journal continues another document than the one that there is.
type apartError struct {
	journal  journalHeader
	document *document
}

// isSuperseded reports whether the document is a later version of what the journal continues.
func (e *apartError) isSuperseded() bool {
	return e.isOlder() && e.journal.Lineage == e.document.lineage
}

// isOlder reports whether the document is one that others wrote after the journal was begun, as far as serials tell.
func (e *apartError) isOlder() bool { return e.journal.Serial < e.document.serial }

func (e *apartError) Error() string {
	if e.document.serial == 0 {
		return fmt.Sprintf("it continues serial %d of the lineage %q, and there is no document; run again if it only seems to be gone, bring it back, or %s",
			e.journal.Serial, e.journal.Lineage, startAgain)
	}
	return fmt.Sprintf("it continues serial %d of the lineage %q, and the document is serial %d of %q: bring that document back, or %s",
		e.journal.Serial, e.journal.Lineage, e.document.serial, e.document.lineage, startAgain)
}
