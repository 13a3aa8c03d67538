package target_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"riveter/client"
	"riveter/internal/target"
)

func TestNoMoreIsAskedAtATimeThanTheLimit(t *testing.T) {
	t.Parallel()
	var running, most atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), running.Add(1)))
		time.Sleep(time.Millisecond) // long enough for another one to arrive, if it were sent
		running.Add(-1)
		fmt.Fprint(w, `{"actors":[],"pagination":{}}`)
	}))
	defer server.Close()
	rivet, err := target.New(client.WithEndpoint(server.URL), client.WithEnvironment(func(string) (string, bool) { return "", false }), client.WithoutMetadataLookup())
	if err != nil {
		t.Fatal(err)
	}
	defer rivet.Close()
	rivet.Limit(0)
	rivet.Limit(2)
	if _, err := rivet.List(t.Context(), []string{"a", "b", "c", "d", "e", "f", "g", "h"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := most.Load(); got > 2 || got == 0 {
		t.Errorf("%d requests at a time, with a limit of 2", got)
	}
}
