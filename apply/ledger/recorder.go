package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

// journalVersion is the version of the journals that are written. Those of version 1 are read too.
const journalVersion = 2

// journalHeader is the first line of a journal.
type journalHeader struct {
	Version   int    `json:"version"`
	ID        string `json:"id"`
	Lineage   string `json:"lineage"`
	Serial    uint64 `json:"serial"`               // of the document that the journal continues
	DigestKey []byte `json:"digest_key,omitempty"` // where there is no document yet
}

// newJournalHeader returns the header of a journal that continues d.
func newJournalHeader(d *document, random io.Reader) (journalHeader, error) {
	id, err := newUUID(random)
	h := journalHeader{Version: journalVersion, ID: id, Lineage: d.lineage, Serial: d.serial}
	if err == nil && d.serial == 0 {
		h.DigestKey = d.digestKey
		h.Lineage, err = newUUID(random)
	}
	return h, err
}

// recorder appends records to a journal, which it makes for the first of them. Each line after the header is a group: an
// array of the records that were made while the line before it was being made durable.
type recorder struct {
	journal Journal // nil where records are not kept
	header  journalHeader

	joining sync.Mutex // guards next and its line
	next    *group

	turn  chan struct{} // holds a token while somebody appends, and so guards what follows
	size  int64         // of the journal
	sum   lineSum       // of its last line
	lines []byte        // what is appended next
	count int           // of the records that many was not told of
	err   error         // why nothing more can be recorded

	many chan struct{} // gets a token after every uploadRecords
}

// group is a line that several goroutines write together.
type group struct {
	line     bytes.Buffer
	records  int
	appended chan struct{} // closed when it was tried
	err      error         // what it came to
}

func newGroup() *group { return &group{appended: make(chan struct{})} }

func newRecorder(journal Journal, header journalHeader) *recorder {
	return &recorder{journal: journal, header: header, next: newGroup(), turn: make(chan struct{}, 1), many: make(chan struct{}, 1)}
}

// record returns when r is durable.
func (r *recorder) record(rec *record) error {
	if r.journal == nil {
		return nil
	}
	g, err := r.join(rec)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	select {
	case <-g.appended:
	case r.turn <- struct{}{}:
		r.append(g)
		<-r.turn
	}
	return g.err
}

// join adds rec to the group that is appended next.
func (r *recorder) join(rec *record) (*group, error) {
	text, err := encodeLine(rec)
	if err != nil {
		return nil, err
	}
	r.joining.Lock()
	defer r.joining.Unlock()
	separator := byte(',')
	if r.next.line.Len() == 0 {
		separator = '['
	}
	r.next.line.WriteByte(separator)
	r.next.line.Write(text)
	r.next.records++
	return r.next, nil
}

// append appends g, and lets another group begin, unless somebody else just did. After an error nobody knows what the end of
// the journal is, so that the first error is the last attempt.
func (r *recorder) append(g *group) {
	r.joining.Lock()
	due := g == r.next
	if due {
		r.next = newGroup()
	}
	r.joining.Unlock()
	if !due {
		return
	}
	if r.err == nil {
		if err := r.write(g); err != nil {
			r.err = unwritten(err, r.journal)
		}
	}
	g.err = r.err
	close(g.appended)
	r.counted(g.records)
}

// unwritten says what it means that a journal cannot be written. Who has lost the lock need not do anything: the one who has it
// took over what was recorded, or does so from the draft in the end.
func unwritten(err error, j Journal) error {
	if lost, ok := errors.AsType[*LostError](err); ok {
		return lost
	}
	return fmt.Errorf("write ledger journal: %w; nothing more can be recorded, what was recorded before is in %s "+
		"and the next run takes it from there", err, j)
}

// counted tells many of records, unless it has not heard of the last ones yet.
func (r *recorder) counted(n int) {
	if r.count += n; r.count < uploadRecords {
		return
	}
	select {
	case r.many <- struct{}{}:
		r.count = 0
	default:
	}
}

func (r *recorder) write(g *group) error {
	if r.size == 0 {
		header, err := encodeLine(r.header)
		if err != nil {
			return err
		}
		r.lines, r.sum = r.sum.appendLine(r.lines, header)
	}
	g.line.WriteByte(']')
	r.lines, r.sum = r.sum.appendLine(r.lines, g.line.Bytes())
	if err := r.journal.Append(r.size, r.lines); err != nil {
		return err
	}
	r.size += int64(len(r.lines))
	r.lines = r.lines[:0]
	return nil
}

// close ends recording and reports whether anything was recorded.
func (r *recorder) close() (recorded bool) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.err == nil {
		r.err = errors.New("record: the ledger is closed")
	}
	return r.size > 0
}
