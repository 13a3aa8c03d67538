package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"riveter/client"
)

// What nobody made, or is nil, is an error wherever it is used: no panic, and no wait without end.
func TestWhatNobodyMadeIsAnError(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://actor/", nil)
	if err != nil {
		t.Fatal(err)
	}
	fine := newScript(t, says(200, `{"output":1}`)).client(t)
	for name, use := range map[string]func(context.Context) error{
		"client, call":      func(ctx context.Context) error { return second(new(client.Client).ForID(anID).Call(ctx, "a")) },
		"client, resolve":   func(ctx context.Context) error { return second(new(client.Client).Get("n", nil).Resolve(ctx)) },
		"client, create":    func(ctx context.Context) error { return second(new(client.Client).Create(ctx, "n", nil)) },
		"client, connect":   func(ctx context.Context) error { return second(new(client.Client).GetOrCreate("n", nil).Connect(ctx)) },
		"client, inspect":   func(ctx context.Context) error { return second(new(client.Client).Inspector(anID).State(ctx)) },
		"client, manage":    func(ctx context.Context) error { return new(client.Client).Management().DestroyActor(ctx, anID) },
		"no handle":         func(ctx context.Context) error { return second((*client.Handle)(nil).With().Call(ctx, "a")) },
		"no handle, send":   func(ctx context.Context) error { return (*client.Handle)(nil).With().Send(ctx, "q", 1) },
		"no handle, wait":   func(ctx context.Context) error { return sendWait(ctx, nil, time.Second) },
		"no handle, open":   func(ctx context.Context) error { return (*client.Handle)(nil).Open().Ready(ctx) }, //nolint:contextcheck // it outlives its caller
		"no handle, wake":   func(ctx context.Context) error { return (*client.Handle)(nil).Wake(ctx) },
		"no inspector":      func(ctx context.Context) error { return second((*client.Inspector)(nil).State(ctx)) },
		"no connection":     func(ctx context.Context) error { return second((*client.Conn)(nil).Call(ctx, "a")) },
		"no subscription":   func(ctx context.Context) error { return second((*client.Subscription)(nil).Next(ctx)) },
		"nobody to call":    func(ctx context.Context) error { return second(client.Call[int](ctx, nil, "a")) },
		"no client":         func(ctx context.Context) error { return second((*client.Client)(nil).ForID(anID).Call(ctx, "a")) },
		"handle, call":      func(ctx context.Context) error { return second(new(client.Handle).Call(ctx, "a")) },
		"handle, send":      func(ctx context.Context) error { return new(client.Handle).Send(ctx, "q", 1) },
		"handle, URL":       func(ctx context.Context) error { return second(new(client.Handle).GatewayURL(ctx)) },
		"handle, WebSocket": func(ctx context.Context) error { return second(new(client.Handle).WebSocket(ctx, "/")) },
		"handle, connect":   func(ctx context.Context) error { return second(new(client.Handle).Connect(ctx)) },
		"handle, open":      func(ctx context.Context) error { return new(client.Handle).Open().Ready(ctx) },  //nolint:contextcheck // it outlives its caller
		"handle, raw":       func(context.Context) error { return second(new(client.Handle).RoundTrip(req)) }, //nolint:bodyclose // there is none
		"no URL": func(context.Context) error {
			return second(fine.ForID(anID).RoundTrip(new(http.Request))) //nolint:bodyclose // there is none
		},
		"no time to wait": func(ctx context.Context) error { return sendWait(ctx, fine.ForID(anID), -1) },
		"handle, changed": func(ctx context.Context) error {
			return second(new(client.Handle).With(client.Idempotent()).Resolve(ctx))
		},
		"management": func(ctx context.Context) error { return second(client.Management{}.Pools(ctx)) },
		"management, create": func(ctx context.Context) error {
			return second(client.Management{}.CreateActor(ctx, "n", nil))
		},
		"inspector":         func(ctx context.Context) error { return second(new(client.Inspector).State(ctx)) },
		"connection, call":  func(ctx context.Context) error { return second(new(client.Conn).Call(ctx, "a")) },
		"connection, flush": func(ctx context.Context) error { return new(client.Conn).Flush(ctx) },
		"connection, ready": func(ctx context.Context) error { return new(client.Conn).Ready(ctx) },
		"connection, listen": func(ctx context.Context) error {
			return second(new(client.Conn).Subscribe("e").Next(ctx)) //nolint:contextcheck // it outlives its caller
		},
		"subscription":   func(ctx context.Context) error { return second(new(client.Subscription).Next(ctx)) },
		"nil option":     func(ctx context.Context) error { return second(fine.Get("n", nil, client.CallOption{}).Call(ctx, "a")) },
		"nil option too": func(ctx context.Context) error { return second(fine.GetOrCreate("n", nil, nil).Call(ctx, "a")) },
		"nil creation":   func(ctx context.Context) error { return second(fine.Create(ctx, "n", nil, client.CreateOption{})) },
		"no source": func(ctx context.Context) error {
			return second(fine.Get("n", nil, client.WithGetParams(nil)).Connect(ctx))
		},
		"nil connection": func(ctx context.Context) error { return second(fine.ForID(anID).Connect(ctx, nil)) },
		"nil listener":   func(ctx context.Context) error { return second(fine.ForID(anID).Connect(ctx, client.OnStatus(nil))) },
		"nil subscription": func(ctx context.Context) error {
			return second(fine.ForID(anID).Connect(ctx, (*client.Subscription)(nil)))
		},
		"zero subscription": func(ctx context.Context) error {
			return second(fine.ForID(anID).Connect(ctx, new(client.Subscription)))
		},
		"no event": func(ctx context.Context) error { return second(fine.ForID(anID).Connect(ctx, client.On())) },
		"no buffer": func(ctx context.Context) error {
			return second(fine.ForID(anID).Connect(ctx, client.WithEventBuffer(0)))
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := use(ctx)
		checkNotSent(t, name, err)
		if ctx.Err() != nil {
			t.Errorf("%s waits: %v", name, err)
		}
		cancel()
	}
	new(client.Client).Close()
	for _, conn := range []*client.Conn{nil, {}} {
		conn.Close()
		conn.OnStatus(nil)()
		conn.OnError(nil)()
		if conn.ID()+conn.ActorID() != "" {
			t.Error("the connection that nobody made has an id")
		}
	}
	for _, subscription := range []*client.Subscription{nil, {}} {
		subscription.Close()
	}
	if status := new(client.Conn).Status(); status != client.Closed || new(client.Client).Endpoint() != "" {
		t.Errorf("the connection that nobody made is %s", status)
	}
}

func sendWait(ctx context.Context, h *client.Handle, limit time.Duration) error {
	_, _, err := h.SendWait(ctx, "q", 1, limit)
	return err
}

// A context that is nil is an error too, and leaves what it was given to as it was.
func TestANilContextIsAnError(t *testing.T) {
	c := connected(t)
	h := c.GetOrCreate("counter", key(t))
	conn := connect(t, h)
	defer conn.Close()
	var none context.Context
	_, wait := client.On("e").Next(none)
	for name, err := range map[string]error{
		"call": second(h.Call(none, "get")), "send": h.Send(none, "q", 1), "connect": second(h.Connect(none)),
		"resolve": second(h.Resolve(none)), "WebSocket": second(h.WebSocket(none, "")), "wake": h.Wake(none),
		"URL": second(h.GatewayURL(none)), "management": second(c.Management().Pools(none)), "state": second(c.Inspector(anID).State(none)),
		"call over a connection": second(conn.Call(none, "get")), "flush": conn.Flush(none), "ready": conn.Ready(none), "event": wait,
	} {
		checkNotSent(t, name, err)
	}
	if got := call(t, conn, "get"); got != 0.0 {
		t.Errorf("the connection gives %v", got)
	}
}

// A name that would arrive as another one, or end the connection of all who use it, is not sent.
func TestANameThatIsNoTextIsAnError(t *testing.T) {
	t.Parallel()
	const none = "\xff"
	for _, encoding := range []client.Encoding{client.Bare, client.CBOR, client.JSON} {
		c := connected(t, client.WithEncoding(encoding))
		h := c.GetOrCreate("counter", key(t))
		conn := connect(t, h)
		for name, err := range map[string]error{
			"actor": second(c.GetOrCreate(none, key(t)).Call(t.Context(), "get")), "found": second(c.Get(none, key(t)).Resolve(t.Context())),
			"created": second(c.Create(t.Context(), none, key(t))), "managed": second(c.Management().CreateActor(t.Context(), none, key(t))),
			"action": second(h.Call(t.Context(), none)), "queue": h.Send(t.Context(), none, 1),
			"action over a connection": second(conn.Call(t.Context(), none)),
			"event":                    second(conn.Subscribe("e", none).Next(t.Context())), "event from the beginning": second(h.Connect(t.Context(), client.On(none))),
			"long event": second(conn.Subscribe(strings.Repeat("e", 1<<16)).Next(t.Context())),
		} {
			checkNotSent(t, name, err)
		}
		if got := call(t, conn, "get"); got != 0.0 || conn.Status() != client.Connected {
			t.Errorf("the connection gives %v", got)
		}
		conn.Close()
	}
}

func checkNotSent(t *testing.T, name string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*client.Error](err); !ok || client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("%s: %v", name, err)
	}
}

// After Close a client does nothing any more, and nothing of it is left.
func TestACloseEndsEverything(t *testing.T) {
	checkLeaks(t)
	c := newClient(t, client.WithEndpoint(endpoint()))
	h := c.GetOrCreate("connections", key(t))
	hello := client.On("hello")
	conn := connect(t, h, hello)
	background := h.Open()
	inFlight := make(chan error, 1)
	slow := connect(t, c.GetOrCreate("timing", key(t)))
	go func() { inFlight <- second(slow.Call(context.WithoutCancel(t.Context()), "slow", 5000, 1)) }()
	if err := slow.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if err := <-inFlight; !errors.Is(err, client.ErrClosed) || client.DeliveryOf(err) != client.InDoubt {
		t.Errorf("a call in flight: %v", err)
	}
	c.Close()
	for name, err := range map[string]error{
		"a call":       second(h.Call(t.Context(), "log")),
		"a connect":    second(h.Connect(t.Context())),
		"management":   second(c.Management().Pools(t.Context())),
		"connection":   second(conn.Call(t.Context(), "log")),
		"another":      second(background.Call(t.Context(), "log")),
		"subscription": second(hello.Next(t.Context())),
		"a later one":  second(conn.Subscribe("said").Next(t.Context())),
		"flush":        conn.Flush(t.Context()),
	} {
		if !errors.Is(err, client.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
		checkNotSent(t, name, err)
	}
	if conn.Status() != client.Closed || background.Status() != client.Closed {
		t.Errorf("connections are %s and %s", conn.Status(), background.Status())
	}
}
