package client

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/coder/websocket"
)

// ConnStatus is what a connection is doing.
type ConnStatus string

// The states of a connection.
const (
	Connecting   ConnStatus = "connecting"
	Connected    ConnStatus = "connected"
	Disconnected ConnStatus = "disconnected" // and about to connect again
	Closed       ConnStatus = "closed"       // for good
)

// StatusChange is a step of a connection from one state to the next.
type StatusChange struct {
	Status ConnStatus
	Err    error // why it is disconnected, or closed other than by Close
}

// Conn is a connection to an actor that stays: when it breaks, it is opened again, with
// its subscriptions. It may be used by many goroutines at once, and must be closed.
//
// An actor that has sent nothing for 30 seconds is asked for an action that it does not have,
// which it refuses; one that does not answer either has lost the connection without a word,
// as it happens when its registry is killed.
type Conn struct {
	h      *Handle
	watch  []func(StatusChange)
	cancel context.CancelFunc
	done   chan struct{} // closed when the connection is closed and its goroutines have ended

	wire sync.Mutex // held while the server is told about subscriptions; taken before mu

	mu            sync.Mutex
	status        ConnStatus
	changed       chan struct{} // closed, and replaced, when status changes
	session       *session      // nil unless connected
	closing       bool
	err           error // why it is closed
	nextID        uint64
	subscriptions map[string]map[*Subscription]bool
}

// errClosed is what use of a connection after Close fails with.
var errClosed = errors.New("the connection is closed")

// Connect opens a connection to the actor and returns when the actor has accepted it.
// Until then only failures that may pass are repeated; afterwards the connection is
// opened again after every failure, until [Conn.Close]. Only an actor that is addressed
// by its id and does not exist any more closes it.
//
// The context bounds the opening alone. The functions of watch are called at every
// change of status, one after the other; they must not block, and not call Close.
func (h *Handle) Connect(ctx context.Context, watch ...func(StatusChange)) (*Conn, error) {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &Conn{
		h: h, watch: watch, cancel: cancel, done: make(chan struct{}), changed: make(chan struct{}),
		subscriptions: map[string]map[*Subscription]bool{},
	}
	opened := make(chan struct{})
	go c.run(life, opened)
	select {
	case <-opened:
		return c, nil
	case <-c.done:
		return nil, c.err
	case <-ctx.Done():
		c.Close()
		return nil, &Error{Err: fmt.Errorf("connect: %w", context.Cause(ctx)), delivery: NotDelivered}
	}
}

// Close ends the connection and returns when nothing of it is left. Calls that wait for
// an answer fail in doubt.
func (c *Conn) Close() {
	c.mu.Lock()
	c.closing = true
	s := c.session
	c.mu.Unlock()
	if s != nil {
		_ = s.ws.Close(websocket.StatusNormalClosure, "Disposed")
	}
	c.cancel()
	<-c.done
}

// Status returns what the connection is doing.
func (c *Conn) Status() ConnStatus {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// run opens sessions, one after the other, until the connection is closed.
func (c *Conn) run(ctx context.Context, opened chan<- struct{}) {
	defer close(c.done)
	everOpen := false
	for attempt := 0; ; attempt++ {
		c.enter(StatusChange{Status: Connecting})
		s, err := c.h.open(ctx)
		if err == nil {
			c.attach(ctx, s)
			if !everOpen {
				everOpen = true
				close(opened)
			}
			attempt = 0
			err = c.serve(ctx, s)
			c.h.forget(s.request.actorID) // the key may be another actor's by now
		}
		if c.isClosing() {
			c.end(StatusChange{Status: Closed}, errClosed)
			return
		}
		if !everOpen && (attempt >= c.h.c.retries || !mayPass(err)) || everOpen && c.h.isGone(err) {
			c.end(StatusChange{Closed, err}, err)
			return
		}
		c.enter(StatusChange{Disconnected, err})
		if pause(ctx, c.h.c.wait(reconnectPace, attempt)) != nil {
			c.end(StatusChange{Status: Closed}, errClosed)
			return
		}
	}
}

// mayPass reports whether a failure to connect may be none a moment later: nothing
// listens, or the actor is on its way from one state to another.
func mayPass(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	if e.Code == "" {
		return e.Method != "" // and not before anything was sent
	}
	return e.passes()
}

// isGone reports whether a failure says that there will never be such an actor again.
func (h *Handle) isGone(err error) bool { return h.source == byID && errors.Is(err, ErrNotFound) }

// serve passes on what the actor sends until the session ends, and returns why.
func (c *Conn) serve(ctx context.Context, s *session) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var probes sync.WaitGroup
	probes.Go(func() { s.keepAlive(ctx, cancel, c.newID) })
	defer probes.Wait()
	defer cancel(nil)
	var err error
	for err == nil {
		var message any
		if message, err = s.read(ctx); err != nil {
			break
		}
		switch m := message.(type) {
		case eventMessage:
			c.deliver(m.event)
		case responseMessage:
			s.settle(m.id, result{output: m.output})
		case errorMessage:
			err = s.refuse(m)
		}
	}
	c.detach()
	s.end(err)
	return err
}

func (c *Conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// enter changes the status, and what calls use in it, and tells who watches.
func (c *Conn) enter(to StatusChange) {
	c.set(to.Status, nil)
	c.tell(to)
}

func (c *Conn) set(status ConnStatus, s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status, c.session = status, s
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Conn) tell(of StatusChange) {
	for _, watch := range c.watch {
		watch(of)
	}
}

// end closes the connection for good.
func (c *Conn) end(to StatusChange, err error) {
	c.mu.Lock()
	c.err = err
	for _, subscriptions := range c.subscriptions {
		for s := range subscriptions {
			s.end(err)
		}
	}
	c.mu.Unlock()
	c.enter(to)
	c.cancel()
}

// attach subscribes to what is subscribed to, and only then lets calls use the session.
func (c *Conn) attach(ctx context.Context, s *session) {
	c.wire.Lock()
	c.mu.Lock()
	names := slices.Sorted(maps.Keys(c.subscriptions))
	c.mu.Unlock()
	for _, name := range names {
		s.subscribe(ctx, name, true)
	}
	c.set(Connected, s)
	c.wire.Unlock()
	c.tell(StatusChange{Status: Connected})
}

func (c *Conn) detach() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = nil
}
