package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"riveter/client"
)

// TestLookupsShareRequests asks about many actors at once, one by one: while the first request waits for its answer, the others
// gather. One of those who ask leaves meanwhile, and one actor is not there.
func TestLookupsShareRequests(t *testing.T) {
	const actors = 100
	held := make(chan struct{})
	server := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		<-held
		var page struct {
			Actors []map[string]any `json:"actors"`
		}
		for _, id := range r.URL.Query()["actor_id"] {
			if id != unknownID {
				page.Actors = append(page.Actors, map[string]any{"actor_id": id, "name": "counter", "key": "k"})
			}
		}
		if err := json.NewEncoder(w).Encode(page); err != nil {
			t.Error(err)
		}
	})
	m := server.client(t).Management()
	leaving, leave := context.WithCancel(t.Context())

	var asking sync.WaitGroup
	for i := range actors {
		asking.Go(func() {
			id := fmt.Sprintf("%030d", i)
			found, err := m.ActorsByID(t.Context(), id)
			if err != nil || len(found) != 1 || found[id].ID != id {
				t.Errorf("actor %d: %v, %v", i, found, err)
			}
		})
	}
	asking.Go(func() {
		if found, err := m.ActorsByID(t.Context(), unknownID); err != nil || len(found) != 0 {
			t.Errorf("the unknown actor: %v, %v", found, err)
		}
	})
	left := make(chan error)
	go func() {
		_, err := m.ActorsByID(leaving, fmt.Sprintf("%030d", actors))
		left <- err
	}()
	time.Sleep(100 * time.Millisecond) // for all to have asked; fewer only make more requests
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) || client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("who left was told %v", err)
	}
	close(held)
	asking.Wait()
	if got := server.requests.Load(); got > 5 { // one for the first, and 32 each for the rest
		t.Errorf("%d requests for %d actors", got, actors+2)
	}
}

// TestALookupEndsWithWhoAsked ends the request when nobody waits for it any more.
func TestALookupEndsWithWhoAsked(t *testing.T) {
	ended := make(chan struct{})
	server := newScript(t, func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(ended)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := server.client(t).Management().ActorsByID(ctx, anID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("told %v", err)
	}
	<-ended
}

// TestDestroysShareLookups destroys many actors, each ending a little later than the one before, as an engine has it: they are
// confirmed to be gone together.
func TestDestroysShareLookups(t *testing.T) {
	const actors = 64
	var destroyed atomic.Int64
	server := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			time.Sleep(time.Duration(destroyed.Add(1)) * time.Millisecond)
			fmt.Fprint(w, "{}")
			return
		}
		fmt.Fprint(w, `{"actors":[]}`)
	})
	m := server.client(t).Management()
	var destroying sync.WaitGroup
	for i := range actors {
		destroying.Go(func() {
			if err := m.DestroyActor(t.Context(), fmt.Sprintf("%030d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	destroying.Wait()
	if lookups := server.requests.Load() - actors; lookups > actors/2 { // on a busy machine they gather less than on an idle one
		t.Errorf("%d lookups for %d actors", lookups, actors)
	}
}
