package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"riveter/apply/ledger/chain"
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

// flushInterval is for how long at most a record is safe from the end of this process only, and not from that of the machine.
const flushInterval = 250 * time.Millisecond

// recorder appends records to a journal, which it makes for the first of them. Each line after the header is a group: an
// array of the records that were made while the line before it was being made durable.
type recorder struct {
	journal Journal // nil where records are not kept
	header  journalHeader

	joining sync.Mutex // guards next and its line
	next    *group

	turn   chan struct{} // holds a token while somebody appends, and so guards what follows
	size   int64         // of the journal
	sum    chain.Sum     // of its last line
	lines  []byte        // what is appended next
	count  int           // of the records that many was not told of
	err    error         // why nothing more can be recorded
	untold error         // the same, where no record has failed for it

	flushed  atomic.Int64 // so much of the journal is durable
	flushing *time.Timer  // makes the rest so

	many chan struct{} // gets a token after every uploadRecords
}

// group is a line that several goroutines write together.
type group struct {
	line     bytes.Buffer
	records  int
	durable  bool          // when it is appended
	end      int64         // in the journal
	appended chan struct{} // closed when it was tried
	err      error         // what it came to
}

func newGroup() *group { return &group{appended: make(chan struct{})} }

func newRecorder(journal Journal, header journalHeader) *recorder {
	r := &recorder{journal: journal, header: header, next: newGroup(), turn: make(chan struct{}, 1), many: make(chan struct{}, 1)}
	r.flushing = time.AfterFunc(flushInterval, func() { _ = r.flush() }) // an error is that of the next record, or of the end
	r.flushing.Stop()
	return r
}

// record returns when rec is durable.
func (r *recorder) record(rec *record) error { return r.await(rec, true) }

// note returns when rec is in the journal. It becomes durable with the next record, after the flushInterval, or at the end.
func (r *recorder) note(rec *record) error { return r.await(rec, false) }

func (r *recorder) await(rec *record, durable bool) error {
	g, err := r.join(rec, durable)
	if err != nil || g == nil {
		return err
	}
	select {
	case <-g.appended:
	case r.turn <- struct{}{}:
		r.append(g)
		<-r.turn
	}
	return g.err
}

// add has rec get into the journal with the next record, or at the end.
func (r *recorder) add(rec *record) error {
	_, err := r.join(rec, false)
	return err
}

// join adds rec to the group that is appended next. There is none where records are not kept.
func (r *recorder) join(rec *record, durable bool) (*group, error) {
	if r.journal == nil {
		return nil, nil
	}
	text, err := encodeLine(rec)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
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
	r.next.durable = r.next.durable || durable
	return r.next, nil
}

// secure returns when a group is durable whose records were only added.
func (r *recorder) secure(g *group) error {
	select {
	case <-g.appended:
		if g.err != nil || g.end <= r.flushed.Load() {
			return g.err
		}
	default:
	}
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.append(g)
	if g.err == nil && g.end > r.flushed.Load() {
		r.flushRest()
		return r.err
	}
	return g.err
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
			r.err = r.unwritten(err)
		}
	}
	g.err = r.err
	close(g.appended)
	r.counted(g.records)
}

func (r *recorder) unwritten(err error) error {
	if _, lost := errors.AsType[*LostError](err); r.size == 0 && !lost {
		return fmt.Errorf("write ledger journal: %w; nothing was recorded, and nothing can be", err)
	}
	return unwritten(err, r.journal)
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
		r.lines, r.sum = r.sum.Append(r.lines, header)
	}
	g.line.WriteByte(']')
	r.lines, r.sum = r.sum.Append(r.lines, g.line.Bytes())
	if err := r.journal.Append(r.size, r.lines); err != nil {
		return err
	}
	if r.flushed.Load() == r.size {
		r.flushing.Reset(flushInterval)
	}
	r.size += int64(len(r.lines))
	g.end, r.lines = r.size, r.lines[:0]
	if g.durable {
		return r.sync()
	}
	return nil
}

// sync makes durable what is in the journal.
func (r *recorder) sync() error {
	r.flushing.Stop()
	err := r.journal.Sync()
	if err == nil {
		r.flushed.Store(r.size)
	}
	return err
}

// flush makes durable what is in the journal and is not yet.
func (r *recorder) flush() error {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.flushRest()
	return r.err
}

func (r *recorder) flushRest() {
	if r.err != nil || r.flushed.Load() == r.size {
		return
	}
	if err := r.sync(); err != nil {
		r.err = r.unwritten(err)
		r.untold = r.err
	}
}

// close makes durable what is not yet, ends recording and reports whether anything was recorded.
func (r *recorder) close() (recorded bool, err error) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.err == nil && r.next.records > 0 {
		r.append(r.next)
		r.untold = r.err
	}
	r.flushRest()
	if r.err == nil {
		r.err = errors.New("record: the ledger is closed")
	}
	return r.size > 0, r.untold
}
