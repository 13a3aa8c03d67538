package client

import (
	"maps"
	"slices"
	"sync"
)

// connections are those of a client that are open, which Close closes.
type connections struct {
	mu     sync.Mutex
	closed bool
	all    map[*Conn]bool
}

func (o *connections) add(c *Conn) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return ErrClosed
	}
	if o.all == nil {
		o.all = map[*Conn]bool{}
	}
	o.all[c] = true
	return nil
}

func (o *connections) remove(c *Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, c)
}

func (o *connections) isClosed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}

// close closes them all, at once, and lets none be opened any more.
func (o *connections) close() {
	o.mu.Lock()
	o.closed = true
	open := slices.Collect(maps.Keys(o.all))
	o.mu.Unlock()
	var closing sync.WaitGroup
	for _, c := range open {
		closing.Go(c.Close)
	}
	closing.Wait()
}

// Close closes the client's connections, and idle ones to the server. Whatever is asked of the
// client afterwards fails with [ErrClosed]; WebSockets that [Handle.WebSocket] opened are left
// to their owner.
func (c *Client) Close() {
	if c == nil || c.transport == nil {
		return
	}
	c.open.close()
	all := c.http
	all.Transport = c.transport
	all.CloseIdleConnections()
}
