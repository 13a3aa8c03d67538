//go:build !windows

package remote

import (
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// entry is an actor with a step, as large as they usually are.
func entry(i int) plan.Entry {
	key := strconv.Itoa(i)
	return plan.Entry{
		Name: "chatRoom", Key: []string{"org", key}, ActorID: "an-actor-id-of-a-usual-len" + key, Created: true,
		Address: address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room", Key: address.StringKey(key)},
		Input:   value.Memo{Digest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", Value: []byte(`{"topic":"dogs"}`)},
	}
}

// manyEntries returns the document of a ledger of n actors with a step each.
func manyEntries(b *testing.B, n int) []byte {
	b.Helper()
	home := &ledgertest.Home{}
	l, err := ledger.Open(b.Context(), home, ledger.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var group sync.WaitGroup
	for worker := range 64 {
		group.Go(func() {
			for i := worker; i < n; i += 64 {
				e := entry(i)
				step := e.Address.Step(address.StepAction, "addMember", address.StringKey("alice"))
				_ = l.Environment("ns").Bind(e)
				_ = l.Environment("ns").Finished(e.Identity(), step, plan.StepDone, nil)
			}
		})
	}
	group.Wait()
	if err := l.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
	document, _ := home.Load(b.Context())
	return document
}

// BenchmarkHomes opens a ledger of 100,000 actors, records something and closes it again.
func BenchmarkHomes(b *testing.B) {
	const n = 100_000
	document := string(manyEntries(b, n))
	for name, home := range map[string]ledger.Home{
		"local": ledger.Local(filepath.Join(b.TempDir(), "l")),
		"http":  newHome(b, serve(b, &ledgertest.Server{Manner: ledgertest.Reference})),
		"actor": Actor(newActor(b, shared(b))()),
	} {
		b.Run(fmt.Sprint(name, "/entries=", n), func(b *testing.B) {
			if err := save(b.Context(), home, nil, document); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(document)))
			for b.Loop() {
				l, err := ledger.Open(b.Context(), home, ledger.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if err := l.Environment("ns").Bind(entry(1)); err != nil {
					b.Fatal(err)
				}
				if err := l.Close(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
