package client_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"riveter/client"
)

// Every way in which a request to an actor can fail, what it means, and how often the
// request is then sent: by itself, and where it may run twice.
func TestFailuresAreToldApart(t *testing.T) {
	const once, always = 1, 4
	for _, c := range []struct {
		name               string
		answer             http.HandlerFunc
		want               client.Delivery
		careful, repeating int
	}{
		{"user error", failsInActor(500, "user", "mine"), client.Delivered, once, once},
		{"internal error", failsInActor(500, "rivetkit", "internal_error"), client.Delivered, once, once},
		{"custom error", failsInActor(500, "shop", "closed"), client.Delivered, once, once},
		{"user error whose metadata cannot be told", failsInActor(500, "core", "internal_error"), client.Delivered, once, once},
		{"result too long", failsInActor(400, "message", "outgoing_too_long"), client.Delivered, once, once},
		{"action timed out", failsInActor(408, "actor", "action_timed_out"), client.Delivered, once, once},
		{"undecodable body", failsInActor(400, "core", "internal_error"), client.Delivered, once, once},
		{"no such action", failsInActor(404, "actor", "action_not_found"), client.Delivered, once, once},
		{"no such actor, says an action", failsInActor(404, "actor", "not_found"), client.Delivered, once, once},
		{"too busy, says an action", failsInActor(500, "actor", "overloaded"), client.Delivered, once, once},
		{"waking up, says an action", failsInActor(500, "envoy", "actor_not_found"), client.Delivered, once, once},
		{"stopping, says an action", failsInActor(500, "actor", "stopping"), client.Delivered, once, once},
		{"reply dropped", failsInActor(500, "actor", "dropped_reply"), client.Delivered, once, once},
		{"no such actor", fails(404, "actor", "not_found"), client.NotDelivered, once, once},
		{"destroyed meanwhile", fails(400, "actor", "destroyed_while_waiting_for_ready"), client.NotDelivered, once, once},
		{"forbidden", fails(403, "api", "forbidden"), client.NotDelivered, once, once},
		{"request too long for the engine", fails(413, "guard", "invalid_request_body"), client.NotDelivered, once, once},
		{"user error of RivetKit 2.2", says(400, `{"group":"user","code":"mine","message":"m"}`), client.Delivered, once, once},
		{"internal error of RivetKit 2.2", says(500, `{"group":"rivetkit","code":"internal_error","message":"m"}`), client.InDoubt, once, always},
		{"no such action of RivetKit 2.2", says(400, `{"group":"action","code":"not_found","message":"m"}`), client.Delivered, once, once},
		{"going to sleep", says(500, `{"group":"actor","code":"stopping","message":"m"}`), client.InDoubt, once, always},
		{"restarting", fails(503, "actor", "restarting"), client.InDoubt, once, always},
		{"waking up", fails(503, "envoy", "actor_not_found"), client.NotDelivered, always, always},
		{"waking up, says nobody", says(503, `{"group":"envoy","code":"actor_not_found","message":"m"}`), client.InDoubt, once, always},
		{"another generation", fails(503, "envoy", "actor_generation_mismatch"), client.NotDelivered, always, always},
		{"rate limit", fails(429, "guard", "rate_limit"), client.NotDelivered, always, always},
		{"rate limit of a stranger", says(429, "<html>"), client.InDoubt, once, always},
		{"registry died", fails(503, "guard", "actor_stopped_while_waiting"), client.InDoubt, once, always},
		{"tunnel broke", fails(503, "guard", "tunnel_request_aborted"), client.InDoubt, once, always},
		{"engine failed", fails(500, "core", "internal_error"), client.InDoubt, once, always},
		{"answer too long for the engine", fails(500, "envoy", "fetch_failed"), client.InDoubt, once, always},
		{"a stranger's gateway failed", says(502, "<html>"), client.InDoubt, once, always},
		{"a stranger refused, perhaps the answer", says(404, "<html>"), client.InDoubt, once, once},
		{"a filter of answers", says(403, "<html>"), client.InDoubt, once, once},
		{"redirect, perhaps in place of the answer", says(307, ""), client.InDoubt, once, once},
		{"moved", says(308, ""), client.NotDelivered, once, once},
		{"a stranger wants to know who it is", says(401, "<html>"), client.NotDelivered, once, once},
		{"too long for a stranger", says(413, "<html>"), client.NotDelivered, once, once},
		{"refused by the engine with a new code", fails(422, "guard", "new"), client.NotDelivered, once, once},
		{"hung up", hangsUp, client.InDoubt, once, always},
		{"no answer", hangs, client.InDoubt, once, always},
		{"torn error", tears(503), client.InDoubt, once, always},
		{"torn result", inActor(tears(200)), client.Delivered, once, always},
		{"torn result of somebody", tears(200), client.InDoubt, once, always},
		{"undecodable result", inActor(says(200, `{"output":["$what",1]}`)), client.Delivered, once, once},
		{"no result", inActor(says(200, `{"other":1}`)), client.Delivered, once, once},
		{"a page instead of a result", says(200, `<html>`), client.InDoubt, once, once},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, mode := range []struct {
				opts []client.CallOption
				want int
			}{
				{nil, c.careful},
				{[]client.CallOption{client.Idempotent()}, c.repeating},
			} {
				s := newScript(t, c.answer)
				opts := append(mode.opts, client.WithTimeout(200*time.Millisecond))
				_, err := s.client(t, client.WithRetries(3)).ForID(anID, opts...).Call(t.Context(), "act")
				checkFailure(t, err, c.want)
				if n := int(s.requests.Load()); n != mode.want {
					t.Errorf("sent %d times, want %d", n, mode.want)
				}
			}
		})
	}
}

func TestAnActorThatIsDestroyedMeanwhileIsNotFound(t *testing.T) {
	for _, code := range []string{"not_found", "destroyed_while_waiting_for_ready"} {
		_, err := newScript(t, fails(400, "actor", code)).client(t).ForID(anID).Call(t.Context(), "act")
		if !errors.Is(err, client.ErrNotFound) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestAnEmptyAnswerSaysNothingOfAVersion(t *testing.T) {
	s := newScript(t, says(502, ""))
	_, err := s.client(t, client.WithRetries(0)).ForID(anID).Call(t.Context(), "act")
	_, _, managed := s.client(t, client.WithRetries(0)).Management().ActorByKey(t.Context(), "n", client.Key{"k"})
	for _, err := range []error{err, managed} {
		if err == nil || !strings.HasSuffix(err.Error(), ": Bad Gateway") {
			t.Error(err)
		}
	}
}

func TestWhatARuntimeSaysOfAnActorThatEndsLeavesTheResultOpen(t *testing.T) {
	for _, code := range []string{"dropped_reply", "stopping", "restarting", "destroying", "shutdown_timeout", "action_timed_out"} {
		_, err := newScript(t, failsInActor(500, "actor", code)).client(t).ForID(anID).Call(t.Context(), "act")
		if !errors.Is(err, client.ErrResultLost) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func checkFailure(t *testing.T, err error, want client.Delivery) {
	t.Helper()
	if _, ok := errors.AsType[*client.Error](err); !ok {
		t.Fatalf("error is %v", err)
	}
	if got := client.DeliveryOf(err); got != want {
		t.Errorf("%v: %v, want %v", err, got, want)
	}
}

func TestFailureToConnectDeliversNothing(t *testing.T) {
	closed := newScript(t, hangs)
	closed.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	mute, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mute.Close() })
	const ample = time.Minute // on a busy machine
	for _, c := range []struct {
		name, endpoint string
		within         time.Duration
		want           string
	}{
		{"nobody listens", closed.URL, ample, "connection refused"},
		{"no such host", "http://nowhere.invalid", ample, "lookup nowhere.invalid"},
		{"certificate is not trusted", untrusted.URL, ample, "certificate"},
		{"TLS handshake is not answered", "https://" + mute.Addr().String(), 200 * time.Millisecond, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, perform := range []func(*client.Client) error{
				func(c *client.Client) error {
					_, err := c.ForID(anID).Call(t.Context(), "act")
					return err
				},
				func(c *client.Client) error { return c.Management().SleepActor(t.Context(), anID) },
				func(c *client.Client) error {
					_, err := c.ForID(anID).Connect(t.Context())
					return err
				},
			} {
				err := perform(newClient(t, client.WithEndpoint(c.endpoint), client.WithRetries(0), client.WithConnectTimeout(c.within)))
				checkFailure(t, err, client.NotDelivered)
				if err != nil && !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %q in it", err, c.want)
				}
			}
		})
	}
}

// lossy loses what one answer in the middle said.
type lossy struct {
	http.RoundTripper
	fail func(attempt int) error // instead of the attempt, from 1
	n    int
}

func (l *lossy) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/metadata" {
		return l.RoundTripper.RoundTrip(req)
	}
	l.n++
	if err := l.fail(l.n); err != nil {
		return nil, err
	}
	return l.RoundTripper.RoundTrip(req)
}

func TestARefusedRepetitionSettlesNothing(t *testing.T) {
	s := newScript(t, hangsUp)
	c := s.client(t, client.WithRetries(3), client.WithRoundTripper(func(next http.RoundTripper) http.RoundTripper {
		return &lossy{RoundTripper: next, fail: func(attempt int) error {
			if attempt == 1 {
				return nil
			}
			return &net.OpError{Op: "dial", Err: errors.New("refused")}
		}}
	}))
	_, err := c.ForID(anID, client.Idempotent()).Call(t.Context(), "act")
	checkFailure(t, err, client.InDoubt)
}

func TestAFaultThatNobodyExplainsIsInDoubt(t *testing.T) {
	s := newScript(t, says(200, `{"output":1}`))
	c := s.client(t, client.WithRoundTripper(func(next http.RoundTripper) http.RoundTripper {
		return &lossy{RoundTripper: next, fail: func(int) error { return errors.New("lost") }}
	}))
	_, err := c.ForID(anID).Call(t.Context(), "act")
	checkFailure(t, err, client.InDoubt)
}

func TestAPassingFailurePasses(t *testing.T) {
	for name, c := range map[string]struct {
		first http.HandlerFunc
		opts  []client.CallOption
	}{
		"woken":         {fails(503, "envoy", "actor_not_found"), nil},
		"torn":          {tears(200), []client.CallOption{client.Idempotent()}},
		"engine failed": {fails(500, "core", "internal_error"), []client.CallOption{client.Idempotent()}},
	} {
		s := newScript(t, c.first, c.first, says(200, `{"output":7}`))
		got, err := s.client(t).ForID(anID, c.opts...).Call(t.Context(), "act")
		if err != nil || got != 7.0 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// The gateway makes the actor of a handle as several ask for it at once, and says of some that
// it was destroyed in the making.
func TestAHandleThatCreatesOutlastsARace(t *testing.T) {
	for _, code := range []string{"destroyed_during_creation", "duplicate_key"} {
		for name, c := range map[string]struct {
			handle   func(*client.Client) *client.Handle
			requests int64
		}{
			"get or create": {func(c *client.Client) *client.Handle { return c.GetOrCreate("n", client.Key{"k"}) }, 2},
			"get":           {func(c *client.Client) *client.Handle { return c.Get("n", client.Key{"k"}) }, 1},
		} {
			s := newScript(t, fails(400, "actor", code), inActor(says(200, `{"output":1}`)))
			_, err := c.handle(s.client(t)).Call(t.Context(), "act")
			if n := s.requests.Load(); n != c.requests || (err == nil) != (n == 2) {
				t.Errorf("%s, %s: %d requests, %v", name, code, n, err)
			}
		}
	}
}

// The management API marks nothing as the engine's but that it gives a ray.
func TestWhatManagementRefusesIsNotDelivered(t *testing.T) {
	for _, code := range []string{"duplicate_key", "input_too_large", "not_found"} {
		s := newScript(t, marked("X-Rivet-Ray-Id", "r", says(400, `{"group":"actor","code":%q,"message":"m"}`, code)))
		_, err := s.client(t).Management().CreateActor(t.Context(), "n", client.Key{"k"})
		checkFailure(t, err, client.NotDelivered)
	}
}

// TestWhoIsNotTheEngineKnowsNoActor has something between answer in the engine's words: nothing is gone because of that, nothing is
// there, and nothing that is in doubt is done again.
func TestWhoIsNotTheEngineKnowsNoActor(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(context.Context, *client.Client) error{
		"destroy": func(ctx context.Context, c *client.Client) error { return c.Management().DestroyActor(ctx, anID) },
		"sleep":   func(ctx context.Context, c *client.Client) error { return c.Management().SleepActor(ctx, anID) },
		"create": func(ctx context.Context, c *client.Client) error {
			_, err := c.Management().CreateActor(ctx, "n", client.Key{"k"})
			return err
		},
		"call": func(ctx context.Context, c *client.Client) error {
			_, err := c.GetOrCreate("n", client.Key{"k"}).Call(ctx, "act")
			return err
		},
	} {
		for _, code := range []string{"not_found", "duplicate_key"} {
			for _, status := range []int{400, 404} {
				s := newScript(t, says(status, `{"group":"actor","code":%q,"message":"m"}`, code))
				err := ask(t.Context(), s.client(t))
				if err == nil || errors.Is(err, client.ErrNotFound) || errors.Is(err, client.ErrExists) {
					t.Errorf("%s, %d %s: %v", name, status, code, err)
				}
				if n := s.requests.Load(); name == "call" && n != 1 {
					t.Errorf("%s, %d %s: %d requests", name, status, code, n)
				}
				checkFailure(t, err, client.InDoubt)
			}
		}
	}
}

// errAny stands for an error of no special meaning.
var errAny = errors.New("any error")

func TestManagementRepeatsWhatIsSafe(t *testing.T) {
	actor := `{"actor":{"actor_id":"` + anID + `","name":"n","key":"k","create_ts":1},"created":true,"actors":[]}`
	conflict := fails(400, "actor", "destroyed_during_creation")
	engine := fails(500, "core", "internal_error")
	for _, c := range []struct {
		name     string
		first    http.HandlerFunc
		perform  func(client.Management) error
		requests int64
		want     error
	}{
		{"get or create after a conflict", conflict, getOrCreate, 2, nil},
		{"get or create after a failure", engine, getOrCreate, 2, nil},
		{"get or create after a break", hangsUp, getOrCreate, 2, nil},
		{"create after a conflict", conflict, create, 1, client.ErrExists},
		{"create after a duplicate", fails(400, "actor", "duplicate_key"), create, 1, client.ErrExists},
		{"create after a failure", engine, create, 1, errAny},
		{"create after a break", hangsUp, create, 1, errAny},
		{"read after a failure", engine, read, 2, nil},
		{"read that is forbidden", fails(403, "api", "forbidden"), read, 1, client.ErrForbidden},
		{"read that is refused by somebody else", says(401, ""), read, 1, client.ErrForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(t, c.first, says(200, "%s", actor))
			err := c.perform(s.client(t).Management())
			if errors.Is(c.want, errAny) && err == nil || !errors.Is(c.want, errAny) && !errors.Is(err, c.want) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
			if n := s.requests.Load(); n != c.requests {
				t.Errorf("%d requests, want %d", n, c.requests)
			}
		})
	}
}

func getOrCreate(m client.Management) error {
	_, _, err := m.GetOrCreateActor(context.Background(), "n", client.Key{"k"})
	return err
}

func create(m client.Management) error {
	_, err := m.CreateActor(context.Background(), "n", client.Key{"k"})
	return err
}

func read(m client.Management) error {
	_, _, err := m.ActorByKey(context.Background(), "n", client.Key{"k"})
	return err
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	limited := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "1")
		fails(429, "guard", "rate_limit")(w, r)
	}
	s := newScript(t, limited, says(200, `{"output":1}`))
	begin := time.Now()
	if _, err := s.client(t).ForID(anID).Call(t.Context(), "act"); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(begin); waited < time.Second {
		t.Errorf("waited %v, want a second", waited)
	}
}

func TestTheContextEndsEverything(t *testing.T) {
	why := errors.New("enough")
	t.Run("before sending", func(t *testing.T) {
		s := newScript(t, says(200, `{"actors":[]}`), hangs)
		c := s.client(t)
		if err := read(c.Management()); err != nil { // which has the metadata behind it
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(why)
		_, err := c.ForID(anID).Call(ctx, "act")
		checkFailure(t, err, client.NotDelivered)
		if !errors.Is(err, why) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("while waiting for the answer", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		s := newScript(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel(why)
			hangs(nil, r)
		})
		_, err := s.client(t).ForID(anID, client.Idempotent()).Call(ctx, "act")
		checkFailure(t, err, client.InDoubt)
		if !errors.Is(err, why) || s.requests.Load() != 1 {
			t.Errorf("error is %v after %d requests", err, s.requests.Load())
		}
	})
	t.Run("while waiting for the next attempt", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		s := newScript(t, fails(503, "envoy", "actor_not_found"))
		c := s.client(t, client.WithBackoff(func(int) time.Duration { cancel(why); return time.Hour }))
		_, err := c.ForID(anID).Call(ctx, "act")
		checkFailure(t, err, client.NotDelivered)
		if e, _ := errors.AsType[*client.Error](err); !errors.Is(err, why) || e.Code != "actor_not_found" {
			t.Errorf("error is %v", err)
		}
	})
}

func TestAnAnswerWithoutEndIsCutOff(t *testing.T) {
	s := newScript(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	_, err := s.client(t, client.WithRetries(0)).ForID(anID).Call(t.Context(), "act")
	checkFailure(t, err, client.InDoubt)
	if !errors.Is(err, client.ErrResultLost) || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("error is %v", err)
	}
}

func TestWhatWasAnsweredIsInTheErrorOfAnAttemptThatIsNot(t *testing.T) {
	s := newScript(t, fails(503, "guard", "actor_ready_timeout"), hangs)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := s.client(t).ForID(anID, client.Idempotent()).Call(ctx, "act")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "; the answer before was guard.actor_ready_timeout: m") {
		t.Error(err)
	}
	if n := strings.Count(err.Error(), "POST "); n != 1 {
		t.Errorf("the request is named %d times: %v", n, err)
	}
}
