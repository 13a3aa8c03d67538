package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"riveter/client"
	"riveter/internal/devrivet"
)

// On an engine that checks tokens, whoever has a public one, or none, may do all that a
// backend or a browser does, and nothing of what an operator does.
func TestPublicTokensSufficeForActors(t *testing.T) {
	t.Parallel()
	rivet := ownRivet(t, devrivet.Options{AdminToken: "sk_s3cr3t"})
	secret := newClient(t, client.WithEndpoint(rivet.Endpoint()), client.WithToken("sk_s3cr3t"))
	id, err := secret.GetOrCreate("counter", key(t, "known")).Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, opts := range map[string][]client.Option{
		"public": {client.WithToken("pk_public/tok")}, "none": {client.WithToken("")},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, append(opts, client.WithEndpoint(rivet.Endpoint()))...)
			for what, err := range map[string]error{
				"get or create": doCall(t, c.GetOrCreate("counter", key(t)), "increment"),
				"input":         doCall(t, c.GetOrCreate("counter", key(t), client.WithInput(map[string]any{"start": 3})), "increment"),
				"get":           doCall(t, c.Get("counter", client.Key{"TestPublicTokensSufficeForActors", "x"}), "get"),
				"by id":         doCall(t, c.ForID(id), "get"),
				"connection":    doConnect(t, c.GetOrCreate("counter", key(t))),
				"queue":         c.GetOrCreate("jobs", key(t)).Send(t.Context(), "work", map[string]any{"id": "1"}),
				"raw":           doFetch(t, c.GetOrCreate("httpApi", key(t))),
				"WebSocket":     doWebSocket(t, c.GetOrCreate("httpApi", key(t))),
			} {
				if missing := what == "get"; missing != errors.Is(err, client.ErrNotFound) || !missing && err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			m := c.Management()
			_, comma := c.GetOrCreate("counter", client.Key{"a,b"}).Call(t.Context(), "get")
			_, resolved := c.Get("counter", key(t, "known")).Resolve(t.Context())
			_, _, looked := m.ActorByKey(t.Context(), "counter", client.Key{"k"})
			_, created := m.CreateActor(t.Context(), "counter", client.Key{"k"})
			_, _, got := m.GetOrCreateActor(t.Context(), "counter", client.Key{"k"})
			_, pools := m.Pools(t.Context())
			_, state := c.Inspector(id).State(t.Context())
			for what, err := range map[string]error{
				"a key with a comma": comma, "resolve": resolved, "look up": looked, "create": created, "get or create": got, "pools": pools,
				"destroy": m.DestroyActor(t.Context(), id), "sleep": m.SleepActor(t.Context(), id), "inspector": state,
			} {
				if !errors.Is(err, client.ErrForbidden) || client.DeliveryOf(err) != client.NotDelivered || !strings.Contains(err.Error(), "sk_") {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
	call(t, secret.GetOrCreate("counter", client.Key{"a,b"}), "increment")
	if state, err := secret.Inspector(id).State(t.Context()); err != nil || state.(map[string]any)["count"] != 0.0 {
		t.Errorf("State = %v, %v", state, err)
	}
}

func doCall(t *testing.T, h *client.Handle, action string) error {
	t.Helper()
	_, err := h.Call(t.Context(), action)
	return err
}

func doConnect(t *testing.T, h *client.Handle) error {
	t.Helper()
	conn, err := h.Connect(t.Context())
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Call(t.Context(), "increment")
	return err
}

func doFetch(t *testing.T, h *client.Handle) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://actor/path", nil)
	if err != nil {
		return err
	}
	resp, err := h.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return client.ResponseError(resp)
}

func doWebSocket(t *testing.T, h *client.Handle) error {
	t.Helper()
	ws, err := h.WebSocket(t.Context(), "/echo")
	if err != nil {
		return err
	}
	defer func() { _ = ws.CloseNow() }()
	if err := ws.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		return err
	}
	_, _, err = ws.Read(t.Context())
	return err
}
