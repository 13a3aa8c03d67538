package client

import (
	"maps"
	"slices"
	"sync"
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

// OnStatus lets a function see every change of status of a connection.
func OnStatus(watch func(StatusChange)) ConnOption {
	return connOption(func(c *Conn) error { return c.statuses.join(watch) })
}

// OnError lets a function see every failure of a connection: attempts to open it that fail,
// the reason why it broke, and subscriptions that are denied.
func OnError(watch func(error)) ConnOption {
	return connOption(func(c *Conn) error { return c.failures.join(watch) })
}

// Status returns what the connection is doing.
func (c *Conn) Status() ConnStatus {
	if c.check() != nil {
		return Closed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// OnStatus lets a function see every change of status from now on, until remove is called.
// Functions are called one after the other; they must not block, and not call Close.
func (c *Conn) OnStatus(watch func(StatusChange)) (remove func()) {
	if c == nil {
		return func() {}
	}
	return c.statuses.add(watch)
}

// OnError lets a function see every failure of the connection from now on, until remove is
// called. What holds for the functions of OnStatus holds for these.
func (c *Conn) OnError(watch func(error)) (remove func()) {
	if c == nil {
		return func() {}
	}
	return c.failures.add(watch)
}

// enter changes the status, and tells who watches.
func (c *Conn) enter(to StatusChange) {
	if to.Err != nil {
		c.mu.Lock()
		c.trouble = to.Err
		c.mu.Unlock()
	}
	c.set(to.Status, nil)
	c.tell(to)
}

// set changes the status and the session that calls use.
func (c *Conn) set(status ConnStatus, s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status, c.session = status, s
	c.opened = c.opened || status == Connected
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Conn) tell(of StatusChange) {
	c.note(of)
	if of.Err != nil {
		c.failures.tell(of.Err)
	}
	c.statuses.tell(of)
}

// listeners are functions that are told about something.
type listeners[T any] struct {
	mu   sync.Mutex
	next int
	all  map[int]func(T)
}

func (l *listeners[T]) join(f func(T)) error {
	if f == nil {
		return errNilOption
	}
	l.add(f)
	return nil
}

// add adds a function; nil listens to nothing.
func (l *listeners[T]) add(f func(T)) (remove func()) {
	if f == nil {
		return func() {}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[int]func(T){}
	}
	id := l.next
	l.next++
	l.all[id] = f
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.all, id)
	}
}

// tell calls them in the order in which they were added.
func (l *listeners[T]) tell(v T) {
	l.mu.Lock()
	ids := slices.Sorted(maps.Keys(l.all))
	l.mu.Unlock()
	for _, id := range ids {
		l.mu.Lock()
		f := l.all[id]
		l.mu.Unlock()
		if f != nil {
			f(v)
		}
	}
}
