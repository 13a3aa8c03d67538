//go:build !windows

package remote

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/client"
	"riveter/internal/devrivet"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

const (
	examples    = "../../../examples/"
	ledgerToken = "open sesame, please"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if endpoint := os.Getenv(childVariable); endpoint != "" {
		if err := child(endpoint, flag.Arg(0), flag.Arg(1), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(run(m))
}

// run gives every registry its token, and leaves nothing behind.
func run(m *testing.M) int {
	err := os.Setenv("RIVETER_LEDGER_TOKEN", ledgerToken)
	code := m.Run()
	if rivet != nil {
		err = errors.Join(err, rivet.Stop())
	}
	for _, dir := range registries {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	http.DefaultClient.CloseIdleConnections()
	if err := errors.Join(err, goleak.Find()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

var (
	rivet      *devrivet.Rivet // of all tests, once one needs it
	registries []string        // folders
	places     atomic.Int64
)

// start starts a Rivet with the example's registry, as users copy it, and the packages of another example.
func start(tb testing.TB) *devrivet.Rivet {
	tb.Helper()
	dir, err := os.MkdirTemp("", "ledger-registry") //nolint:usetesting // for more than one test
	check(tb, err)
	registries = append(registries, dir)
	for _, name := range []string{"package.json", "server.mjs", "ledger.mjs"} {
		content, err := os.ReadFile(examples + "ledger/" + name)
		check(tb, err)
		check(tb, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	packages, err := filepath.Abs(examples + "registry/node_modules")
	check(tb, err)
	check(tb, os.Symlink(packages, filepath.Join(dir, "node_modules")))
	r, err := devrivet.Start(context.Background(), devrivet.Options{Registry: dir, Progress: os.Stderr, RegistryLog: testLog{}})
	check(tb, err)
	return r
}

// testLog shows what a registry says when the tests are run with -v.
type testLog struct{}

func (testLog) Write(data []byte) (int, error) {
	if testing.Verbose() {
		return os.Stderr.Write(data)
	}
	return len(data), nil
}

// newActor returns how to get at an actor of its own, each time with a client of its own.
func newActor(tb testing.TB, r *devrivet.Rivet) func() ActorOptions {
	tb.Helper()
	key := client.Key{tb.Name(), fmt.Sprint(places.Add(1))}
	return func() ActorOptions {
		c, err := client.New(client.WithEndpoint(r.Endpoint()))
		check(tb, err)
		tb.Cleanup(c.Close)
		return ActorOptions{
			Name: "actor riveterLedger " + key.String(), Transport: c.GetOrCreate("riveterLedger", key), Token: ledgerToken,
			Version: "0.2.0", Wait: 10 * time.Millisecond,
		}
	}
}

func shared(tb testing.TB) *devrivet.Rivet {
	tb.Helper()
	if rivet == nil {
		rivet = start(tb)
	}
	return rivet
}

func TestActorIsAHome(t *testing.T) {
	r := shared(t)
	ledgertest.TestHome(t, func(t *testing.T) func() ledger.Home {
		t.Helper()
		options := newActor(t, r)
		return func() ledger.Home { return Actor(options()) }
	})
}

func TestActorWithDraftsIsAHome(t *testing.T) {
	r := shared(t)
	for name, draft := range map[string]func(*testing.T, string) string{
		"on one machine":  func(_ *testing.T, path string) string { return path },
		"on each its own": func(t *testing.T, _ string) string { t.Helper(); return filepath.Join(t.TempDir(), "draft") },
	} {
		t.Run(name, func(t *testing.T) {
			ledgertest.TestHome(t, func(t *testing.T) func() ledger.Home {
				t.Helper()
				options, path := newActor(t, r), filepath.Join(t.TempDir(), "folder", "draft")
				return func() ledger.Home {
					o := options()
					o.Draft = draft(t, path)
					return Actor(o)
				}
			})
		})
	}
}

func TestActorWantsItsToken(t *testing.T) {
	options := newActor(t, shared(t))
	for _, token := range []string{"", "wrong", ledgerToken + "!", strings.ToUpper(ledgerToken)} {
		o := options()
		o.Token = token
		home := Actor(o)
		_, err := home.Load(t.Context())
		wantError(t, err, "refuses the token")
		_, err = home.Lock(t.Context(), ledger.Holder{ID: "1"})
		wantError(t, err, "refuses the token")
		wantError(t, home.Journal(nil).Append(0, []byte("x")), "refuses the token")
	}
}

// holder is somebody with the lock, whose time runs fast.
func holder(t *testing.T, o ActorOptions, id string) (ledger.Home, ledger.Lease) {
	t.Helper()
	o.Lease = 2 * time.Second
	home := Actor(o)
	lease, err := home.Lock(t.Context(), ledger.Holder{ID: id, Who: id, Operation: "apply", Since: time.Unix(1, 0)})
	check(t, err)
	return home, lease
}

func TestALeaseIsRenewed(t *testing.T) {
	options := newActor(t, shared(t))
	_, lease := holder(t, options(), "ann")
	time.Sleep(5 * time.Second)
	_, err := Actor(options()).Lock(t.Context(), ledger.Holder{ID: "bob"})
	wantError(t, err, `"ann" holds it for "apply"`)
	check(t, lease.Err())
	check(t, lease.Release(t.Context()))
}

func TestAHolderThatWasStoppedWritesNothing(t *testing.T) {
	options := newActor(t, shared(t))
	home, lease := holder(t, options(), "ann")
	check(t, home.Journal(lease).Append(0, []byte("one\n")))
	stopped := lease.(*actorLease)
	stopped.stop() // as SIGSTOP does
	<-stopped.done
	time.Sleep(2100 * time.Millisecond)
	other, taken := holder(t, options(), "bob")
	if p := taken.Predecessor(); p.Who != "ann" || p.Operation != "apply" || p.ID != "ann" {
		t.Errorf("the lock was taken over from %+v", p)
	}
	for name, write := range map[string]func() error{
		"lease":    lease.Hold,
		"journal":  func() error { return home.Journal(lease).Append(4, []byte("two\n")) },
		"removal":  func() error { return home.Journal(lease).Remove(t.Context()) },
		"document": func() error { return save(t.Context(), home, lease, "{}") },
	} {
		err := write()
		lost, ok := errors.AsType[*ledger.LostError](err)
		if !ok || lost.Holder.Who != "bob" {
			t.Errorf("%s: %v", name, err)
		}
	}
	select {
	case <-lease.Lost():
	default:
		t.Error("the lease is not lost")
	}
	check(t, lease.Release(t.Context()))
	check(t, other.Journal(taken).Append(4, []byte("two\n")))
	check(t, taken.Release(t.Context()))
	// Nor when nobody has the lock any more.
	if err := save(t.Context(), home, lease, "{}"); err == nil {
		t.Error("a holder of long ago writes")
	}
}

func save(ctx context.Context, home ledger.Home, lease ledger.Lease, document string) error {
	return home.Save(ctx, lease, func(w io.Writer) error { _, err := io.WriteString(w, document); return err })
}

// stoppable is a home whose lease can be made to be renewed no more.
type stoppable struct {
	ledger.Home
	lease *actorLease
}

func (s *stoppable) Lock(ctx context.Context, h ledger.Holder) (ledger.Lease, error) {
	lease, err := s.Home.Lock(ctx, h)
	s.lease, _ = lease.(*actorLease)
	return lease, err
}

// TestAHolderThatWasStoppedBeginsNothing has records go to a draft, of which the actor hears later.
func TestAHolderThatWasStoppedBeginsNothing(t *testing.T) {
	options := newActor(t, shared(t))
	o := options()
	o.Lease, o.Draft = 2*time.Second, filepath.Join(t.TempDir(), "draft")
	home := &stoppable{Home: Actor(o)}
	l, err := ledger.Open(t.Context(), home, ledger.Options{Holder: ledger.Holder{Who: "ann"}})
	check(t, err)
	id, step := counterStep(1, 1)
	_, other := counterStep(1, 2)
	check(t, l.Environment("ns").Announce(t.Context(), []plan.Intent{{Name: id.Name, Key: id.Parts(), ActorID: "id", Steps: []address.StepAddress{step, other}}}))
	check(t, l.Environment("ns").Started(id, step, "id", value.Memo{Absent: true}))
	home.lease.stop() // as SIGSTOP does
	time.Sleep(2100 * time.Millisecond)
	_, taken := holder(t, options(), "bob")
	wantError(t, l.Environment("ns").Started(id, other, "id", value.Memo{Absent: true}), `was lost to "bob"`)
	check(t, taken.Release(t.Context()))
	wantError(t, l.Close(t.Context()), `was lost to "bob"`)
}

func TestAHolderThatWakesUpNoticesBeforeItWrites(t *testing.T) {
	options := newActor(t, shared(t))
	_, lease := holder(t, options(), "ann")
	check(t, Actor(options()).(ledger.Unlocker).Unlock(t.Context(), "ann"))
	_, taken := holder(t, options(), "bob")
	select {
	case <-lease.Lost():
		wantError(t, lease.Err(), `was lost to "bob"`)
	case <-time.After(10 * time.Second):
		t.Error("nobody notices")
	}
	check(t, lease.Release(t.Context()))
	check(t, taken.Release(t.Context()))
}

func TestWritersWithoutTheLockAreKeptOut(t *testing.T) {
	options := newActor(t, shared(t))
	home, lease := holder(t, options(), "ann")
	other := Actor(options())
	for name, err := range map[string]error{
		"document": save(t.Context(), other, nil, "{}"),
		"journal":  other.Journal(nil).Append(0, []byte("x")),
		"removal":  other.Journal(nil).Remove(t.Context()),
	} {
		if _, ok := errors.AsType[*ledger.LockedError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, save(t.Context(), home, lease, "{}"))
	check(t, lease.Release(t.Context()))
	check(t, save(t.Context(), other, nil, "{}"))
}

// faulty loses answers of an actor.
type faulty struct {
	http.RoundTripper
	every   int64
	counter atomic.Int64
}

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := f.RoundTripper.RoundTrip(r)
	if f.counter.Add(1)%f.every != 0 || err != nil {
		return response, err
	}
	return nil, errors.Join(errors.New("the connection was cut"), response.Body.Close())
}

func TestAnswersThatAreLostChangeNothing(t *testing.T) {
	for _, every := range []int64{2, 3, 4, 5} {
		options := newActor(t, shared(t))
		o := options()
		o.Transport = &faulty{RoundTripper: o.Transport, every: every}
		for range 3 {
			check(t, seed(t.Context(), Actor(o)))
		}
		l, err := ledger.Open(t.Context(), Actor(options()), ledger.Options{})
		check(t, err)
		if r := l.Recall("ns"); len(r.Actors) != 1 || r.Serial != 3 {
			t.Errorf("every %d: serial %d, %d actors", every, r.Serial, len(r.Actors))
		}
		check(t, l.Close(t.Context()))
	}
}

// impostor answers some requests of a kind in the place of the actor, with a success.
type impostor struct {
	http.RoundTripper
	kind, body string
	from, to   int
	requests   atomic.Int64
}

func (i *impostor) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method+" "+r.URL.Path != i.kind {
		return i.RoundTripper.RoundTrip(r)
	}
	if n := int(i.requests.Add(1)); n < i.from || n > i.to {
		return i.RoundTripper.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(i.body)), Request: r}, nil
}

// TestASuccessThatIsNotTheActorsIsNone has somebody between take what is written. Whatever the run makes of that, a later one works, and
// knows all that was done.
func TestASuccessThatIsNotTheActorsIsNone(t *testing.T) {
	for _, kind := range []string{"LOCK /", "POST /", "POST /journal", "DELETE /journal", "UNLOCK /"} {
		for _, body := range []string{"", "{}"} {
			for from := 1; from <= 2; from++ {
				for _, to := range []int{from, 1000} {
					t.Run(fmt.Sprintf("%s %s %d-%d", kind, body, from, to), func(t *testing.T) {
						options := newActor(t, shared(t))
						draft := filepath.Join(t.TempDir(), "draft")
						run := func(actor string, with *impostor) (made bool, err error) {
							o := options()
							o.Draft, o.Lease = draft, time.Second
							if with != nil {
								with.RoundTripper, o.Transport = o.Transport, with
							}
							return making(t.Context(), Actor(o), ledger.Options{LockTimeout: time.Minute}, actor)
						}
						_, err := run("first", nil)
						check(t, err)
						want := []string{"first", "last"}
						if made, _ := run("made", &impostor{kind: kind, body: body, from: from, to: to}); made {
							want = append(want, "made")
						}
						_, err = run("last", nil)
						check(t, err)
						wantActors(t, Actor(options()), want...)
					})
				}
			}
		}
	}
}

func TestWhatIsLargeGoesInParts(t *testing.T) {
	o := newActor(t, shared(t))()
	o.Transport = &faulty{RoundTripper: o.Transport, every: 3}
	home := Actor(o)
	var random strings.Builder // which cannot be compressed much
	for i := range 1_500_000 {
		fmt.Fprintf(&random, "%x", uint32(i)*2654435761)
	}
	want := random.String()
	for range 2 {
		check(t, save(t.Context(), home, nil, want))
		got, err := home.Load(t.Context())
		check(t, err)
		if string(got) != want {
			t.Fatalf("%d bytes, want %d", len(got), len(want))
		}
	}
	check(t, home.Journal(nil).Append(0, []byte(want)))
	check(t, home.Journal(nil).Append(int64(len(want)), []byte("end")))
	journal, err := home.Journal(nil).Open(t.Context())
	check(t, err)
	got, err := io.ReadAll(journal)
	check(t, err)
	if string(got) != want+"end" {
		t.Errorf("the journal has %d bytes", len(got))
	}
	check(t, home.Journal(nil).Remove(t.Context()))
	if _, err := home.Journal(nil).Open(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
