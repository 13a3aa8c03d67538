package target_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/client"
	"riveter/internal/target"
	"riveter/plan"
	"riveter/plan/address"
)

// TestWhoRefusesACreationIsNotBelievedUnseen has somebody between answer a creation. Where nothing is on its way any more, the server's
// record says whether there is anything in doubt.
func TestWhoRefusesACreationIsNotBelievedUnseen(t *testing.T) {
	t.Parallel()
	const (
		none  = `{"actors":[],"runner_configs":{}}`
		there = `{"actors":[{"actor_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"counter","key":"a","create_ts":1}],"runner_configs":{"a":{"datacenters":{}}}}`
	)
	kinds := map[string]func(*target.Target) error{
		"actor": func(rivet *target.Target) error {
			_, err := rivet.Create(t.Context(), &plan.Desired{
				Address: address.Address{Kind: address.KindActor, Name: "counter", Label: "a"}, Key: []string{"a"}, Settings: &plan.Settings{CrashPolicy: "sleep"},
			})
			return err
		},
		"pool": func(rivet *target.Target) error {
			return rivet.CreatePool(t.Context(), "a", cty.MapVal(map[string]cty.Value{"default": cty.EmptyObjectVal}))
		},
	}
	for _, c := range []struct {
		status  int
		record  string
		inDoubt bool
	}{
		{http.StatusForbidden, none, false},
		{http.StatusForbidden, there, true},
		{http.StatusForbidden, `<html>`, true},
		{http.StatusNotFound, none, false},
		{http.StatusFound, none, false},
		{http.StatusGatewayTimeout, none, true},
		{http.StatusRequestTimeout, none, true},
		{http.StatusOK, none, true},
	} {
		for kind, create := range kinds {
			t.Run(fmt.Sprint(kind, c.status, c.record), func(t *testing.T) {
				err := create(answering(t, c.status, none, c.record))
				if err == nil || errors.Is(err, apply.ErrInDoubt) != c.inDoubt {
					t.Errorf("%v, want in doubt: %t", err, c.inDoubt)
				}
			})
		}
	}
}

// answering returns a target whose server answers a page with this status to what it is to create, and has these records before and after.
func answering(t *testing.T, status int, before, after string) *target.Target {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			w.WriteHeader(status)
			fmt.Fprint(w, `<html>`)
			before = after
			return
		}
		fmt.Fprint(w, before)
	}))
	t.Cleanup(server.Close)
	rivet, err := target.New(client.WithEndpoint(server.URL), client.WithEnvironment(func(string) (string, bool) { return "", false }),
		client.WithoutMetadataLookup(), client.WithBackoff(func(int) time.Duration { return 0 }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rivet.Close)
	return rivet
}
