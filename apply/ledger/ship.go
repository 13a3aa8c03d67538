package ledger

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"
	"time"

	"riveter/plan"
)

// shipInterval is for how long at most a record is on this machine only.
const shipInterval = 250 * time.Millisecond

// shipper keeps a journal that is too far away for each record to wait for it. Records are appended to its draft, which is on this
// machine, and go on from there together, four times a second. What may not be done twice waits until it is known far away as
// well that it is about to be done; most of it is announced before its turn comes. Where nothing is announced, each record waits.
type shipper struct {
	Journal     // far away
	draft       Journal
	lease       Lease // nil for who goes without the lock
	recorder    *recorder
	environment string   // that the outlook is about
	memory      *memory  // of it, before the run; nil where there is none
	outlook     *outlook // nil until something is announced
	stop        func()   // ends shipping by and by

	turn    sync.Mutex // held while something is shipped; guards shipped and err
	shipped int64      // so much of the draft
	err     error      // why nothing more can be

	mu      sync.Mutex // guards what follows
	size    int64      // of the draft
	pending []byte     // what of it is not shipped
}

func newShipper(journal, draft Journal, lease Lease) *shipper {
	return &shipper{Journal: journal, draft: draft, lease: lease, stop: func() {}}
}

// String implements [Journal].
func (s *shipper) String() string { return s.draft.String() }

// Open implements [Journal]: the draft has every record.
func (s *shipper) Open(ctx context.Context) (io.ReadCloser, error) { return s.draft.Open(ctx) }

// Append implements [Journal]. Who has lost the lock stops here, before the one far away says so; the draft may be somebody
// else's by now.
func (s *shipper) Append(at int64, data []byte) error {
	if err := s.hold(); err != nil {
		return err
	}
	err := s.draft.Append(at, data)
	if err := cmp.Or(s.hold(), err); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, data...)
	s.size += int64(len(data))
	return nil
}

func (s *shipper) hold() error {
	if s.lease == nil {
		return nil
	}
	return s.lease.Hold()
}

// Sync implements [Journal].
func (s *shipper) Sync() error { return s.draft.Sync() }

// Remove implements [Journal]. The draft is removed last, as it knows more.
func (s *shipper) Remove(ctx context.Context) error {
	for _, j := range []Journal{s.Journal, s.draft} {
		if err := j.Remove(ctx); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// announce announces what comes first, and goes on shipping until stop is called.
func (s *shipper) announce(environment string, m *memory, intents []plan.Intent, now time.Time) error {
	s.environment, s.memory, s.outlook = environment, m, newOutlook(intents, now)
	if err := s.ship(); err != nil {
		return err
	}
	ended, done := make(chan struct{}), make(chan struct{})
	s.stop = func() { close(ended); <-done }
	go func() {
		defer close(done)
		ticker := time.NewTicker(shipInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ticker.C:
				_ = s.ship() // an error is that of who waits next
			}
		}
	}()
	return nil
}

// recorded returns when what was recorded may be done.
func (s *shipper) recorded(r *record) error {
	ready := s.outlook != nil
	switch {
	case ready && r.Bind != nil:
		ready = s.outlook.bind(plan.IdentityOf(string(r.Bind.Name), r.Bind.Key), string(r.Bind.ActorID))
	case ready && r.Started != nil:
		ready = s.outlook.step(r.Actor.identity(), r.Step)
	}
	if ready {
		return nil
	}
	return s.wait()
}

// wait returns when everything that was recorded so far is known far away.
func (s *shipper) wait() error {
	s.mu.Lock()
	size := s.size
	s.mu.Unlock()
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.err == nil && s.shipped < size {
		s.err = s.next()
	}
	return s.err
}

// ship announces what comes next, and ships what was recorded.
func (s *shipper) ship() error {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.err == nil {
		s.err = s.next()
	}
	return s.err
}

func (s *shipper) next() error {
	if s.outlook == nil {
		return s.send()
	}
	announced, heard := s.outlook.announce()
	s.memory.markAgain(announced)
	if len(announced) > 0 {
		if err := s.recorder.record(&record{Environment: s.environment, Announced: announced}); err != nil {
			return err
		}
	}
	if err := s.send(); err != nil {
		return err
	}
	heard()
	return nil
}

// send ships what was recorded.
func (s *shipper) send() error {
	data := s.take()
	if len(data) == 0 {
		return nil
	}
	if err := s.recorder.flush(); err != nil { // the draft is to know more
		return err
	}
	if err := s.Journal.Append(s.shipped, data); err != nil {
		return unwritten(err, s)
	}
	s.shipped += int64(len(data))
	return nil
}

func (s *shipper) take() (pending []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pending, s.pending = s.pending, nil
	return pending
}
