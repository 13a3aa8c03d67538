package redact

import (
	"bytes"
	"cmp"
	"io"
	"sync"
)

// Writer replaces secrets in what passes through it, a line at a time: what follows the last line break waits for the
// next one, or for Flush. It is safe for concurrent use.
type Writer struct {
	mu      sync.Mutex
	to      io.Writer
	set     *Set
	onError func(error) // called once; may be nil
	pending []byte
	failed  error
}

// NewWriter returns a Writer in front of to. The first time that to fails, it calls onError, which may be nil and must not
// write.
func NewWriter(to io.Writer, set *Set, onError func(error)) *Writer {
	return &Writer{to: to, set: set, onError: onError}
}

// Write implements io.Writer.
func (w *Writer) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = append(w.pending, data...)
	end := bytes.LastIndexByte(w.pending, '\n') + 1
	return len(data), w.pass(end)
}

// Flush passes on what waits for the end of its line. It returns the first error that any writing had so far, so that
// nobody has to ask before.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cmp.Or(w.pass(len(w.pending)), w.failed)
}

func (w *Writer) pass(n int) error {
	if n == 0 {
		return nil
	}
	err := w.write([]byte(w.set.Redact(string(w.pending[:n]))))
	w.pending = append(w.pending[:0], w.pending[n:]...)
	return err
}

// write writes what has no secrets any more. Its error is the first one, also after others.
func (w *Writer) write(data []byte) error {
	_, err := w.to.Write(data)
	if err == nil {
		return nil
	}
	if w.failed == nil {
		w.failed = err
		if w.onError != nil {
			w.onError(err)
		}
	}
	return w.failed
}

// Flush writes what w has kept back, if it is such a writer.
func Flush(w io.Writer) {
	if f, ok := w.(interface{ Flush() error }); ok {
		_ = f.Flush() // the writer remembers its failure
	}
}

// JSON returns JSON without the secrets in it, as [Set.JSON] does.
func (w *Writer) JSON(encoded []byte, part func(path []string) Part) ([]byte, error) {
	return w.set.JSON(encoded, part)
}

// WriteHidden writes something from which the secrets were taken already.
func (w *Writer) WriteHidden(data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cmp.Or(w.pass(len(w.pending)), w.write(data))
}

// Past writes what draw draws to w without looking for secrets in it, which draw has left out itself, so that nothing that riveter
// says on its own is taken for one.
func Past(w io.Writer, draw func(io.Writer) error) error {
	hiding, ok := w.(*Writer)
	if !ok {
		return draw(w)
	}
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		return err
	}
	return hiding.WriteHidden(b.Bytes())
}

// Text returns a text without the secrets that w hides, if it is a [Writer].
func Text(w io.Writer, text string) string {
	if hiding, ok := w.(*Writer); ok {
		return hiding.set.Redact(text)
	}
	return text
}
