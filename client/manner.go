package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// HandleOption says how a [Handle] creates or calls its actor: a [CreateOption] or a
// [CallOption]. Each is an [Option] of [New] too, as the default of all handles.
type HandleOption interface {
	Option
	apply(*manner)
}

// CreateOption says how an actor is created. One that exists keeps what it was created with.
type CreateOption struct{ change func(*manner) }

// CallOption says how an actor is called, over HTTP and over connections.
type CallOption struct{ change func(*manner) }

func (o CreateOption) configure(cfg *config) { o.apply(&cfg.manner) }
func (o CallOption) configure(cfg *config)   { o.apply(&cfg.manner) }

func (o CreateOption) apply(m *manner) { m.apply(o.change) }
func (o CallOption) apply(m *manner)   { m.apply(o.change) }

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
	impatient    bool // the gateway does not wait until the actor is ready

	err error // what is wrong with the options
}

var errNilOption = errors.New("an option is nil")

func (m *manner) apply(change func(*manner)) {
	if change == nil {
		m.err = errNilOption
		return
	}
	change(m)
}

// with returns a copy changed by opts.
func with[O HandleOption](m manner, opts []O) manner {
	for _, opt := range opts {
		if any(opt) == nil {
			m.err = errNilOption
			continue
		}
		opt.apply(&m)
	}
	return m
}

// limit bounds one attempt at a request to an actor.
func (m manner) limit() time.Duration { return cmp.Or(m.timeout, actorTimeout) }

// WithInput sets what a new actor is created with. Without it the actor sees
// undefined, which nil, JavaScript's null, is not.
func WithInput(input any) CreateOption {
	return CreateOption{func(m *manner) { m.input = &input }}
}

// WithPool sets the pool in which a new actor is created.
func WithPool(name string) CreateOption {
	return CreateOption{func(m *manner) { m.pool = name }}
}

// WithRegion sets the datacenter in which a new actor is created, by its name; the
// server chooses otherwise.
func WithRegion(datacenter string) CreateOption {
	return CreateOption{func(m *manner) { m.region = datacenter }}
}

// WithCrashPolicy sets what the server does when a new actor crashes; [CrashSleep]
// when not given.
func WithCrashPolicy(policy CrashPolicy) CreateOption {
	return CreateOption{func(m *manner) { m.crashPolicy = policy }}
}

// WithParams sets the connection parameters that go with every call, as the actor's
// onBeforeConnect gets them. They travel as JSON, whatever the encoding.
func WithParams(params any) CallOption {
	return CallOption{func(m *manner) { m.params = &params }}
}

// WithGetParams sets a source of connection parameters that is asked anew at every
// attempt to open a connection or a WebSocket. Calls over HTTP use [WithParams].
func WithGetParams(get func(context.Context) (any, error)) CallOption {
	return CallOption{func(m *manner) {
		if m.getParams = get; get == nil {
			m.err = errNilOption
		}
	}}
}

// WithEncoding selects how values travel; [Bare] when not given.
func WithEncoding(encoding Encoding) CallOption {
	return CallOption{func(m *manner) {
		m.encoding = encoding
		if encoding < Bare || encoding > JSON {
			m.encoding, m.err = Bare, fmt.Errorf("there is no encoding %d", encoding)
		}
	}}
}

// WithTimeout bounds one attempt at a request, and the answer to a call over a
// connection. When not given it is 75 seconds to an actor, 45 to the management API and
// 15 for destroying an actor. The total is bounded by the context.
func WithTimeout(d time.Duration) CallOption {
	return CallOption{func(m *manner) {
		if m.timeout = d; d <= 0 {
			m.err = fmt.Errorf("a time limit of %s leaves no time", d)
		}
	}}
}

// Idempotent declares that a call may run twice without harm, so that one whose
// outcome is in doubt is sent again.
func Idempotent() CallOption {
	return CallOption{func(m *manner) { m.idempotent = true }}
}

// SkipReadyWait lets the gateway pass a request on without waiting until the actor is
// ready, and fail where it cannot.
func SkipReadyWait() CallOption {
	return CallOption{func(m *manner) { m.impatient = true }}
}
