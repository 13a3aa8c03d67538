package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// journalVersion is the version of the journals that are written. Those of version 1 are read too.
const journalVersion = 2

// maxDeferral is how long a record that may wait for the next one waits at most.
const maxDeferral = 50 * time.Millisecond

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
	journal  Journal // nil where records are not kept
	header   journalHeader
	deferral time.Duration

	joining sync.Mutex // guards next and its line
	next    *group

	turn  chan struct{} // holds a token while somebody appends, and so guards what follows
	size  int64         // of the journal
	sum   lineSum       // of its last line
	lines []byte        // what is appended next
	count int           // of the records that many was not told of
	err   error         // why nothing more can be recorded
	lost  error         // the same, where a record was lost that nobody waited for

	many chan struct{} // gets a token after every uploadRecords
}

// group is a line that several goroutines write together.
type group struct {
	line     bytes.Buffer
	records  int
	untold   bool          // somebody did not wait for it
	appended chan struct{} // closed when it was tried
	err      error         // what it came to
}

func newGroup() *group { return &group{appended: make(chan struct{})} }

func newRecorder(journal Journal, header journalHeader) *recorder {
	return &recorder{
		journal: journal, header: header, deferral: maxDeferral,
		next: newGroup(), turn: make(chan struct{}, 1), many: make(chan struct{}, 1),
	}
}

// record returns when r is durable.
func (r *recorder) record(rec *record) error {
	if r.journal == nil {
		return nil
	}
	g, err := r.join(rec, false)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return r.settle(g)
}

// recordSoon records together with what is recorded next, or shortly where nothing is, and does not wait for it: where the journal is
// far away, that is half of the time that a step takes. If it fails, so does every later record, and the end.
func (r *recorder) recordSoon(rec *record) error {
	if r.journal == nil || !r.journal.Far() {
		return r.record(rec)
	}
	g, err := r.join(rec, true)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	time.AfterFunc(r.deferral, func() { _ = r.settle(g) })
	return nil
}

// settle returns when g is durable, or cannot be made so.
func (r *recorder) settle(g *group) error {
	select {
	case <-g.appended:
	case r.turn <- struct{}{}:
		r.append(g)
		<-r.turn
	}
	return g.err
}

// join adds rec to the group that is appended next.
func (r *recorder) join(rec *record, untold bool) (*group, error) {
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
	r.next.untold = r.next.untold || untold
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
			r.err = fmt.Errorf("write ledger journal: %w; nothing more can be recorded, what was recorded before is in %s "+
				"and the next run takes it from there", err, r.journal)
		}
	}
	if g.err = r.err; g.untold {
		r.lost = r.err
	}
	close(g.appended)
	r.counted(g.records)
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
	if g != nil {
		g.line.WriteByte(']')
		r.lines, r.sum = r.sum.appendLine(r.lines, g.line.Bytes())
	}
	if err := r.journal.Append(r.size, r.lines); err != nil {
		return err
	}
	r.size += int64(len(r.lines))
	r.lines = r.lines[:0]
	return nil
}

// begin makes the journal before the first record.
func (r *recorder) begin() error {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.err != nil || r.size > 0 {
		return r.err
	}
	r.err = r.write(nil)
	return r.err
}

// close ends recording and reports whether anything was recorded. The error is that of a record that nobody waited
// for.
func (r *recorder) close() (recorded bool, err error) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if last := r.next; last.records > 0 { // nobody joins it any more
		r.append(last)
	}
	if r.err == nil {
		r.err = errors.New("record: the ledger is closed")
	}
	return r.size > 0, r.lost
}
