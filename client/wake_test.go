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
// record does: one that has never started got nothing, and where nothing but the engine has hindered
// its start, the call is made once more. (The timeout of the route as engine 2.3.19
// gives it where guard.route_dispatch_timeout_ms is shorter than a start takes.)
func TestAnActorThatHasNeverStartedGotNothing(t *testing.T) {
	for _, code := range []string{"actor_ready_timeout", "actor_wake_retries_exceeded", "route_dispatch_timeout"} {
		for name, c := range map[string]struct {
			record http.HandlerFunc
			want   client.Delivery
			says   string
			again  bool // where the timeout is one that passes
		}{
			"never started": {says(200, `{"actors":[{"actor_id":%q,"name":"n","key":"k","create_ts":1}]}`, anID), client.NotDelivered, "", true},
			"lost":          {failing(`{"envoy_no_response":{"envoy_key":null}}`), client.NotDelivered, "envoy_no_response", true},
			"no registry":   {failing(`"no_envoys"`), client.NotDelivered, "no_envoys", false},
			"crashed":       {failing(`{"crashed":{"message":"own words"}}`), client.NotDelivered, "own words", false},
			"started once":  {says(200, `{"actors":[{"actor_id":%q,"name":"n","key":"k","create_ts":1,"start_ts":2}]}`, anID), client.InDoubt, "", false},
			"no record":     {says(200, `{"actors":[]}`), client.InDoubt, "", false},
			"no right":      {fails(403, "api", "forbidden"), client.InDoubt, "", false},
		} {
			for how, handle := range map[string]func(*client.Client) *client.Handle{
				"by id":  func(c *client.Client) *client.Handle { return c.ForID(anID) },
				"by key": func(c *client.Client) *client.Handle { return c.Get("n", client.Key{"k"}) },
			} {
				want := int64(2)
				if c.again && code != "actor_wake_retries_exceeded" {
					want = 4
				}
				s := newScript(t, fails(504, "guard", code), c.record, fails(504, "guard", code), c.record)
				_, err := handle(s.client(t)).Call(t.Context(), "act")
				if e := mustError(t, err); e.Code != code || client.DeliveryOf(err) != c.want || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s, %s, %s: %v, %v", code, name, how, err, client.DeliveryOf(err))
				}
				if n := s.requests.Load(); n != want {
					t.Errorf("%s, %s, %s: %d requests", code, name, how, n)
				}
			}
		}
	}
}

// failing is the record of an actor that has never started, and why.
func failing(why string) http.HandlerFunc {
	return says(200, `{"actors":[{"actor_id":%q,"name":"n","key":"k","create_ts":1,"error":%s}]}`, anID, why)
}

// A start that the engine has lost is no failure of a call that has not reached the actor.
func TestACallOutlastsALostStart(t *testing.T) {
	s := newScript(t, fails(503, "guard", "actor_ready_timeout"), failing(`{"envoy_no_response":{"envoy_key":null}}`), inActor(says(200, `{"output":7}`)))
	if got := call(t, s.client(t).GetOrCreate("n", client.Key{"k"}), "act"); got != 7.0 {
		t.Errorf("it gives %v", got)
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
