package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"

	"riveter/client/internal/wire"
)

// Conn is a connection to an actor that stays: when it breaks, it is opened again, with
// its subscriptions. It may be used by many goroutines at once, and must be closed.
//
// An actor that has sent nothing for 30 seconds is asked for an action that it does not have,
// which it refuses; one that does not answer either has lost the connection without a word,
// as it happens when its registry is killed.
type Conn struct {
	h        *Handle
	buffer   int // of one subscription, in bytes
	statuses listeners[StatusChange]
	failures listeners[error]
	cancel   context.CancelFunc
	done     chan struct{} // closed when the connection is closed and its goroutines have ended

	careful bool // the next session subscribes to one event at a time

	wire sync.Mutex // held while the server is told about subscriptions; taken before mu

	mu            sync.Mutex
	status        ConnStatus
	changed       chan struct{} // closed, and replaced, when status changes
	session       *session      // nil unless connected
	opened        bool          // at least once
	greeting      wire.Init     // the latest
	closing       bool
	err           error // why it is closed
	trouble       error // why it was not opened the last time
	nextID        uint64
	subscriptions map[string]map[*Subscription]bool
}

// ConnOption is what a connection has from its beginning: a [*Subscription] made by [On], or
// what [OnStatus], [OnError] and [WithEventBuffer] return.
type ConnOption interface{ join(*Conn) error }

type connOption func(*Conn) error

func (o connOption) join(c *Conn) error { return o(c) }

// WithEventBuffer bounds the events of one subscription that wait to be read, in bytes as they
// came; 16 MiB when not given. One that exceeds it ends with [ErrSlowConsumer].
func WithEventBuffer(bytes int) ConnOption {
	return connOption(func(c *Conn) error {
		if c.buffer = bytes; bytes <= 0 {
			return fmt.Errorf("an event buffer of %d bytes holds nothing", bytes)
		}
		return nil
	})
}

// defaultBuffer is how much of a subscription may wait to be read.
const defaultBuffer = 16 << 20

// Connect opens a connection to the actor and returns when the actor has accepted it.
// Until then only failures that may pass are repeated; afterwards the connection is
// opened again after every failure, until [Conn.Close]. Only an actor that is addressed
// by its id and does not exist any more closes it.
//
// The context bounds the opening alone.
func (h *Handle) Connect(ctx context.Context, opts ...ConnOption) (*Conn, error) {
	if err := checkContext(ctx); err != nil {
		return nil, err
	}
	c := h.open(ctx, opts)
	if err := c.Ready(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Open returns a connection that is opened in the background, as Connect does it. Calls over
// it wait until it is there; [Conn.Ready] tells.
func (h *Handle) Open(opts ...ConnOption) *Conn { return h.open(context.Background(), opts) }

func (h *Handle) open(ctx context.Context, opts []ConnOption) *Conn {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &Conn{
		h: h, buffer: defaultBuffer, cancel: cancel, status: Connecting,
		done: make(chan struct{}), changed: make(chan struct{}),
		subscriptions: map[string]map[*Subscription]bool{},
	}
	if err := c.prepare(opts); err != nil {
		c.status, c.err = Closed, notSent(err)
		cancel()
		close(c.done)
		return c
	}
	go func() {
		defer close(c.done)
		defer h.c.open.remove(c)
		c.run(life)
	}()
	return c
}

// prepare checks what the connection is made of, and makes it known to its client.
func (c *Conn) prepare(opts []ConnOption) error {
	if err := c.h.check(); err != nil {
		return err
	}
	for _, opt := range opts {
		if opt == nil {
			return errNilOption
		}
		if err := opt.join(c); err != nil {
			return err
		}
	}
	return c.h.c.open.add(c)
}

// Ready returns when the connection has been open, and at once if it was before. It fails when
// the connection is closed.
func (c *Conn) Ready(ctx context.Context) error {
	if err := cmp.Or(c.check(), checkContext(ctx)); err != nil {
		return err
	}
	for {
		c.mu.Lock()
		opened, changed, status, err, trouble := c.opened, c.changed, c.status, c.err, c.trouble
		c.mu.Unlock()
		switch {
		case status == Closed:
			return err
		case opened:
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return &Error{Err: errors.Join(fmt.Errorf("connect: %w", context.Cause(ctx)), trouble), delivery: NotDelivered}
		}
	}
}

// check reports a connection that is none.
func (c *Conn) check() error {
	if c == nil || c.h == nil {
		return notSent(errors.New("the connection was not made by a handle"))
	}
	return nil
}

// Close ends the connection and returns when nothing of it is left, which takes up to five
// seconds with a server that does not say goodbye. Calls that wait for an answer fail in doubt.
func (c *Conn) Close() {
	if c.check() != nil {
		return
	}
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

// ID returns the id that the actor gave to the connection the last time it was opened; empty
// before the first time.
func (c *Conn) ID() string {
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.greeting.ConnectionID
}

// ActorID returns the id of the actor that the connection led to the last time it was opened;
// empty before the first time.
func (c *Conn) ActorID() string {
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.greeting.ActorID
}

// stableAfter is how long a connection must have been open to count as one that works: an
// actor that accepts and then ends its connections is asked less and less often.
const stableAfter = 10 * time.Second

// run opens sessions, one after the other, until the connection is closed.
func (c *Conn) run(ctx context.Context) {
	everOpen := false
	for attempt := 0; ; attempt++ {
		c.enter(StatusChange{Status: Connecting})
		s, err := c.openSession(ctx)
		if err == nil {
			everOpen = true
			began := time.Now()
			err = c.serve(ctx, s)
			if time.Since(began) >= stableAfter {
				attempt = 0
			}
		}
		switch {
		case c.isClosing():
			c.end(StatusChange{Status: Closed})
			return
		case !everOpen && (attempt >= c.h.c.retries || !c.h.mayPass(err)), everOpen && c.h.isGone(err):
			c.end(StatusChange{Closed, err})
			return
		}
		c.enter(StatusChange{Disconnected, err})
		if pause(ctx, c.h.c.wait(reconnectPace, attempt)) != nil {
			c.end(StatusChange{Status: Closed})
			return
		}
	}
}

// mayPass reports whether a failure to connect may be none a moment later: nothing
// listens, or the actor is on its way from one state to another.
func (h *Handle) mayPass(err error) bool {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return false
	case e.Code == "":
		return e.Method != "" || errors.Is(err, errNoParams) // and not before anything was sent
	default:
		return e.passes() || h.source == byCreation && (errors.Is(err, ErrNotFound) || errors.Is(err, ErrExists)) // it is made again
	}
}

// isGone reports whether a failure says that there will never be such an actor again.
func (h *Handle) isGone(err error) bool { return h.source == byID && errors.Is(err, ErrNotFound) }

func (c *Conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// end closes the connection for good.
func (c *Conn) end(to StatusChange) {
	err := to.Err
	if err == nil {
		err = notSent(fmt.Errorf("%w: the connection", ErrClosed))
	}
	c.mu.Lock()
	c.err = err
	for _, subscriptions := range c.subscriptions {
		for s := range subscriptions {
			s.end(err)
		}
	}
	c.mu.Unlock()
	c.cancel()
	c.enter(to)
}
