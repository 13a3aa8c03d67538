package client

import (
	"context"
	"sync/atomic"
)

// Handle addresses one actor. To make one costs no request; the actor is looked up, or
// created, at the first use, and its id is remembered. A handle may be used by many
// goroutines at once.
type Handle struct {
	c      *Client
	source source
	name   string
	key    Key
	how    manner
	id     *atomic.Pointer[string] // shared by the handles that With derived
}

// source is how a handle comes to its actor's id.
type source int

const (
	byID source = iota
	byKey
	byCreation
)

// Get returns a handle of the actor with a name and key. Using it fails with
// [ErrNotFound] where there is no such actor.
func (c *Client) Get(name string, key Key, opts ...HandleOption) *Handle {
	return c.handle(byKey, name, key, opts)
}

// GetOrCreate returns a handle of the actor with a name and key, which is created if
// it is not there when the handle is used.
func (c *Client) GetOrCreate(name string, key Key, opts ...HandleOption) *Handle {
	return c.handle(byCreation, name, key, opts)
}

// ForID returns a handle of the actor with an id.
func (c *Client) ForID(id string, opts ...HandleOption) *Handle {
	h := c.handle(byID, "", nil, opts)
	h.id.Store(&id)
	return h
}

// Create makes an actor and returns a handle of it. It fails with [ErrExists] if the
// name and key are taken. See [Management.CreateActor].
func (c *Client) Create(ctx context.Context, name string, key Key, opts ...HandleOption) (*Handle, error) {
	actor, err := c.Management().CreateActor(ctx, name, key, opts...)
	if err != nil {
		return nil, err
	}
	return c.ForID(actor.ID, opts...), nil
}

func (c *Client) handle(from source, name string, key Key, opts []HandleOption) *Handle {
	if key == nil {
		key = Key{}
	}
	return &Handle{c: c, source: from, name: name, key: key, how: c.defaults.with(opts), id: new(atomic.Pointer[string])}
}

// With returns a handle of the same actor that is used with further options.
func (h *Handle) With(opts ...HandleOption) *Handle {
	other := *h
	other.how = h.how.with(opts)
	return &other
}

// Resolve returns the actor's id, looking it up or creating the actor if that is not
// known yet.
func (h *Handle) Resolve(ctx context.Context) (string, error) {
	if known := h.id.Load(); known != nil {
		return *known, checkID(*known)
	}
	id, err := h.find(ctx)
	if err != nil {
		return "", err
	}
	h.id.Store(&id)
	return id, nil
}

func (h *Handle) find(ctx context.Context) (string, error) {
	management := h.c.Management()
	if h.source == byCreation {
		actor, _, err := management.GetOrCreateActor(ctx, h.name, h.key, func(m *manner) { *m = h.how })
		return actor.ID, err
	}
	actor, found, err := management.ActorByKey(ctx, h.name, h.key)
	if err == nil && !found {
		err = &Error{
			Group: "actor", Code: "not_found", delivery: NotDelivered,
			Message: "there is no actor " + h.name + " with the key " + h.key.String(),
		}
	}
	return actor.ID, err
}

// forget drops an id that turned out to be stale, and reports whether the actor may have
// another.
func (h *Handle) forget(id string) bool {
	if h.source == byID {
		return false
	}
	if known := h.id.Load(); known != nil && *known == id {
		h.id.CompareAndSwap(known, nil)
	}
	return true
}
