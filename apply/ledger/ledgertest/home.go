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
	// Drafted makes the journal one that this machine has a draft of, which Vanish takes away.
	Drafted bool

	mu             sync.Mutex
	document       []byte
	journal, draft []byte
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

// Vanish ends a run as the loss of its machine does: the lock is free, and what only this machine had is gone.
func (h *Home) Vanish() {
	h.Crash()
	h.TakeJournal()
}

// TakeJournal removes the journal that this machine has, or its draft, and returns it.
func (h *Home) TakeJournal() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := *h.here()
	*h.here() = nil
	return taken
}

// PutJournal is the reverse of [Home.TakeJournal].
func (h *Home) PutJournal(journal []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*h.here() = journal
}

// here is the journal that this machine has.
func (h *Home) here() *[]byte {
	if h.Drafted {
		return &h.draft
	}
	return &h.journal
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
func (h *Home) Journal(by ledger.Lease) ledger.Journal { return journal{h, by, &h.journal} }

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

func (l *lease) Hold() error { return l.Err() }

func (l *lease) Lost() <-chan struct{} { return l.lost }

func (l *lease) Predecessor() ledger.Holder { return ledger.Holder{} }

func (l *lease) Err() error {
	l.home.mu.Lock()
	defer l.home.mu.Unlock()
	return l.err
}

type journal struct {
	home *Home
	by   ledger.Lease
	data *[]byte
}

func (j journal) String() string { return "memory journal" }

func (j journal) Open(context.Context) (io.ReadCloser, error) {
	j.home.mu.Lock()
	defer j.home.mu.Unlock()
	if *j.data == nil {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(slices.Clone(*j.data))), nil
}

func (j journal) Append(at int64, data []byte) error {
	h := j.home
	h.mu.Lock()
	defer h.mu.Unlock()
	if !j.isDraft() {
		h.appends++
		if err := ask(h.OnAppend, h.appends); err != nil {
			return err
		}
	}
	if err := refused(j.by); err != nil && !j.isDraft() {
		return err
	}
	if int64(len(*j.data)) != at || at == 0 && *j.data != nil {
		return errors.New("the journal ends elsewhere")
	}
	*j.data = append(*j.data, data...)
	return nil
}

func (j journal) Sync() error { return nil }

func (j journal) isDraft() bool { return j.data == &j.home.draft }

func (j journal) Draft() ledger.Journal {
	if !j.home.Drafted || j.isDraft() {
		return nil
	}
	return journal{j.home, j.by, &j.home.draft}
}

func (j journal) Private() bool { return j.home.Private || j.isDraft() }

func (j journal) Remove(context.Context) error {
	j.home.mu.Lock()
	defer j.home.mu.Unlock()
	if err := refused(j.by); err != nil && !j.isDraft() {
		return err
	}
	*j.data = nil
	return nil
}
