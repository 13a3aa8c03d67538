package client_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"riveter/client"
)

// How often a raw request is sent: by itself, where it may run twice, and where it may but
// its body can be read only once.
func TestARawRequestIsSentAgainAsACallIs(t *testing.T) {
	const once, always = 1, 4
	for _, c := range []struct {
		name                         string
		answer                       http.HandlerFunc
		want                         client.Delivery
		careful, repeating, streamed int
	}{
		{"success", inActor(says(200, "")), client.Delivered, once, once, once},
		{"the actor's own failure", inActor(says(500, "")), client.Delivered, once, once, once},
		{"the actor's own absence", inActor(says(404, "")), client.Delivered, once, once, once},
		{"the actor's own gateway", inActor(says(503, `{"group":"envoy","code":"actor_not_found"}`)), client.Delivered, once, once, once},
		{"waking up", fails(503, "envoy", "actor_not_found"), client.NotDelivered, always, always, once},
		{"no such actor", fails(404, "actor", "not_found"), client.NotDelivered, once, once, once},
		{"registry died", fails(503, "guard", "actor_stopped_while_waiting"), client.InDoubt, once, always, once},
		{"answer too long for the engine", fails(500, "envoy", "fetch_failed"), client.InDoubt, once, always, once},
		{"a stranger's gateway failed", says(502, "<html>"), client.InDoubt, once, always, once},
		{"a stranger failed", says(500, "<html>"), client.InDoubt, once, always, once},
		{"a stranger refused", says(403, "<html>"), client.Delivered, once, once, once},
		{"hung up", hangsUp, client.InDoubt, once, always, once},
	} {
		for _, mode := range []struct {
			name string
			opts []client.CallOption
			body io.Reader
			want int
		}{
			{"careful", nil, strings.NewReader("body"), c.careful},
			{"repeating", []client.CallOption{client.Idempotent()}, strings.NewReader("body"), c.repeating},
			{"streamed", []client.CallOption{client.Idempotent()}, io.MultiReader(strings.NewReader("body")), c.streamed},
		} {
			t.Run(c.name+", "+mode.name, func(t *testing.T) {
				t.Parallel()
				s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
					if body, err := io.ReadAll(r.Body); err != nil || string(body) != "body" {
						t.Errorf("the body is %q, %v", body, err)
					}
					c.answer(w, r)
				})
				h := s.client(t, client.WithRetries(3)).ForID(anID, mode.opts...)
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://actor/x", mode.body)
				if err != nil {
					t.Fatal(err)
				}
				if got := deliveryOf(h.RoundTrip(req)); got != c.want {
					t.Errorf("the request is %v, want %v", got, c.want)
				}
				if n := int(s.requests.Load()); n != mode.want {
					t.Errorf("sent %d times, want %d", n, mode.want)
				}
			})
		}
	}
}

// deliveryOf is what an answer to a raw request, or its absence, says.
func deliveryOf(resp *http.Response, err error) client.Delivery {
	if err != nil {
		return client.DeliveryOf(err)
	}
	defer resp.Body.Close()
	return client.DeliveryOf(client.ResponseError(resp))
}

// TestAnswersAreVouchedFor has answers to raw requests with the mark of the gateway and without, where the answers of actors are
// marked and where they are not.
func TestAnswersAreVouchedFor(t *testing.T) {
	for _, c := range []struct {
		name           string
		answer, health http.HandlerFunc
		surely         bool
	}{
		{"of the actor", inActor(says(200, "welcome")), fails(503, "guard", "actor_ready_timeout"), true},
		{"of RivetKit 2.2", says(200, "welcome"), says(200, "ok"), true},
		{"of a stranger", says(200, "<html>"), inActor(says(200, "ok")), false},
		{"of a stranger who answers everything", says(200, "<html>"), says(200, "<html>"), false},
		{"refused by a stranger", says(403, "<html>"), inActor(says(200, "ok")), false},
		{"of nobody who can be asked", says(200, "welcome"), hangsUp, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/health") {
					c.health(w, r)
					return
				}
				c.answer(w, r)
			})
			h := s.client(t, client.WithRetries(0)).ForID(anID)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://actor/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := h.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if err := h.Vouch(t.Context(), resp); (err == nil) != c.surely || err != nil && client.DeliveryOf(err) != client.InDoubt {
				t.Errorf("it says %v", err)
			}
		})
	}
}

func TestWhatTheGatewaySaysCanStillBeRead(t *testing.T) {
	s := newScript(t, fails(404, "actor", "not_found"))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://actor/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.client(t).ForID(anID).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := client.ResponseError(resp); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("it says %v", err)
	}
	if body, _ := io.ReadAll(resp.Body); !strings.Contains(string(body), `"not_found"`) {
		t.Errorf("body is %q", body)
	}
}

// cutter answers the first request of every connection, and cuts the connection under the
// second one, after it was read.
type cutter struct {
	net.Listener
	requests atomic.Int64
}

func newCutter(t *testing.T) *cutter {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.serve(conn)
		}
	}()
	return c
}

func (c *cutter) serve(conn net.Conn) {
	defer conn.Close()
	from := bufio.NewReader(conn)
	for first := true; ; first = false {
		req, err := http.ReadRequest(from)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		if strings.HasSuffix(req.URL.Path, "/metadata") {
			fmt.Fprint(conn, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			return
		}
		c.requests.Add(1)
		if !first {
			return
		}
		body := `{"output":1}`
		if req.Method == http.MethodHead {
			body = ""
		}
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nX-Rivet-Actor: %s\r\nContent-Length: %d\r\n\r\n%s", anID, len(body), body)
	}
}

// net/http repeats by itself what it takes for idempotent, if a connection that it kept breaks.
func TestNothingIsSentTwiceBehindOurBack(t *testing.T) {
	for _, c := range []struct {
		method, body string
		header       string
	}{
		{http.MethodGet, "", ""},
		{http.MethodGet, "body", ""},
		{http.MethodHead, "", ""},
		{http.MethodOptions, "", ""},
		{http.MethodDelete, "", ""},
		{http.MethodPost, "", ""},
		{http.MethodPost, "body", "Idempotency-Key"},
		{http.MethodPost, "", "Idempotency-Key"},
		{http.MethodPut, "body", "X-Idempotency-Key"},
	} {
		t.Run(c.method+c.body+c.header, func(t *testing.T) {
			t.Parallel()
			s := newCutter(t)
			for _, mode := range []struct {
				opts []client.CallOption
				want int64
			}{{nil, 2}, {[]client.CallOption{client.Idempotent()}, 3}} {
				s.requests.Store(0)
				h := newClient(t, client.WithEndpoint("http://"+s.Addr().String()), client.WithBackoff(quick)).ForID(anID, mode.opts...)
				var err error
				for range 2 {
					req, _ := http.NewRequestWithContext(t.Context(), c.method, "http://actor/x", strings.NewReader(c.body))
					if c.header != "" {
						req.Header.Set(c.header, "k")
					}
					var resp *http.Response
					if resp, err = h.RoundTrip(req); err == nil {
						_, _ = io.Copy(io.Discard, resp.Body)
						resp.Body.Close()
					}
				}
				if n := s.requests.Load(); n != mode.want || (err == nil) != (mode.want == 3) {
					t.Errorf("sent %d times, want %d: %v", n, mode.want, err)
				}
				if mode.opts == nil && client.DeliveryOf(err) != client.InDoubt {
					t.Errorf("%v: %v", err, client.DeliveryOf(err))
				}
			}
		})
	}
}

func TestACallIsSentOnceWhateverHeadersGoWithIt(t *testing.T) {
	s := newCutter(t)
	c := newClient(t, client.WithEndpoint("http://"+s.Addr().String()), client.WithHeaders(http.Header{"Idempotency-Key": {"k"}}), client.WithEncoding(client.JSON))
	call(t, c.ForID(anID), "act")
	_, err := c.ForID(anID).Call(t.Context(), "act")
	if n := s.requests.Load(); n != 2 || client.DeliveryOf(err) != client.InDoubt {
		t.Errorf("sent %d times: %v", n, err)
	}
}

// Every code by which the engine says that nothing was delivered, said by an actor.
func TestAnActorThatTalksLikeTheEngineIsAskedOnce(t *testing.T) {
	for _, encoding := range []client.Encoding{client.Bare, client.CBOR, client.JSON} {
		t.Run(encoding.String(), func(t *testing.T) {
			t.Parallel()
			h := connected(t, client.WithEncoding(encoding)).GetOrCreate("faults", key(t))
			conn := connect(t, h)
			defer conn.Close()
			asked := 0.0
			for _, said := range [][2]string{
				{"actor", "not_found"},
				{"actor", "overloaded"},
				{"actor", "stopping"},
				{"actor", "action_not_found"},
				{"actor", "destroyed_while_waiting_for_ready"},
				{"envoy", "actor_not_found"},
				{"envoy", "actor_generation_mismatch"},
				{"guard", "rate_limit"},
				{"guard", "actor_ready_timeout"},
				{"message", "incoming_too_long"},
				{"api", "forbidden"},
				{"core", "internal_error"},
				{"user", "mine"},
			} {
				for _, caller := range []client.Caller{h, conn} {
					_, err := caller.Call(t.Context(), "fail", said[0], said[1])
					checkFailure(t, err, client.Delivered)
					if e := mustError(t, err); e.Group != said[0] || e.Code != said[1] {
						t.Errorf("%v became %v", said, err)
					}
					if errors.Is(err, client.ErrNotFound) || errors.Is(err, client.ErrForbidden) {
						t.Errorf("%v passes for the engine's word", err)
					}
				}
				asked += 2
			}
			if got := call(t, h, "asked"); got != asked {
				t.Errorf("the actor was asked %v times, want %v", got, asked)
			}
		})
	}
}

func TestAnActorCannotPassForTheGateway(t *testing.T) {
	t.Parallel()
	h := connected(t).GetOrCreate("faults", key(t), client.Idempotent())
	for n, query := range []string{"?status=503", "?status=404", "?group=envoy&code=actor_not_found", "?group=actor&code=not_found"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://actor/"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := deliveryOf(h.RoundTrip(req)); got != client.Delivered {
			t.Errorf("%s is %v", query, got)
		}
		if got := call(t, h, "asked"); got != float64(n+1) {
			t.Errorf("%s: the actor was asked %v times", query, got)
		}
	}
}

// streamed is a body that can be read only once, and fills a trailer at its end.
type streamed struct {
	io.Reader
	trailer http.Header
	closed  atomic.Int64
}

func (b *streamed) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && b.trailer != nil {
		b.trailer.Set("X-Sum", "42")
	}
	return n, err
}

func (b *streamed) Close() error {
	b.closed.Add(1)
	return nil
}

func TestABodyIsClosedWhateverBecomesOfTheRequest(t *testing.T) {
	s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		says(200, "")(w, r)
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	fine := s.client(t).ForID(anID)
	if _, err := fine.GatewayURL(t.Context()); err != nil { // and the metadata is known
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ended bool
		h     *client.Handle
	}{
		"sent":             {false, fine},
		"ended before":     {true, fine},
		"a zero handle":    {false, new(client.Handle)},
		"no id":            {false, s.client(t).ForID("no id")},
		"nobody listens":   {false, newClient(t, client.WithEndpoint("http://127.0.0.1:1"), client.WithoutMetadataLookup(), client.WithRetries(0)).ForID(anID)},
		"bad parameters":   {false, fine.With(client.WithParams(func() {}))},
		"metadata is lost": {true, s.client(t).ForID(anID)},
	} {
		body := &streamed{Reader: strings.NewReader("body")}
		ctx := t.Context()
		if c.ended {
			ctx = ended
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://actor/x", body)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := c.h.RoundTrip(req); err == nil {
			resp.Body.Close()
		}
		if body.closed.Load() == 0 {
			t.Errorf("%s: the body stays open", name)
		}
	}
}

func TestTrailersGoBothWays(t *testing.T) {
	s := newScript(t, inActor(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Trailer", "X-Came")
		_, _ = io.WriteString(w, "body")
		w.Header().Set("X-Came", r.Trailer.Get("X-Sum"))
	}))
	body := &streamed{Reader: strings.NewReader("body"), trailer: http.Header{"X-Sum": nil}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://actor/x", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Trailer = body.trailer
	resp, err := s.client(t).ForID(anID).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Trailer.Get("X-Came") != "42" {
		t.Errorf("trailer is %v, %v", resp.Trailer, err)
	}
}

// A password in a URL is net/http's to say, in a header; JavaScript takes no URL that has one.
func TestNoPasswordIsInTheURLThatTheActorSees(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://ada:s3cr3t@actor.example/full?x=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Client{Transport: connected(t).GetOrCreate("web", key(t))}
	resp, err := web.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != `{"url":"https://actor.example/full?x=1"}` {
		t.Errorf("the actor sees %s", body)
	}
}
