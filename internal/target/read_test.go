package target_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"riveter/plan"
)

// TestAnActorThatDoesNotWakeIsWaitedForOnce has an engine say so once, and then say nothing within the time that there is.
func TestAnActorThatDoesNotWakeIsWaitedForOnce(t *testing.T) {
	t.Parallel()
	var asked interface{ Load() int64 }
	rivet, requests := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Load() > 1 {
			_, _ = io.Copy(io.Discard, r.Body) // a server notices the end only of a request that was read
			<-r.Context().Done()
			return
		}
		w.Header().Set("X-Rivet-Error", "guard.actor_ready_timeout")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"group":"guard","code":"actor_ready_timeout","message":"Timed out waiting for the actor"}`)
	})
	asked = requests
	d := desired(t, rivet, `actor "counter" "c" {
		key = "c"
		read "get" {}
		read "stats" { action = "stats.calls" }
		timeouts { call = "500ms" }
		expect "e" { condition = read.get == read.stats && self.state == 1 }
	}`)
	live, err := rivet.Read(t.Context(), []plan.Read{{Desired: d, ActorID: anID, Asleep: true}})
	if err != nil {
		t.Fatal(err)
	}
	const said = "guard.actor_ready_timeout: Timed out waiting for the actor"
	for name, fault := range map[string]string{"get": live[0].Faults["get"], "stats": live[0].Faults["stats"], "state": live[0].StateFault} {
		if !strings.Contains(fault, said) || strings.HasPrefix(fault, "it is not asked") == (name == "get") {
			t.Errorf("%s: %q", name, fault)
		}
	}
	if n := requests.Load(); n != 2 {
		t.Errorf("%d requests", n)
	}
}
