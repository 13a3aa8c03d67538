package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

var greeting = `{"body":{"tag":"Init","val":{"actorId":"` + anID + `","connectionId":"c"}}}`

// speaks accepts a WebSocket and lets serve use it.
func speaks(serve func(context.Context, *websocket.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"rivet"}})
		if err != nil {
			return
		}
		defer func() { _ = ws.CloseNow() }()
		serve(r.Context(), ws)
	}
}

// writes sends texts, one message each, and then waits for the client.
func writes(messages ...string) http.HandlerFunc {
	return speaks(func(ctx context.Context, ws *websocket.Conn) {
		for _, message := range messages {
			if ws.Write(ctx, websocket.MessageText, []byte(message)) != nil {
				return
			}
		}
		for {
			if _, _, err := ws.Read(ctx); err != nil {
				return
			}
		}
	})
}

// closes ends the WebSocket as the engine does.
func closes(reason string) http.HandlerFunc {
	return speaks(func(_ context.Context, ws *websocket.Conn) { _ = ws.Close(websocket.StatusInternalError, reason) })
}

func TestConnectEndsWhereTheServerIsNone(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
		tries  int64
	}{
		{"no WebSocket", says(200, "hello"), "", 3},
		{"forbidden", fails(403, "api", "forbidden"), "api.forbidden", 1},
		{"a page", says(404, "<html>"), "Not Found", 3},
		{"no such actor", closes("actor.not_found#ray7"), "actor.not_found: the connection was closed (ray ray7)", 1},
		{"refused by the actor", writes(`{"body":{"tag":"Error","val":{"actionId":null,"group":"user","code":"no","message":"go away"}}}`), "user.no: go away", 1},
		{"start keeps failing", closes("guard.actor_wake_retries_exceeded"), "guard.actor_wake_retries_exceeded", 1},
		{"stopped", closes("actor.stopped"), "actor.stopped", 3},
		{"waking up", closes("envoy.actor_not_found"), "envoy.actor_not_found", 3},
		{"not woken in time", closes("pegboard.route_wake_signal_timeout#ray7"), "pegboard.route_wake_signal_timeout", 3},
		{"no greeting", writes(answer(0, "1")), "greeting", 3},
		{"garbage", writes("\x00\xff"), "undecodable", 3},
		{"silence", writes(), "", 3},
		{"a message without end", writes(strings.Repeat(" ", 33<<20)), "", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkLeaks(t)
			s := newScript(t, c.answer)
			h := s.client(t, client.WithRetries(2)).ForID(anID, client.WithTimeout(300*time.Millisecond))
			_, err := h.Connect(t.Context())
			checkFailure(t, err, client.NotDelivered)
			if !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
			if n := s.requests.Load(); n != c.tries {
				t.Errorf("%d attempts, want %d", n, c.tries)
			}
		})
	}
}

// answer is the message that ends a call.
func answer(id int, output string) string {
	return fmt.Sprintf(`{"body":{"tag":"ActionResponse","val":{"id":%d,"output":%s}}}`, id, output)
}

func TestNonsenseOnAConnectionHarmsNothingElse(t *testing.T) {
	checkLeaks(t)
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		send := func(text string) { _ = ws.Write(ctx, websocket.MessageText, []byte(text)) }
		send(greeting)
		for id := 0; ; id++ {
			if _, _, err := ws.Read(ctx); err != nil {
				return
			}
			send(answer(99, "0"))                                                             // a call that nobody made
			send(`{"body":{"tag":"Event","val":{"name":"e","args":[]}}}`)                     // that nobody wants
			send(answer(id, fmt.Sprint(id)))                                                  // the answer
			send(answer(id, `"again"`))                                                       // a second one
			send(`{"body":{"tag":"Error","val":{"actionId":99,"group":"g","code":"stray"}}}`) // of no call
		}
	}))
	conn := connect(t, s.client(t).ForID(anID))
	for id := range 5 {
		if got := call(t, conn, "act"); got != float64(id) {
			t.Errorf("call %d gets %v", id, got)
		}
	}
	conn.Close()
}

func TestABrokenMessageLeavesCallsInDoubt(t *testing.T) {
	checkLeaks(t)
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		_, _, _ = ws.Read(ctx)
		_ = ws.Write(ctx, websocket.MessageText, []byte(`{"body":`))
		_, _, _ = ws.Read(ctx)
	}))
	conn := connect(t, s.client(t).ForID(anID))
	for range 2 {
		_, err := conn.Call(t.Context(), "act")
		checkFailure(t, err, client.InDoubt)
	}
	conn.Close()
}

// waitInVain opens a connection and makes a call over it that is not answered in time.
func waitInVain(t *testing.T, s *script) (*client.Conn, *journal) {
	t.Helper()
	j := newJournal()
	conn := connect(t, s.client(t, client.WithBackoff(quick)).ForID(anID, client.WithTimeout(time.Second)), client.OnStatus(j.note)) // long enough for a busy machine to send an event in
	_, err := conn.Call(t.Context(), "act")
	checkFailure(t, err, client.InDoubt)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	return conn, j
}

func TestASessionThatFallsSilentUnderACallIsReplaced(t *testing.T) {
	checkLeaks(t)
	var sessions atomic.Int64
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		silent := sessions.Add(1) == 1
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		for id := 0; ; id++ {
			if _, _, err := ws.Read(ctx); err != nil {
				return
			}
			if !silent {
				_ = ws.Write(ctx, websocket.MessageText, []byte(answer(id+1, `"alive"`)))
			}
		}
	}))
	conn, j := waitInVain(t, s)
	j.await(t, reconnected...)
	if got := call(t, conn, "act"); got != "alive" {
		t.Errorf("the connection gives %v", got)
	}
	conn.Close()
}

func TestACallWithoutAnswerLeavesOthersAlone(t *testing.T) {
	checkLeaks(t)
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		go func() {
			for _, _, err := ws.Read(ctx); err == nil; _, _, err = ws.Read(ctx) {
			}
		}()
		for range time.Tick(20 * time.Millisecond) {
			if ws.Write(ctx, websocket.MessageText, []byte(`{"body":{"tag":"Event","val":{"name":"e","args":[]}}}`)) != nil {
				return
			}
		}
	}))
	conn, j := waitInVain(t, s)
	if diff := cmp.Diff([]client.ConnStatus{client.Connecting, client.Connected}, j.all()); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	conn.Close()
}

func TestASubscriptionThatNobodyReadsEnds(t *testing.T) {
	checkLeaks(t)
	const event = `{"body":{"tag":"Event","val":{"name":"e","args":[1]}}}`
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		_, _, _ = ws.Read(ctx) // the subscription
		for range 1500 {
			if ws.Write(ctx, websocket.MessageText, []byte(event)) != nil {
				return
			}
		}
		_, _, _ = ws.Read(ctx) // the call
		_ = ws.Write(ctx, websocket.MessageText, []byte(answer(0, `"alive"`)))
		_, _, _ = ws.Read(ctx)
	}))
	perEvent := len(event) + 64
	conn := connect(t, s.client(t).ForID(anID), client.WithEventBuffer(1000*perEvent+perEvent/2))
	events := conn.Subscribe("e")
	if got := call(t, conn, "act"); got != "alive" {
		t.Errorf("the connection gives %v", got)
	}
	read := 0
	for _, err := range events.Events(t.Context()) {
		if err == nil {
			read++
		} else if !errors.Is(err, client.ErrSlowConsumer) {
			t.Error(err)
		}
	}
	if read != 1000 {
		t.Errorf("%d events could be read", read)
	}
	conn.Close()
}

// An actor that ends every connection at once is asked less and less often.
func TestTheBackOffGrowsUntilAConnectionIsStable(t *testing.T) {
	checkLeaks(t)
	attempts := make(chan int, 100)
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		_ = ws.Close(websocket.StatusNormalClosure, "kicked")
	}))
	c := s.client(t, client.WithBackoff(func(attempt int) time.Duration { attempts <- attempt; return 0 }))
	conn := connect(t, c.ForID(anID))
	for want := range 5 {
		if got := <-attempts; got != want {
			t.Errorf("the wait is for attempt %d, want %d", got, want)
		}
	}
	conn.Close()
}

func TestListenersComeAndGo(t *testing.T) {
	checkLeaks(t)
	var cut atomic.Bool
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		if cut.CompareAndSwap(true, false) {
			_ = ws.Close(websocket.StatusInternalError, "actor.stopped#ray")
		}
		_, _, _ = ws.Read(ctx)
	}))
	failures := make(chan error, 100)
	kept, removed := newJournal(), newJournal()
	cut.Store(true)
	conn := connect(t, s.client(t, client.WithBackoff(quick)).ForID(anID), client.OnStatus(kept.note), client.OnError(func(err error) { failures <- err }))
	remove := conn.OnStatus(removed.note)
	kept.await(t, reconnected...)
	if e := mustError(t, <-failures); e.Code != "stopped" || e.RayID != "ray" {
		t.Errorf("failure is %v", e)
	}
	remove()
	remove()
	before := len(removed.all())
	conn.Close()
	kept.await(t, client.Closed)
	if after := removed.all(); len(after) != before {
		t.Errorf("a function that was removed hears %v", after[before:])
	}
}

// Of two subscriptions on their way, the actor does not say which one it denied: the answer about
// the other may be lost with the connection.
func TestADeniedSubscriptionTakesNoOtherWithIt(t *testing.T) {
	checkLeaks(t)
	var opened atomic.Int64
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		first := opened.Add(1) == 1
		for asked := 0; ; asked++ {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			var request struct {
				Body struct{ Val struct{ ID, EventName any } }
			}
			_ = json.Unmarshal(data, &request)
			event, id := request.Body.Val.EventName, request.Body.Val.ID
			switch {
			case first && asked == 1, !first && event == "secret":
				_ = ws.Close(websocket.StatusInternalError, "auth.forbidden")
				return
			case !first && id != nil:
				refusal := fmt.Sprintf(`{"body":{"tag":"Error","val":{"actionId":%s,"group":"actor","code":"action_not_found","message":"m"}}}`, inJSON(id))
				_ = ws.Write(ctx, websocket.MessageText, []byte(refusal))
				_ = ws.Write(ctx, websocket.MessageText, []byte(`{"body":{"tag":"Event","val":{"name":"open","args":[7]}}}`))
			}
		}
	}))
	open, secret := client.On("open"), client.On("secret")
	conn := connect(t, s.client(t, client.WithBackoff(quick)).ForID(anID), open, secret)
	if _, err := secret.Next(t.Context()); !errors.Is(err, client.ErrForbidden) {
		t.Errorf("the denied one ends with %v", err)
	}
	for range 2 { // the latter over a connection that asks for the rest
		if got, err := client.Next[int](t.Context(), open); got != 7 || err != nil {
			t.Errorf("the other hears %v, %v", got, err)
		}
	}
	conn.Close()
}

// The runtime loses what is sent over a connection after a sleep, when the answer before it was not to the last
// call: no call of ours may be under way beside the caller's own.
func TestASubscriptionMakesNoCall(t *testing.T) {
	checkLeaks(t)
	var told []string
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		for range 3 {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			told = append(told, string(data))
		}
		_ = ws.Write(ctx, websocket.MessageText, []byte(answer(0, `"first"`)))
		_, _, _ = ws.Read(ctx)
	}))
	conn := connect(t, s.client(t).ForID(anID), client.On("early"))
	conn.Subscribe("late")
	if got := call(t, conn, "act"); got != "first" {
		t.Errorf("the first call gets %v", got)
	}
	for n, want := range []string{"early", "late", "act"} {
		if !strings.Contains(told[n], want) {
			t.Errorf("message %d is %s, want %s", n, told[n], want)
		}
	}
	conn.Close()
}

// A connection that is refused is no subscription that is denied.
func TestARefusedConnectionDeniesNoSubscription(t *testing.T) {
	checkLeaks(t)
	var opened atomic.Int64
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		if opened.Add(1) == 2 {
			_ = ws.Close(websocket.StatusInternalError, "auth.forbidden")
			return
		}
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		if opened.Load() == 1 {
			_ = ws.Close(websocket.StatusInternalError, "actor.stopped")
			return
		}
		_ = ws.Write(ctx, websocket.MessageText, []byte(`{"body":{"tag":"Event","val":{"name":"e","args":[7]}}}`))
		_, _, _ = ws.Read(ctx)
	}))
	e := client.On("e")
	conn := connect(t, s.client(t, client.WithBackoff(quick)).ForID(anID), e)
	if got, err := client.Next[int](t.Context(), e); got != 7 || err != nil {
		t.Errorf("heard %v, %v", got, err)
	}
	conn.Close()
}

func TestAConnectThatRunsOutOfTimeSaysWhatHinderedIt(t *testing.T) {
	checkLeaks(t)
	s := newScript(t, closes("actor.stopped"))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := s.client(t, client.WithBackoff(quick), client.WithRetries(1000)).ForID(anID).Connect(ctx)
	checkFailure(t, err, client.NotDelivered)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "actor.stopped") {
		t.Errorf("error is %v", err)
	}
}

func TestAnActorIsToldWhenNobodyListensAnyMore(t *testing.T) {
	checkLeaks(t)
	told := make(chan string, 100)
	s := newScript(t, speaks(func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(greeting))
		for {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			if text := string(data); strings.Contains(text, "SubscriptionRequest") {
				told <- text
			}
		}
	}))
	conn := connect(t, s.client(t).ForID(anID))
	one, other := conn.Subscribe("e"), conn.Subscribe("e")
	one.Close()
	other.Close()
	for _, want := range []string{"true", "false"} {
		if got := <-told; !strings.Contains(got, `"subscribe":`+want) {
			t.Errorf("the actor is told %s, want %s", got, want)
		}
	}
	conn.Close()
	if len(told) != 0 {
		t.Errorf("the actor is told %s too", <-told)
	}
}
