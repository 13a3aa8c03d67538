package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"sync"

	"riveter/apply/ledger"
)

// Home is a home in memory. Its zero value is empty. It may be used concurrently.
type Home struct {
	// OnSave and OnAppend are asked before each write of the document and of the journal, by its number, which begins with 1.
	// When they return an error, nothing is written. They may be nil, and must not be changed while the home is in use.
	OnSave, OnAppend func(number int) error
	// OnSaved is asked after the document was written, and its error is that of an answer that was lost.
	OnSaved func(number int) error
	// Private makes the journal one that only this machine has; Vanish takes it away.
	Private bool

	mu             sync.Mutex
	document       []byte
	journal        []byte
	holder         *lease
	saves, appends int
}

// FailAt returns an OnSave or OnAppend that fails at the k-th write and no other.
func FailAt(k int) func(number int) error {
	return func(number int) error {
		if number == k {
			return errors.New("no space left on device")
		}
		return nil
	}
}

// String implements [ledger.Home].
func (h *Home) String() string { return "memory" }

// Writes returns how many writes of the document and of the journal were tried.
func (h *Home) Writes() (saves, appends int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.saves, h.appends
}

// Lock implements [ledger.Home].
func (h *Home) Lock(_ context.Context, holder ledger.Holder) (ledger.Lease, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.holder != nil {
		return nil, &ledger.LockedError{Ledger: h.String(), Holder: h.holder.who}
	}
	h.holder = &lease{home: h, who: holder, lost: make(chan struct{})}
	return h.holder, nil
}

// Take gives the lock to holder, whoever has it. It is not given back.
func (h *Home) Take(holder ledger.Holder) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.holder != nil {
		h.holder.err = &ledger.LostError{Ledger: h.String(), Holder: holder}
		close(h.holder.lost)
	}
	h.holder = &lease{home: h, who: holder, lost: make(chan struct{})}
}

// Crash ends a run as kill -9 does: the lock is free, and what was recorded is in the journal.
func (h *Home) Crash() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.holder = nil
}

// Vanish ends a run as the loss of its machine does: the lock is free, and the journal is gone.
func (h *Home) Vanish() {
	h.Crash()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.journal = nil
}

// TakeJournal returns the journal and removes it, and PutJournal puts one there.
func (h *Home) TakeJournal() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := h.journal
	h.journal = nil
	return taken
}

// PutJournal is the reverse of [Home.TakeJournal].
func (h *Home) PutJournal(journal []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.journal = journal
}

// Load implements [ledger.Home].
func (h *Home) Load(context.Context) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.document), nil
}

// Save implements [ledger.Home].
func (h *Home) Save(_ context.Context, by ledger.Lease, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.saves++
	if err := errors.Join(refused(by), ask(h.OnSave, h.saves)); err != nil {
		return err
	}
	h.document = b.Bytes()
	return ask(h.OnSaved, h.saves)
}

// refused returns the error of a lease that was lost.
func refused(by ledger.Lease) error {
	if l, ok := by.(*lease); ok {
		return l.err
	}
	return nil
}

func ask(hook func(int) error, number int) error {
	if hook == nil {
		return nil
	}
	return hook(number)
}

// Journal implements [ledger.Home].
func (h *Home) Journal(by ledger.Lease) ledger.Journal { return journal{h, by} }

type lease struct {
	home *Home
	who  ledger.Holder
	lost chan struct{}
	err  error // guarded by the home
}

func (l *lease) Release(context.Context) error {
	l.home.mu.Lock()
	defer l.home.mu.Unlock()
	if l.home.holder == l {
		l.home.holder = nil
	}
	return nil
}

func (l *lease) Lost() <-chan struct{} { return l.lost }

func (l *lease) Err() error {
	l.home.mu.Lock()
	defer l.home.mu.Unlock()
	return l.err
}

type journal struct {
	home *Home
	by   ledger.Lease
}

func (j journal) String() string { return "memory journal" }

func (j journal) Open(context.Context) (io.ReadCloser, error) {
	j.home.mu.Lock()
	defer j.home.mu.Unlock()
	if j.home.journal == nil {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(slices.Clone(j.home.journal))), nil
}

func (j journal) Append(at int64, data []byte) error {
	h := j.home
	h.mu.Lock()
	defer h.mu.Unlock()
	h.appends++
	if err := errors.Join(refused(j.by), ask(h.OnAppend, h.appends)); err != nil {
		return err
	}
	if int64(len(h.journal)) != at || at == 0 && h.journal != nil {
		return errors.New("the journal ends elsewhere")
	}
	h.journal = append(h.journal, data...)
	return nil
}

func (j journal) Private() bool { return j.home.Private }

func (j journal) Remove(context.Context) error {
	j.home.mu.Lock()
	defer j.home.mu.Unlock()
	j.home.journal = nil
	return refused(j.by)
}
