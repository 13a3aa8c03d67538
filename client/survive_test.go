package client_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"riveter/client"
	"riveter/internal/devrivet"
)

// journal records the states of a connection.
type journal struct {
	mu      sync.Mutex
	changes []client.ConnStatus
	changed chan struct{}
}

func newJournal() *journal { return &journal{changed: make(chan struct{}, 100)} }

func (j *journal) note(change client.StatusChange) {
	j.mu.Lock()
	j.changes = append(j.changes, change.Status)
	j.mu.Unlock()
	j.changed <- struct{}{}
}

func (j *journal) all() []client.ConnStatus {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.changes)
}

// await waits until the last changes are the wanted ones.
func (j *journal) await(t *testing.T, want ...client.ConnStatus) {
	t.Helper()
	if !j.comesTo(patience, want...) {
		t.Fatalf("states are %v, want them to end in %v", j.all(), want)
	}
}

// comesTo reports whether the last changes become the wanted ones in time.
func (j *journal) comesTo(limit time.Duration, want ...client.ConnStatus) bool {
	timeout := time.After(limit)
	for {
		if all := j.all(); len(all) >= len(want) && slices.Equal(all[len(all)-len(want):], want) {
			return true
		}
		select {
		case <-j.changed:
		case <-timeout:
			return false
		}
	}
}

// checkOrder reports an order of states that a connection cannot have.
func (j *journal) checkOrder(t *testing.T) {
	t.Helper()
	follows := map[client.ConnStatus][]client.ConnStatus{
		"":                  {client.Connecting},
		client.Connecting:   {client.Connected, client.Disconnected, client.Closed},
		client.Connected:    {client.Disconnected, client.Closed},
		client.Disconnected: {client.Connecting, client.Closed},
	}
	last := client.ConnStatus("")
	for _, status := range j.all() {
		if !slices.Contains(follows[last], status) {
			t.Errorf("%q follows %q in %v", status, last, j.all())
		}
		last = status
	}
}

var reconnected = []client.ConnStatus{client.Disconnected, client.Connecting, client.Connected}

// quick keeps the waits of a test short.
func quick(int) time.Duration { return 20 * time.Millisecond }

// checkLeaks fails the test if its client leaves goroutines behind. It comes before the
// client is made, so that it looks after the client was closed.
func checkLeaks(t *testing.T) {
	t.Helper()
	current := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, current) })
}

// listener is a connection to a room, with what it hears.
type listener struct {
	*journal
	conn   *client.Conn
	topics *client.Subscription
}

func listen(t *testing.T, room *client.Handle) listener {
	t.Helper()
	j := newJournal()
	conn := connect(t, room, client.OnStatus(j.note))
	return listener{j, conn, conn.Subscribe("topicChanged")}
}

// hearsOnce sets topics by two ways and fails unless each is heard exactly once.
func (l listener) hearsOnce(t *testing.T, room *client.Handle) {
	t.Helper()
	call(t, l.conn, "getRoomInfo") // the actor knows of the subscription before this call
	var want, got []string
	for i := range 3 {
		want = append(want, fmt.Sprintf("call %d", i), fmt.Sprintf("message %d", i))
		call(t, room, "setTopic", want[2*i])
		call(t, l.conn, "setTopic", want[2*i+1])
	}
	for range want {
		got = append(got, next(t, l.topics).Args[0].(string))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if event, err := l.topics.Next(short); err == nil {
		t.Errorf("one event too many: %v", event)
	}
}

func TestConnectionSurvivesSleep(t *testing.T) {
	checkLeaks(t)
	c := connected(t)
	room := c.GetOrCreate("chatRoom", key(t))
	l := listen(t, room)
	id, _ := room.Resolve(t.Context())
	if err := c.Management().SleepActor(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	awaitStatus(t, c, id, client.Sleeping)
	// The status comes before the actor has put its connections to sleep too. It does not tell when it has, and what is sent
	// meanwhile may be lost, so that a call ends in doubt.
	time.Sleep(time.Second)
	l.hearsOnce(t, room)
	if diff := cmp.Diff([]client.ConnStatus{client.Connecting, client.Connected}, l.all()); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// awaitStatus waits until the server says that an actor is in a state.
func awaitStatus(t *testing.T, c *client.Client, id string, want client.Status) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		found, err := c.Management().ActorsByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if found[id].Status() == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("actor is %v, want %v", found[id].Status(), want)
		}
	}
}

func TestConnectionFollowsAnActorThatIsMadeAgain(t *testing.T) {
	checkLeaks(t)
	c := connected(t, client.WithBackoff(quick))
	room := c.GetOrCreate("chatRoom", key(t))
	l := listen(t, room)
	first, _ := room.Resolve(t.Context())
	if err := c.Management().DestroyActor(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	l.await(t, reconnected...)
	l.hearsOnce(t, room)
	if second, err := room.Resolve(t.Context()); err != nil || second == first {
		t.Errorf("the handle resolves to %s, %v", second, err)
	}
	l.checkOrder(t)
}

func TestConnectionByIDEndsWithItsActor(t *testing.T) {
	checkLeaks(t)
	c := connected(t, client.WithBackoff(quick))
	id, err := c.GetOrCreate("chatRoom", key(t)).Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, c.ForID(id))
	if err := c.Management().DestroyActor(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	l.await(t, client.Closed)
	if _, err := l.topics.Next(t.Context()); err == nil {
		t.Error("the subscription goes on")
	}
	if _, err := l.conn.Call(t.Context(), "history"); client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("call: %v", err)
	}
}

func TestConnectionSurvivesACutAnywhereInAFrame(t *testing.T) {
	p := newProxy(t, endpoint())
	checkLeaks(t)
	c := newClient(t, client.WithEndpoint(p.endpoint), client.WithBackoff(quick))
	room := c.GetOrCreate("chatRoom", key(t))
	l := listen(t, room)
	for _, bytes := range []int64{1, 2, 10, 40} {
		p.cutAfter.Store(bytes)
		_, err := l.conn.Call(t.Context(), "setTopic", "a topic that is lost on its way back, since the connection breaks")
		if err == nil || client.DeliveryOf(err) != client.InDoubt {
			t.Errorf("cut after %d bytes: %v, %v", bytes, err, client.DeliveryOf(err))
		}
		l.await(t, reconnected...)
		drain(l.topics)
		l.hearsOnce(t, room)
	}
	l.checkOrder(t)
}

// drain reads what has come.
func drain(s *client.Subscription) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		if _, err := s.Next(ended); err != nil {
			return
		}
	}
}

func TestParametersAreAskedForAtEveryAttempt(t *testing.T) {
	p := newProxy(t, endpoint())
	checkLeaks(t)
	c := newClient(t, client.WithEndpoint(p.endpoint), client.WithBackoff(quick))
	asked := 0
	h := c.GetOrCreate("vault", key(t), client.WithInput(map[string]any{"token": "t"}), client.WithGetParams(func(context.Context) (any, error) {
		asked++
		return map[string]any{"token": "t", "user": fmt.Sprint("visit ", asked)}, nil
	}))
	j := newJournal()
	conn := connect(t, h, client.OnStatus(j.note))
	p.cut()
	j.await(t, reconnected...)
	if got := call(t, conn, "whoami"); got != "visit 2" {
		t.Errorf("whoami = %v", got)
	}
}

func TestIdempotentCallIsSentAgainAfterACut(t *testing.T) {
	p := newProxy(t, endpoint())
	checkLeaks(t)
	c := newClient(t, client.WithEndpoint(p.endpoint), client.WithBackoff(quick))
	h := c.GetOrCreate("counter", key(t), client.Idempotent())
	conn := connect(t, h)
	p.cutAfter.Store(1)
	call(t, conn, "set", 5)
	conn.Close() // lest its way back takes the next cut
	id, _ := h.Resolve(t.Context())
	p.cutAfter.Store(1)
	call(t, h, "set", 6)
	p.cutAfter.Store(1)
	_, err := c.ForID(id).Call(t.Context(), "increment")
	if client.DeliveryOf(err) != client.InDoubt {
		t.Errorf("a call that is not idempotent: %v, %v", err, client.DeliveryOf(err))
	}
	if calls := call(t, h, "stats.calls"); calls != 5.0 {
		t.Errorf("the actor was called %v times, want 5: twice each but the last", calls)
	}
}

func TestConnectionSurvivesRestarts(t *testing.T) {
	t.Parallel()
	rivet := ownRivet(t, devrivet.Options{})
	c := newClient(t, client.WithEndpoint(rivet.Endpoint()), client.WithBackoff(quick))
	room := c.GetOrCreate("chatRoom", key(t))
	l := listen(t, room)
	if err := rivet.StartRegistry(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.hearsOnce(t, room)
	if err := rivet.RestartEngine(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.await(t, client.Connected)
	l.hearsOnce(t, room)
	l.conn.Close()
	l.checkOrder(t)
	if all := l.all(); !slices.Contains(all, client.Disconnected) || all[len(all)-1] != client.Closed {
		t.Errorf("states are %v", all)
	}
}

func TestCloseWhileConnectingLeavesNothing(t *testing.T) {
	p := newProxy(t, endpoint())
	checkLeaks(t)
	c := newClient(t, client.WithEndpoint(p.endpoint))
	l := listen(t, c.GetOrCreate("chatRoom", key(t)))
	p.listener.Close()
	p.cut()
	l.await(t, client.Disconnected)
	l.conn.Close()
	if status := l.conn.Status(); status != client.Closed {
		t.Errorf("status is %v", status)
	}
	l.checkOrder(t)
}
