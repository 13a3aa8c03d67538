package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// journalVersion is the version of the journals that are written, and the only one that is read.
const journalVersion = 1

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

// journal appends records to a file that it makes for the first of them. Each line after the header is a group: an array
// of the records that were made while the line before it was being flushed.
type journal struct {
	path   string
	header journalHeader
	create func(path string) (journalFile, error)

	joining sync.Mutex // guards next and its line
	next    *group

	turn chan struct{} // holds a token while somebody flushes, and so guards what follows
	file journalFile
	err  error // why nothing more can be recorded
}

// journalFile is what a journal needs of its file.
type journalFile interface {
	io.WriteCloser
	Sync() error
}

// group is a line that several goroutines write together.
type group struct {
	line    bytes.Buffer
	flushed chan struct{} // closed when it was tried
	err     error         // what it came to
}

func newGroup() *group { return &group{flushed: make(chan struct{})} }

func newJournal(path string, header journalHeader) *journal {
	return &journal{path: path, header: header, create: createJournal, next: newGroup(), turn: make(chan struct{}, 1)}
}

// append returns when r is on disk. A nil journal drops it.
func (j *journal) append(r *record) error {
	if j == nil {
		return nil
	}
	g, err := j.join(r)
	if err != nil {
		return fmt.Errorf("record %s: %w", r.Actor, err)
	}
	select {
	case <-g.flushed:
	case j.turn <- struct{}{}:
		j.flush(g)
		<-j.turn
	}
	return g.err
}

// join adds r to the group that is flushed next.
func (j *journal) join(r *record) (*group, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	j.joining.Lock()
	defer j.joining.Unlock()
	separator := byte(',')
	if j.next.line.Len() == 0 {
		separator = '['
	}
	j.next.line.WriteByte(separator)
	j.next.line.Write(bytes.TrimSpace(b.Bytes()))
	return j.next, nil
}

// flush writes g, and lets another group begin, unless somebody else just did. After a failed write the end of the file
// may be torn, and after a failed flush nobody knows what is on disk, so that the first error is the last attempt.
func (j *journal) flush(g *group) {
	j.joining.Lock()
	due := g == j.next
	if due {
		j.next = newGroup()
	}
	j.joining.Unlock()
	if !due {
		return
	}
	if j.err == nil {
		if err := j.write(g); err != nil {
			j.err = fmt.Errorf("write ledger journal: %w; nothing more can be recorded, what was recorded before is in %s "+
				"and the next run takes it from there", err, j.path)
		}
	}
	g.err = j.err
	close(g.flushed)
}

func (j *journal) write(g *group) error {
	var line bytes.Buffer
	if j.file == nil {
		file, err := j.create(j.path)
		if err != nil {
			return err
		}
		j.file = file
		if err := json.NewEncoder(&line).Encode(j.header); err != nil {
			return err
		}
	}
	line.Write(g.line.Bytes())
	line.WriteString("]\n")
	if _, err := j.file.Write(line.Bytes()); err != nil {
		return err
	}
	return j.file.Sync()
}

// close ends recording and reports whether there is a file. A nil journal has none.
func (j *journal) close() (written bool, err error) {
	if j == nil {
		return false, nil
	}
	j.turn <- struct{}{}
	defer func() { <-j.turn }()
	if j.err == nil {
		j.err = errors.New("record: the ledger is closed")
	}
	if j.file == nil {
		return false, nil
	}
	return true, j.file.Close()
}

// createJournal makes the file, which is not there: a journal that an earlier run left was merged before this one began.
func createJournal(path string) (journalFile, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syncDirectory(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
