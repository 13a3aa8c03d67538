package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

func connect(t *testing.T, h *client.Handle, opts ...client.ConnOption) *client.Conn {
	t.Helper()
	conn, err := h.Connect(t.Context(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

func next(t *testing.T, s *client.Subscription) client.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	event, err := s.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func connectionCarriesCallsAndEvents(t *testing.T, c *client.Client) {
	room := c.GetOrCreate("chatRoom", key(t))
	conn := connect(t, room)
	topics := conn.Subscribe("topicChanged")
	members := conn.Subscribe("memberAdded")
	call(t, conn, "setTopic", "Go")
	if got := call(t, conn, "addMember", "ada"); got != true {
		t.Errorf("addMember = %v", got)
	}
	call(t, room, "setTopic", "by HTTP")
	want := []client.Event{{"topicChanged", []any{"Go"}}, {"topicChanged", []any{"by HTTP"}}, {"memberAdded", []any{"ada"}}}
	got := []client.Event{next(t, topics), next(t, topics), next(t, members)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if status := conn.Status(); status != client.Connected {
		t.Errorf("status is %v", status)
	}
}

func callsAreKeptApart(t *testing.T, c *client.Client) {
	conn := connect(t, sharedValues(c))
	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() {
			got, err := conn.Call(t.Context(), "first", i)
			if err != nil || got != float64(i) {
				t.Errorf("call %d = %v, %v", i, got, err)
			}
		})
	}
	calls.Wait()
	long, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := conn.Call(long, "first", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled call: %v", err)
	}
	if got := call(t, conn, "first", "still open"); got != "still open" {
		t.Errorf("the call after it = %v", got)
	}
}

func connectionErrors(t *testing.T, c *client.Client) {
	conn := connect(t, sharedAccount(c))
	_, err := conn.Call(t.Context(), "withdraw", 5)
	checkUserError(t, err)
	if e := mustError(t, err); e.Method != http.MethodPost || e.Path != "/gateway/account/action/withdraw" || e.ActorID != conn.ActorID() {
		t.Errorf("error is about %s %s", e.Method, e.Path)
	}
	_, err = conn.Call(t.Context(), "nope")
	if e, _ := errors.AsType[*client.Error](err); e == nil || e.Code != "action_not_found" || client.DeliveryOf(err) != client.Delivered {
		t.Errorf("%v, %v", err, client.DeliveryOf(err))
	}
	if _, err := conn.Call(t.Context(), "deposit", 1<<53); client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("unsafe integer: %v, %v", err, client.DeliveryOf(err))
	}
	conn.Close()
	if _, err := conn.Call(t.Context(), "get"); client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("after Close: %v, %v", err, client.DeliveryOf(err))
	}
}

func refusedConnectionSaysWhy(t *testing.T, c *client.Client) {
	h := sharedVault(c)
	_, err := h.Connect(t.Context())
	if e, _ := errors.AsType[*client.Error](err); e == nil || e.Group != "user" || e.Code != "forbidden" {
		t.Errorf("without parameters: %v", err)
	} else if diff := cmp.Diff(map[string]any{"parameter": "token"}, e.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	asked := 0
	conn := connect(t, h.With(client.WithGetParams(func(context.Context) (any, error) {
		asked++
		return map[string]any{"token": "ключ", "user": fmt.Sprintf("ä%d", asked)}, nil
	})))
	if got := call(t, conn, "whoami"); got != "ä1" {
		t.Errorf("whoami = %v", got)
	}
	_, err = h.With(client.WithGetParams(func(context.Context) (any, error) {
		return nil, errors.New("no parameters today")
	})).Connect(t.Context())
	if err == nil || client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("without a source of parameters: %v", err)
	}
	if _, err := c.Get("vault", key(t)).Connect(t.Context()); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("missing actor: %v", err)
	}
}

func eventGoesToListeners(t *testing.T, c *client.Client) {
	room := c.GetOrCreate("chatRoom", key(t))
	conn := connect(t, room)
	early := conn.Subscribe("topicChanged")
	also := conn.Subscribe("topicChanged")
	call(t, conn, "setTopic", "one")
	also.Close()
	call(t, conn, "setTopic", "two")
	early.Close()
	call(t, conn, "setTopic", "three")
	late := conn.Subscribe("topicChanged")
	call(t, conn, "setTopic", "four")
	for _, s := range []struct {
		name string
		*client.Subscription
		want []string
	}{
		{"early", early, []string{"one", "two"}}, {"also", also, []string{"one"}}, {"late", late, []string{"four"}},
	} {
		for _, topic := range s.want {
			if got := next(t, s.Subscription).Args[0]; got != topic {
				t.Errorf("%s gets %v, want %v", s.name, got, topic)
			}
		}
	}
	conn.Close()
	for event, err := range late.Events(t.Context()) {
		if err == nil {
			t.Errorf("unexpected %v", event)
		}
	}
}

// An event that another caller causes right after Flush is received.
func flushConfirmsSubscriptions(t *testing.T, c *client.Client) {
	room := c.GetOrCreate("chatRoom", key(t))
	conn := connect(t, room)
	defer conn.Close()
	topics := conn.Subscribe("topicChanged")
	if err := conn.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	call(t, room, "setTopic", "news")
	if got := next(t, topics).Args[0]; got != "news" {
		t.Errorf("heard %v", got)
	}
	conn.Close()
	if err := conn.Flush(t.Context()); err == nil || client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("a closed connection is flushed: %v", err)
	}
}
