package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"riveter/client"
)

// What the gateway says of an actor that does not come up says nothing of the call; the actor's
// record does: one that has never started got nothing. (The timeout of the route as engine 2.3.19
// gives it where guard.route_dispatch_timeout_ms is shorter than a start takes.)
func TestAnActorThatHasNeverStartedGotNothing(t *testing.T) {
	for _, code := range []string{"actor_ready_timeout", "actor_wake_retries_exceeded", "route_dispatch_timeout"} {
		for name, c := range map[string]struct {
			record http.HandlerFunc
			want   client.Delivery
			says   string
		}{
			"never started": {says(200, `{"actors":[{"actor_id":%q,"create_ts":1}]}`, anID), client.NotDelivered, ""},
			"crashed": {
				says(200, `{"actors":[{"actor_id":%q,"create_ts":1,"error":{"crashed":{"message":"own words"}}}]}`, anID),
				client.NotDelivered, "own words",
			},
			"started once": {says(200, `{"actors":[{"actor_id":%q,"create_ts":1,"start_ts":2}]}`, anID), client.InDoubt, ""},
			"no record":    {says(200, `{"actors":[]}`), client.InDoubt, ""},
			"no right":     {fails(403, "api", "forbidden"), client.InDoubt, ""},
		} {
			for how, handle := range map[string]func(*client.Client) *client.Handle{
				"by id":  func(c *client.Client) *client.Handle { return c.ForID(anID) },
				"by key": func(c *client.Client) *client.Handle { return c.Get("n", client.Key{"k"}) },
			} {
				s := newScript(t, fails(504, "guard", code), c.record)
				_, err := handle(s.client(t)).Call(t.Context(), "act")
				if e := mustError(t, err); e.Code != code || client.DeliveryOf(err) != c.want || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s, %s, %s: %v, %v", code, name, how, err, client.DeliveryOf(err))
				}
				if n := s.requests.Load(); n != 2 {
					t.Errorf("%s, %s, %s: %d requests", code, name, how, n)
				}
			}
		}
	}
}

func TestWakeStartsAnActorAndAsksNothingOfIt(t *testing.T) {
	t.Parallel()
	c := connected(t)
	k := key(t)
	h := c.GetOrCreate("hooks", k)
	for _, want := range []float64{1, 2} {
		if err := h.Wake(t.Context()); err != nil {
			t.Fatal(err)
		}
		id, err := h.Resolve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		awaitStatus(t, c, id, client.Running)
		if got := call(t, h, "woken"); got != want {
			t.Errorf("woken %v times, want %v", got, want)
		}
		if err := c.Management().SleepActor(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		awaitStatus(t, c, id, client.Sleeping)
	}
	if err := c.Get("hooks", key(t, "nobody")).Wake(t.Context()); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("nobody wakes with %v", err)
	}
	err := c.GetOrCreate("fragile", k, client.WithInput(map[string]any{"broken": true})).Wake(t.Context())
	if err == nil || !strings.Contains(err.Error(), "cannot start") {
		t.Errorf("an actor that cannot start wakes with %v", err)
	}
}

// Also where the gateway cannot be told the key, so that the handle remembers an id.
func TestAHandleOutlivesItsActorInEveryWay(t *testing.T) {
	t.Parallel()
	c := connected(t)
	for name, use := range map[string]func(*client.Handle) error{
		"call": func(h *client.Handle) error { return second(h.Call(t.Context(), "sockets")) },
		"send": func(h *client.Handle) error { return h.Send(t.Context(), "work", 1) },
		"wake": func(h *client.Handle) error { return h.Wake(t.Context()) },
		"raw":  func(h *client.Handle) error { return doFetch(t, h) },
		"connect": func(h *client.Handle) error {
			conn, err := h.Connect(t.Context())
			conn.Close()
			return err
		},
		"WebSocket": func(h *client.Handle) error { return doWebSocket(t, h) },
		"URL": func(h *client.Handle) error {
			u, err := h.GatewayURL(t.Context())
			if err != nil {
				return err
			}
			if id, err := h.Resolve(t.Context()); err != nil || !strings.Contains(u, id) {
				return fmt.Errorf("%s is not of %s, %w", u, id, err)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := c.GetOrCreate("web", key(t, "a,b"))
			for range 2 {
				if err := use(h); err != nil {
					t.Fatal(err)
				}
				id, err := h.Resolve(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := c.Management().DestroyActor(t.Context(), id); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
