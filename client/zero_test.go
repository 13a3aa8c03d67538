package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"riveter/client"
)

// What nobody made is an error wherever it is used: no panic, and no wait without end.
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
		"no client":         func(ctx context.Context) error { return second((*client.Client)(nil).ForID(anID).Call(ctx, "a")) },
		"handle, call":      func(ctx context.Context) error { return second(new(client.Handle).Call(ctx, "a")) },
		"handle, send":      func(ctx context.Context) error { return new(client.Handle).Send(ctx, "q", 1) },
		"handle, URL":       func(ctx context.Context) error { return second(new(client.Handle).GatewayURL(ctx)) },
		"handle, WebSocket": func(ctx context.Context) error { return second(new(client.Handle).WebSocket(ctx, "/")) },
		"handle, connect":   func(ctx context.Context) error { return second(new(client.Handle).Connect(ctx)) },
		"handle, open":      func(ctx context.Context) error { return new(client.Handle).Open().Ready(ctx) },  //nolint:contextcheck // it outlives its caller
		"handle, raw":       func(context.Context) error { return second(new(client.Handle).RoundTrip(req)) }, //nolint:bodyclose // there is none
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
	new(client.Conn).Close()
	new(client.Subscription).Close()
	new(client.Conn).OnStatus(nil)()
	if status := new(client.Conn).Status(); status != client.Closed || new(client.Client).Endpoint() != "" {
		t.Errorf("the connection that nobody made is %s", status)
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
	c.Close()
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
