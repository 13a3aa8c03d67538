package client_test

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"riveter/client"
	"riveter/internal/devrivet"
)

var soak = flag.Int("soak", 30, "connections of TestSoak, with 16 calls each and one more by HTTP; 300 is the long form")

const (
	perConnection = 17
	perActor      = 10 // connections
	soakMemory    = 64 << 20
)

// tally counts how the calls to one actor ended.
type tally struct{ done, refused, doubtful atomic.Int64 }

func (l *tally) count(err error) {
	switch client.DeliveryOf(err) {
	case client.NotDelivered:
		l.refused.Add(1)
	case client.InDoubt:
		l.doubtful.Add(1)
	default:
		l.done.Add(1)
	}
}

func (l *tally) total() int64 { return l.done.Load() + l.refused.Load() + l.doubtful.Load() }

// Many connections, and calls over them, while the registry and the engine are started
// again: every call ends, and by the actors' own count none ran twice. That it counts less may
// be: an actor's answer is not stored for up to a second, and a rolling restart can leave two
// of one actor running for a moment.
func TestSoak(t *testing.T) {
	t.Parallel()
	rivet := ownRivet(t, devrivet.Options{})
	c := newClient(t, client.WithEndpoint(rivet.Endpoint()), client.WithBackoff(func(n int) time.Duration { return min(time.Second, 50*time.Millisecond<<min(n, 6)) }))
	actors := make([]tally, (*soak+perActor-1)/perActor)
	handle := func(i int) *client.Handle {
		return c.GetOrCreate("counter", client.Key{"soak", fmt.Sprint(i / perActor)}, client.WithTimeout(20*time.Second))
	}
	conns := make([]*client.Conn, *soak)
	for i := range conns {
		conns[i] = handle(i).Open()
	}
	for _, conn := range conns {
		if err := conn.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := heap()
	var calls, restarts sync.WaitGroup
	restarts.Go(func() {
		time.Sleep(200 * time.Millisecond)
		if err := rivet.StartRegistry(t.Context()); err != nil {
			t.Error(err)
		}
		if err := rivet.RestartEngine(t.Context()); err != nil {
			t.Error(err)
		}
	})
	for i, conn := range conns {
		calls.Go(func() { soakOne(t.Context(), conn, handle(i), &actors[i/perActor]) })
	}
	calls.Wait()
	restarts.Wait()
	after := heap()
	for range time.Minute / time.Second {
		if after <= before+soakMemory {
			break
		}
		time.Sleep(time.Second) // other tests hold something at times
		after = heap()
	}
	var ended, done, refused, doubtful int64
	for n := range actors {
		l := &actors[n]
		ended, done, refused, doubtful = ended+l.total(), done+l.done.Load(), refused+l.refused.Load(), doubtful+l.doubtful.Load()
		count, err := client.Call[int64](t.Context(), handle(n*perActor).With(client.WithTimeout(time.Minute)), "get")
		if most := l.done.Load() + l.doubtful.Load(); err != nil || count > most {
			t.Errorf("actor %d counts %d, %v; %d calls may have reached it", n, count, err, most)
		}
	}
	if want := int64(*soak * perConnection); ended != want {
		t.Errorf("%d calls ended, of %d", ended, want)
	}
	if after > before+soakMemory {
		t.Errorf("%d MiB are held after the calls, %d before", after>>20, before>>20)
	}
	t.Logf("%d connections, %d calls: %d done, %d surely not, %d in doubt; heap %d KiB before, %d KiB after",
		*soak, ended, done, refused, doubtful, before>>10, after>>10)
}

// soakOne makes the calls of one connection: all but one over it, spread over the restarts.
func soakOne(ctx context.Context, conn *client.Conn, h *client.Handle, l *tally) {
	for range perConnection - 1 {
		_, err := conn.Call(ctx, "increment")
		l.count(err)
		time.Sleep(150 * time.Millisecond)
	}
	_, err := h.Call(ctx, "increment")
	l.count(err)
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
