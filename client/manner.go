package client

import (
	"cmp"
	"context"
	"time"
)

// HandleOption says how a [Handle] creates and calls its actor.
type HandleOption func(*manner)

func (o HandleOption) configure(cfg *config) { o(&cfg.manner) }

// manner is what handle options decide.
type manner struct {
	pool, region string
	crashPolicy  CrashPolicy
	input        *any // nil: none is sent
	params       *any
	getParams    func(context.Context) (any, error)
	encoding     Encoding
	timeout      time.Duration
	idempotent   bool
}

// with returns a copy changed by opts.
func (m manner) with(opts []HandleOption) manner {
	for _, opt := range opts {
		opt(&m)
	}
	return m
}

// limit bounds one attempt at a request to an actor.
func (m manner) limit() time.Duration { return cmp.Or(m.timeout, actorTimeout) }

// WithInput sets what a new actor is created with. Without it the actor sees
// undefined, which nil, JavaScript's null, is not. An existing actor ignores it.
func WithInput(input any) HandleOption {
	return func(m *manner) { m.input = &input }
}

// WithPool sets the pool in which a new actor is created.
func WithPool(name string) HandleOption {
	return func(m *manner) { m.pool = name }
}

// WithRegion sets the datacenter in which a new actor is created, by its name; the
// server chooses otherwise.
func WithRegion(datacenter string) HandleOption {
	return func(m *manner) { m.region = datacenter }
}

// WithCrashPolicy sets what the server does when a new actor crashes; [CrashSleep]
// when not given.
func WithCrashPolicy(policy CrashPolicy) HandleOption {
	return func(m *manner) { m.crashPolicy = policy }
}

// WithParams sets the connection parameters that go with every call, as the actor's
// onBeforeConnect gets them. They travel as JSON, whatever the encoding.
func WithParams(params any) HandleOption {
	return func(m *manner) { m.params = &params }
}

// WithGetParams sets a source of connection parameters that is asked anew at every
// attempt to open a connection or a WebSocket. Calls over HTTP use [WithParams].
func WithGetParams(get func(context.Context) (any, error)) HandleOption {
	return func(m *manner) { m.getParams = get }
}

// WithEncoding selects how values travel; [Bare] when not given.
func WithEncoding(encoding Encoding) HandleOption {
	return func(m *manner) { m.encoding = encoding }
}

// WithTimeout bounds one attempt at a request, and the answer to a call over a
// connection. When not given it is 75 seconds to an actor, 45 to the management API and
// 15 for destroying an actor. The total is bounded by the context.
func WithTimeout(d time.Duration) HandleOption {
	return func(m *manner) { m.timeout = d }
}

// Idempotent declares that a call may run twice without harm, so that one whose
// outcome is in doubt is sent again.
func Idempotent() HandleOption {
	return func(m *manner) { m.idempotent = true }
}
