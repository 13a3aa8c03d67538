package client_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"riveter/client"
)

// TestTheWordsOfAStrangerAreRepeated has something between refuse: what it says is all that anybody learns, and no token would help.
func TestTheWordsOfAStrangerAreRepeated(t *testing.T) {
	t.Parallel()
	page := `<html><head><style>h1 { color: red }</style></head><script>if (1 < 2) {}</script><h1>Blocked</h1>
		<p>by the <b>WAF</b> of Example</p></html>`
	for _, c := range []struct {
		status          int
		header, content string
		body, want      string
	}{
		{403, "Content-Type", "text/html; charset=utf-8", page, "Forbidden: Blocked by the WAF of Example"},
		{403, "Content-Type", "application/json", `{"code":"forbidden","message":"waf"}`, `Forbidden: {"code":"forbidden","message":"waf"}`},
		{403, "Content-Type", "text/plain", "go\n\x1b[2Jaway", "Forbidden: go \uFFFD[2Jaway"},
		{403, "Content-Type", "image/png", "PNG", "Forbidden"},
		{502, "Content-Type", "text/plain", strings.Repeat("x", 1000), "Bad Gateway: " + strings.Repeat("x", 300) + "…"},
		{302, "Location", "https://u:secret@login.example/start?token=secret", "", "Found, to https://u:xxxxx@login.example/start"},
		{307, "Location", "/login", "", "Temporary Redirect, to /login"},
	} {
		s := newScript(t, marked(c.header, c.content, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		_, _, looked := s.client(t, client.WithRetries(0)).Management().ActorByKey(t.Context(), "n", client.Key{"k"})
		_, called := s.client(t, client.WithRetries(0)).ForID(anID).Call(t.Context(), "act")
		for _, err := range []error{looked, called} {
			if e := mustError(t, err); e.Message != c.want || e.Code != "" || strings.Contains(err.Error(), "sk_") {
				t.Errorf("%v, want %q", err, c.want)
			}
		}
	}
}

// TestAnotherActorsAnswerIsNone has the gateway, or something before it, lead to another actor than the one that is asked.
func TestAnotherActorsAnswerIsNone(t *testing.T) {
	t.Parallel()
	other := strings.Repeat("b", 30)
	marks := func(answer http.HandlerFunc) http.HandlerFunc { return marked("X-Rivet-Actor", other, answer) }
	done := marks(says(http.StatusOK, `{"output":1,"status":"completed","version":"2.3.19"}`))
	connect := func(ctx context.Context, h *client.Handle) error {
		_, err := h.Connect(ctx)
		return err
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		ask    func(context.Context, *client.Handle) error
		want   client.Delivery
	}{
		"a call": {done, func(ctx context.Context, h *client.Handle) error { _, err := h.Call(ctx, "act"); return err }, client.InDoubt},
		"a call that fails": {marks(says(http.StatusBadRequest, `{"group":"user","code":"no","message":"m"}`)), func(ctx context.Context, h *client.Handle) error {
			_, err := h.Call(ctx, "act")
			return err
		}, client.InDoubt},
		"a message": {done, func(ctx context.Context, h *client.Handle) error { return h.Send(ctx, "queue", 1) }, client.InDoubt},
		"a request": {done, func(ctx context.Context, h *client.Handle) error {
			req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://actor/", strings.NewReader("x"))
			resp, err := h.RoundTrip(req)
			if err == nil {
				resp.Body.Close()
			}
			return err
		}, client.InDoubt},
		"a WebSocket": {marks(writes()), func(ctx context.Context, h *client.Handle) error {
			_, err := h.WebSocket(ctx, "/")
			return err
		}, client.NotDelivered},
		"a connection":                  {marks(writes(greeting)), connect, client.NotDelivered},
		"a connection, by its greeting": {writes(strings.ReplaceAll(greeting, anID, other)), connect, client.NotDelivered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, c.answer)
			err := c.ask(t.Context(), s.client(t, client.WithRetries(0)).ForID(anID))
			checkFailure(t, err, c.want)
			if want := "another actor, " + other + ", answered in the place of " + anID; !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// TestTheInspectorSeesNoOtherActor has the token come from the management API, and what it is for from another actor.
func TestTheInspectorSeesNoOtherActor(t *testing.T) {
	t.Parallel()
	s := newScript(t, says(http.StatusOK, `{"value":"dG9r"}`), marked("X-Rivet-Actor", strings.Repeat("b", 30), says(http.StatusOK, `{"version":"2.3.19"}`)))
	version, err := s.client(t, client.WithRetries(0)).Inspector(anID).Version(t.Context())
	if err == nil || !strings.Contains(err.Error(), "in the place of "+anID) {
		t.Errorf("%q, %v", version, err)
	}
}
