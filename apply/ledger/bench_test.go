package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"riveter/plan"
)

// BenchmarkRecord shows what group commit is worth: the records and the flushes of the disk in a second, by the number of
// actors that are seeded at once.
func BenchmarkRecord(b *testing.B) {
	for _, workers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			l, err := Open(b.Context(), Local(filepath.Join(b.TempDir(), "l.json")), Options{})
			if err != nil {
				b.Fatal(err)
			}
			counted := &synced{Journal: l.journal}
			l.recorder.journal = counted
			b.SetParallelism(workers)
			var names atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				actor := strconv.FormatInt(names.Add(1), 10)
				for pb.Next() {
					step := addMember(actor, strconv.FormatInt(names.Add(1), 10))
					if err := l.Environment("ns").Started(identity(actor), step, "id", memo(`["a member"]`)); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(b.N)/float64(counted.syncs), "records/flush")
			if err := l.Close(b.Context()); err != nil {
				b.Error(err)
			}
		})
	}
}

// manyEntries is a ledger of n actors with five steps each.
func manyEntries(n int) *document {
	d := &document{lineage: "l", serial: 1, digestKey: make([]byte, keySize)}
	for i := range n {
		name := strconv.Itoa(i)
		entry := roomEntry(name, "an-actor-id-of-a-usual-length-"+name)
		entry.Steps = map[string]*plan.StepMemo{}
		for s := range 5 {
			entry.Steps[addMember(name, strconv.Itoa(s)).Relative()] = &plan.StepMemo{
				ActorID: entry.ActorID, Status: plan.StepDone, Args: memo(`["a member",{"role":"admin"}]`),
			}
		}
		d.at("ns").actors[entry.Identity()] = &entry
	}
	return d
}

// BenchmarkDocument shows that reading and writing a ledger grow with its entries and not faster.
func BenchmarkDocument(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		d := manyEntries(n)
		data, err := encodeToBytes(d)
		if err != nil {
			b.Fatal(err)
		}
		report := func(b *testing.B) {
			b.Helper()
			b.SetBytes(int64(len(data)))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/entry")
		}
		b.Run(fmt.Sprint("encode/entries=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := d.encode(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			report(b)
		})
		b.Run(fmt.Sprint("decode/entries=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decodeDocument(data); err != nil {
					b.Fatal(err)
				}
			}
			report(b)
		})
	}
}

// BenchmarkRun is the ledger's share of an apply that creates actors and makes a step on each, from opening to closing.
func BenchmarkRun(b *testing.B) {
	const workers = 64
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint("actors=", n), func(b *testing.B) {
			dir := b.TempDir()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := seed(b.Context(), filepath.Join(dir, strconv.Itoa(i)), n, workers); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/actor")
		})
	}
}

func seed(ctx context.Context, path string, n, workers int) error {
	l, err := Open(ctx, Local(path), Options{})
	if err != nil {
		return err
	}
	results := make(chan error)
	var next atomic.Int64
	for range workers {
		go func() {
			var err error
			for i := next.Add(1); i <= int64(n) && err == nil; i = next.Add(1) {
				err = seedActor(l.Environment("ns"), strconv.FormatInt(i, 10))
			}
			results <- err
		}()
	}
	for range workers {
		err = errors.Join(err, <-results)
	}
	return errors.Join(err, l.Close(ctx))
}

func seedActor(e *Environment, key string) error {
	step := addMember(key, "bob")
	return errors.Join(
		e.Bind(roomEntry(key, "id")),
		e.Started(identity(key), step, "id", memo(`["bob"]`)),
		e.Finished(identity(key), step, plan.StepDone, nil),
	)
}
