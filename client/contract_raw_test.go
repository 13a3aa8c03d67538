package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

func queueStoresAndAnswers(t *testing.T, c *client.Client) {
	h := c.GetOrCreate("jobs", key(t))
	if err := h.Send(t.Context(), "work", map[string]any{"id": "first"}); err != nil {
		t.Fatal(err)
	}
	reply, completed, err := h.SendWait(t.Context(), "work", map[string]any{"id": "second"}, 5*time.Second)
	if err != nil || !completed {
		t.Fatalf("SendWait = %v, %v, %v", reply, completed, err)
	}
	if diff := cmp.Diff(map[string]any{"id": "second", "position": 2.0}, reply); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
	reply, completed, err = h.SendWait(t.Context(), "work", map[string]any{"id": "slow", "milliseconds": 300}, 50*time.Millisecond)
	if err != nil || completed || reply != (client.Undefined{}) {
		t.Errorf("a message that takes too long: %v, %v, %v", reply, completed, err)
	}
	if err := h.Send(t.Context(), "work", 1<<53); client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("unsafe integer: %v", err)
	}
}

// heard is what the actor's handler says of a request.
type heard struct {
	Method, Path, Body string
	Query, Headers     map[string]string
}

func rawHTTPReachesActor(t *testing.T, c *client.Client) {
	h := c.GetOrCreate("httpApi", key(t))
	web := &http.Client{Transport: h}
	for _, v := range []struct{ method, url, body, wantPath string }{
		{"GET", "http://actor", "", "/"},
		{"GET", "http://actor/", "", "/"},
		{"GET", "http://actor?x=1+2", "", "/"},
		{"POST", "http://actor/a%20b/ü?x=%26", "text", "/a%20b/%C3%BC"},
		{"PATCH", "http://actor/deep/er", strings.Repeat("x", 100_000), "/deep/er"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), v.method, v.url, strings.NewReader(v.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Mine", "kept")
		var got heard
		decodeResponse(t, web, req, &got)
		want := heard{Method: v.method, Path: v.wantPath, Body: v.body, Query: map[string]string{}}
		for name := range req.URL.Query() {
			want.Query[name] = req.URL.Query().Get(name)
		}
		if got.Headers["x-mine"] != "kept" {
			t.Errorf("%s: headers %v", v.url, got.Headers)
		}
		got.Headers = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.url, diff)
		}
	}
	checkStatus(t, web, "http://actor/status/418", http.StatusTeapot)
	checkStatus(t, web, "http://actor/items/none", http.StatusNotFound)
	id, _ := h.Resolve(t.Context())
	if err := c.Management().DestroyActor(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	checkStatus(t, web, "http://actor/status/202", http.StatusAccepted)
	resp, err := (&http.Client{Transport: c.Get("httpApi", key(t))}).Get("http://actor/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := client.ResponseError(resp); resp.StatusCode != http.StatusNotFound || !errors.Is(err, client.ErrNotFound) {
		t.Errorf("missing actor: %v", err)
	}
}

func decodeResponse(t *testing.T, web *http.Client, req *http.Request, into any) {
	t.Helper()
	resp, err := web.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatalf("%s: %v", req.URL, err)
	}
}

func checkStatus(t *testing.T, web *http.Client, url string, want int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := web.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != want {
		t.Errorf("%s: status %d, want %d", url, resp.StatusCode, want)
	}
}

func rawWebSocketReachesActor(t *testing.T, c *client.Client) {
	ws, err := c.GetOrCreate("httpApi", key(t)).WebSocket(t.Context(), "/echo?x=1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	for _, m := range []struct {
		kind websocket.MessageType
		data []byte
	}{
		{websocket.MessageText, []byte("hello, 世界")},
		{websocket.MessageBinary, []byte{0, 255, 1}},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := ws.Write(ctx, m.kind, m.data); err != nil {
			t.Fatal(err)
		}
		kind, data, err := ws.Read(ctx)
		if err != nil || kind != m.kind || !bytes.Equal(data, m.data) {
			t.Errorf("%v %q came back as %v %q, %v", m.kind, m.data, kind, data, err)
		}
	}
	ws.Close(websocket.StatusNormalClosure, "")
}

func TestARequestNeedsNoHeaders(t *testing.T) {
	s := newScript(t, says(200, "fine"))
	resp, err := s.client(t).ForID(anID).RoundTrip(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/any"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status is %d", resp.StatusCode)
	}
}
