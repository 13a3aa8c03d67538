package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"
	"time"

	"riveter/apply/ledger"
	"riveter/plan"
)

// TestHome holds a kind of home to its contract. Each call of newPlace makes a place that has no ledger yet, and returns how
// to get at it: every home that this gives is like that of another process.
func TestHome(t *testing.T, newPlace func(t *testing.T) (newHome func() ledger.Home)) {
	t.Helper()
	for name, clause := range map[string]func(*contract){
		"keeps what is saved":                     (*contract).keepsWhatIsSaved,
		"keeps the old when saving fails":         (*contract).keepsTheOldWhenSavingFails,
		"keeps a journal":                         (*contract).keepsAJournal,
		"appends where the journal ends":          (*contract).appendsWhereTheJournalEnds,
		"has one holder at a time":                (*contract).hasOneHolderAtATime,
		"is waited for":                           (*contract).isWaitedFor,
		"is waited for no longer than asked":      (*contract).isWaitedForNoLongerThanAsked,
		"remembers a run":                         (*contract).remembersARun,
		"remembers a run that was killed":         (*contract).remembersARunThatWasKilled,
		"can be read beside a run":                (*contract).canBeReadBesideARun,
		"is not made by a run that does nothing":  (*contract).isNotMadeByARunThatDoesNothing,
		"does not overwrite what another one did": (*contract).doesNotOverwriteWhatAnotherOneDid,
	} {
		t.Run(name, func(t *testing.T) { clause(&contract{t, newPlace(t)}) })
	}
}

// TestForgetfulHome holds a kind of home that keeps nothing to what is left of the contract: it is always empty and free.
func TestForgetfulHome(t *testing.T, newHome func() ledger.Home) {
	t.Helper()
	c := &contract{t, newHome}
	lease := c.lock(newHome())
	c.check(newHome().Save(t.Context(), lease, func(io.Writer) error { return nil }))
	c.lock(newHome())
	c.wantLoaded("")
	if newHome().Journal(lease) != nil {
		t.Error("there is a journal")
	}
	l := c.open(ledger.Options{})
	c.record(l, "a")
	c.check(l.Close(t.Context()))
	c.wantRecalled(ledger.Options{})
}

type contract struct {
	*testing.T
	newHome func() ledger.Home
}

func (c *contract) check(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *contract) lock(home ledger.Home) ledger.Lease {
	c.Helper()
	lease, err := home.Lock(c.Context(), ledger.Holder{ID: c.Name(), Who: "ann@desk", Operation: "apply"})
	c.check(err)
	return lease
}

func (c *contract) save(home ledger.Home, lease ledger.Lease, document string) {
	c.Helper()
	c.check(home.Save(c.Context(), lease, func(w io.Writer) error {
		_, err := io.WriteString(w, document)
		return err
	}))
}

func (c *contract) wantLoaded(want string) {
	c.Helper()
	got, err := c.newHome().Load(c.Context())
	c.check(err)
	if string(got) != want || want == "" && got != nil {
		c.Fatalf("loaded %q, want %q", got, want)
	}
}

func (c *contract) wantJournal(want string) {
	c.Helper()
	records, err := c.newHome().Journal(nil).Open(c.Context())
	if want == "" {
		if !errors.Is(err, fs.ErrNotExist) {
			c.Fatalf("a journal that is not there: error %v", err)
		}
		return
	}
	c.check(err)
	got, err := io.ReadAll(records)
	c.check(errors.Join(err, records.Close()))
	if string(got) != want {
		c.Fatalf("the journal has %q, want %q", got, want)
	}
}

func (c *contract) open(o ledger.Options) *ledger.Ledger {
	c.Helper()
	o.Holder.Who = c.Name()
	l, err := ledger.Open(c.Context(), c.newHome(), o)
	c.check(err)
	return l
}

// record remembers an actor.
func (c *contract) record(l *ledger.Ledger, key string) {
	c.Helper()
	c.check(l.Environment("ns").Bind(plan.Entry{Name: "room", Key: []string{key}, ActorID: "id-" + key}))
}

// wantRecalled opens the ledger and looks for the actors with these keys, and no others.
func (c *contract) wantRecalled(o ledger.Options, keys ...string) {
	c.Helper()
	l := c.open(o)
	r := l.Recall("ns")
	for _, key := range keys {
		if entry := r.Actors[plan.IdentityOf("room", []string{key})]; entry == nil || entry.ActorID != "id-"+key {
			c.Errorf("of %s is recalled %v", key, entry)
		}
	}
	if len(r.Actors) != len(keys) {
		c.Errorf("%d actors are recalled, want %d", len(r.Actors), len(keys))
	}
	c.check(l.Close(c.Context()))
}

// documents that homes keep byte by byte. They are what a server that looks into them expects.
func version(serial int) string {
	return fmt.Sprintf("{\n  \"version\": 4,\n  \"lineage\": \"12f4a465-4efa-4bd1-9e3a-9e97e2e230e1\",\n  \"serial\": %d,\n  \"text\": \"ü<&>\\n\"\n}\n", serial)
}

func (c *contract) keepsWhatIsSaved() {
	c.wantLoaded("")
	home := c.newHome()
	lease := c.lock(home)
	for serial := range 3 {
		c.save(home, lease, version(serial+1))
		c.wantLoaded(version(serial + 1))
	}
	c.check(lease.Release(c.Context()))
	c.wantLoaded(version(3))
}

func (c *contract) keepsTheOldWhenSavingFails() {
	home := c.newHome()
	lease := c.lock(home)
	c.save(home, lease, version(1))
	broken := errors.New("broken")
	err := home.Save(c.Context(), lease, func(w io.Writer) error {
		_, _ = io.WriteString(w, version(2)[:10])
		return broken
	})
	if !errors.Is(err, broken) {
		c.Errorf("error %v", err)
	}
	c.wantLoaded(version(1))
	c.check(lease.Release(c.Context()))
}

func (c *contract) keepsAJournal() {
	home := c.newHome()
	lease := c.lock(home)
	journal := home.Journal(lease)
	for range 2 {
		c.wantJournal("")
		c.check(journal.Append(0, []byte("one\n")))
		c.wantJournal("one\n")
		c.check(journal.Append(4, []byte("two\x00\n")))
		c.wantJournal("one\ntwo\x00\n")
		c.check(journal.Remove(c.Context()))
	}
	c.wantJournal("")
	c.check(lease.Release(c.Context()))
}

func (c *contract) appendsWhereTheJournalEnds() {
	home := c.newHome()
	lease := c.lock(home)
	journal := home.Journal(lease)
	refuse := func(at int64, why string) {
		c.Helper()
		if journal.Append(at, []byte("more\n")) == nil {
			c.Errorf("%s: appended at %d", why, at)
		}
	}
	refuse(4, "there is no journal")
	c.check(journal.Append(0, []byte("one\n")))
	refuse(0, "there is one already")
	refuse(3, "it is longer")
	refuse(5, "it is shorter")
	c.wantJournal("one\n")
	c.check(lease.Release(c.Context()))
}

func (c *contract) hasOneHolderAtATime() {
	lease := c.lock(c.newHome())
	_, err := c.newHome().Lock(c.Context(), ledger.Holder{ID: "another", Who: "bob"})
	locked, ok := errors.AsType[*ledger.LockedError](err)
	if !ok {
		c.Fatalf("error %v", err)
	}
	if locked.Ledger != c.newHome().String() || locked.Holder.ID != c.Name() || locked.Holder.Who != "ann@desk" {
		c.Errorf("refused with %+v", locked)
	}
	select {
	case <-lease.Lost():
		c.Error("the lease is lost")
	default:
	}
	c.check(errors.Join(lease.Hold(), lease.Err()))
	c.check(lease.Release(c.Context()))
	c.check(c.lock(c.newHome()).Release(c.Context()))
}

func (c *contract) isWaitedFor() {
	lease := c.lock(c.newHome())
	opened := make(chan error)
	go func() {
		l, err := ledger.Open(c.Context(), c.newHome(), ledger.Options{LockTimeout: time.Minute})
		if err == nil {
			err = l.Close(c.Context())
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		c.Fatalf("opened while it is locked: %v", err)
	case <-time.After(150 * time.Millisecond):
	}
	c.check(lease.Release(c.Context()))
	c.check(<-opened)
}

func (c *contract) isWaitedForNoLongerThanAsked() {
	lease := c.lock(c.newHome())
	_, err := ledger.Open(c.Context(), c.newHome(), ledger.Options{LockTimeout: time.Millisecond})
	if _, locked := errors.AsType[*ledger.LockedError](err); !locked {
		c.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(c.Context())
	cancel()
	if _, err := ledger.Open(ctx, c.newHome(), ledger.Options{LockTimeout: time.Hour}); !errors.Is(err, context.Canceled) {
		c.Errorf("cancelled: error %v", err)
	}
	c.check(lease.Release(c.Context()))
}

func (c *contract) remembersARun() {
	for i, key := range []string{"a", "b", "c"} {
		l := c.open(ledger.Options{})
		if serial := l.Recall("ns").Serial; serial != uint64(i) {
			c.Errorf("serial %d after %d runs", serial, i)
		}
		c.record(l, key)
		c.check(l.Close(c.Context()))
	}
	c.wantRecalled(ledger.Options{ReadOnly: true}, "a", "b", "c")
	c.wantRecalled(ledger.Options{}, "a", "b", "c")
}

func (c *contract) remembersARunThatWasKilled() {
	l := c.open(ledger.Options{NoLock: true})
	c.record(l, "a")
	c.wantRecalled(ledger.Options{ReadOnly: true}, "a")
	c.wantRecalled(ledger.Options{}, "a")
	c.wantJournal("")
	c.wantRecalled(ledger.Options{}, "a")
}

func (c *contract) canBeReadBesideARun() {
	l := c.open(ledger.Options{})
	c.wantRecalled(ledger.Options{ReadOnly: true})
	c.record(l, "a")
	c.wantRecalled(ledger.Options{ReadOnly: true}, "a")
	c.record(l, "b")
	c.check(l.Close(c.Context()))
	c.wantRecalled(ledger.Options{ReadOnly: true}, "a", "b")
}

func (c *contract) isNotMadeByARunThatDoesNothing() {
	c.wantRecalled(ledger.Options{ReadOnly: true})
	c.wantRecalled(ledger.Options{})
	c.wantLoaded("")
	c.wantJournal("")
}

func (c *contract) doesNotOverwriteWhatAnotherOneDid() {
	l, another := c.open(ledger.Options{NoLock: true}), c.open(ledger.Options{})
	c.record(another, "b")
	c.check(another.Close(c.Context()))
	c.record(l, "a")
	if err := l.Close(c.Context()); err == nil {
		c.Error("there is no error")
	}
	if _, err := ledger.Open(c.Context(), c.newHome(), ledger.Options{}); err == nil {
		c.Error("a journal that continues another document is merged")
	}
}
