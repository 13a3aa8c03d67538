package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
)

// between answers some requests of a method in the place of the server: those with these numbers.
type between struct {
	http.Handler
	method    string
	from, to  int
	status    int
	body      string
	requested int
}

func (b *between) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == b.method {
		b.requested++
		if b.from <= b.requested && b.requested <= b.to {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(b.status)
			_, _ = io.WriteString(w, b.body)
			return
		}
	}
	b.Handler.ServeHTTP(w, r)
}

// making is a run that makes an actor, unless it cannot say before that it is about to. It reports whether it has.
func making(ctx context.Context, home ledger.Home, o ledger.Options, actor string) (made bool, err error) {
	l, err := ledger.Open(ctx, home, o)
	if err != nil {
		return false, err
	}
	err = l.Environment("ns").Announce(ctx, []plan.Intent{{Name: "counter", Key: []string{actor}}})
	made = err == nil && bind(l, actor) == nil
	return made, errors.Join(err, l.Close(ctx))
}

func bind(l *ledger.Ledger, actor string) error {
	return l.Environment("ns").Bind(plan.Entry{Name: "counter", Key: []string{actor}, ActorID: "id", Created: true})
}

// TestSomebodyBetweenIsOutlived has somebody answer one or more requests of a run in the place of the server. Whatever the run makes
// of that, a later one works, on the ledger that there was, and knows all that was done.
func TestSomebodyBetweenIsOutlived(t *testing.T) {
	for _, b := range []between{
		{method: "GET", status: 200},
		{method: "GET", status: 204},
		{method: "GET", status: 404},
		{method: "GET", status: 404, body: "<!doctype html><title>Not Found</title>"},
		{method: "GET", status: 200, body: `{"ok":true}`},
		{method: "POST", status: 200, body: `{"ok":true}`},
		{method: "POST", status: 204},
		{method: "POST", status: 302},
		{method: "POST", status: 403},
	} {
		for from := 1; from <= 5; from++ {
			for _, to := range []int{from, from + 1, 1000} {
				for _, leftover := range []bool{false, true} {
					if from == 1 && to > from && b.method == "GET" && b.body == "" && !leftover {
						continue // who hears twice that there is no ledger believes it, and nothing here knows better
					}
					t.Run(fmt.Sprintf("%s %d %d-%d %v", b.method, b.status, from, to, leftover), func(t *testing.T) {
						server := &ledgertest.Server{Manner: ledgertest.Reference}
						outlive(t, server, &between{Handler: server, method: b.method, status: b.status, body: b.body, from: from, to: to}, leftover)
					})
				}
			}
		}
	}
}

// Who hears again and again that there is no ledger begins one, but makes nothing before it is there. It is put right later.
func TestNothingIsMadeBeforeANewLedgerIsThere(t *testing.T) {
	server := &ledgertest.Server{Manner: ledgertest.Reference}
	o, disturbed := serve(t, server), serve(t, &between{Handler: server, method: "GET", status: 404, from: 1, to: 1000})
	disturbed.Journal = o.Journal
	for range 2 {
		made, err := making(t.Context(), newHome(t, disturbed), ledger.Options{NoLock: true}, "made")
		if wantError(t, err, "it was taken, and is not there"); made {
			t.Error("it is made")
		}
	}
	made, err := making(t.Context(), newHome(t, o), ledger.Options{NoLock: true}, "last")
	if check(t, err); !made {
		t.Error("nothing is made")
	}
	wantActors(t, newHome(t, o), "last")
}

func outlive(t *testing.T, server *ledgertest.Server, b *between, leftover bool) {
	t.Helper()
	o := serve(t, server)
	run := func(o HTTPOptions, actor string) (bool, error) {
		return making(t.Context(), newHome(t, o), ledger.Options{NoLock: true}, actor)
	}
	_, err := run(o, "first")
	check(t, err)
	want := []string{"first", "last"}
	if leftover {
		l, err := ledger.Open(t.Context(), newHome(t, o), ledger.Options{NoLock: true})
		check(t, err)
		check(t, bind(l, "left"))
		want = append(want, "left")
	}
	disturbed := serve(t, b)
	disturbed.Journal = o.Journal
	if made, _ := run(disturbed, "made"); made {
		want = append(want, "made")
	}
	_, err = run(o, "last")
	check(t, err)
	wantActors(t, newHome(t, o), want...)
}

// wantActors checks which actors are remembered.
func wantActors(t *testing.T, home ledger.Home, want ...string) {
	t.Helper()
	l, err := ledger.Open(t.Context(), home, ledger.Options{ReadOnly: true})
	check(t, err)
	var got []string
	for id := range l.Recall("ns").Actors {
		got = append(got, id.Parts()[0])
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoLedgerIsNotCalledDamaged(t *testing.T) {
	_, err := ledger.Open(t.Context(), newHome(t, serve(t, saying(200, "", `{"ok":true}`))), ledger.Options{NoLock: true})
	wantError(t, err, "what is there is no ledger", "correct the address")
}

func TestAStateOfTerraformsIsNoNewerLedger(t *testing.T) {
	state := `{"version":4,"terraform_version":"1.14.0","serial":3,"lineage":"l","outputs":{},"resources":[]}`
	_, err := ledger.Open(t.Context(), newHome(t, serve(t, saying(200, "", state))), ledger.Options{NoLock: true})
	wantError(t, err, "a state of Terraform's", "an address of its own")
}
