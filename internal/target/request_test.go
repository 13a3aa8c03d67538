package target_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"riveter/apply"
	"riveter/client"
	"riveter/internal/target"
	"riveter/plan"
)

// anID has the form of an actor's id.
var anID = strings.Repeat("a", 30)

// What a request step does with answers that are not the actor's own: how often it is sent, and what is then known of it.
func TestARequestStepIsSentAsTheConnectionSays(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  int
		headers map[string]string
		want    map[int]int64 // the requests by the retries of the connection
		doubt   bool
	}{
		{"actor", http.StatusServiceUnavailable, map[string]string{"X-Rivet-Actor": anID}, map[int]int64{0: 1, 2: 1}, false},
		{"actor, in the engine's words", http.StatusServiceUnavailable, map[string]string{"X-Rivet-Actor": anID, "X-Rivet-Error": "envoy.actor_not_found"}, map[int]int64{0: 1, 2: 1}, false},
		{"the actor's runtime, which lost the answer", http.StatusInternalServerError, map[string]string{"X-Rivet-Actor": anID, "X-Rivet-Error": "actor.dropped_reply"}, map[int]int64{0: 1, 2: 1}, true},
		{"another actor", http.StatusServiceUnavailable, map[string]string{"X-Rivet-Actor": strings.Repeat("b", 30)}, map[int]int64{0: 1, 2: 1}, true},
		{"gateway, not delivered", http.StatusServiceUnavailable, map[string]string{"X-Rivet-Error": "envoy.actor_not_found"}, map[int]int64{0: 1, 2: 3}, false},
		{"gateway, perhaps delivered", http.StatusServiceUnavailable, map[string]string{"X-Rivet-Error": "guard.actor_stopped_while_waiting"}, map[int]int64{0: 1, 2: 1}, true},
		{"nobody knows who, 500", http.StatusInternalServerError, nil, map[int]int64{0: 1, 2: 1}, true},
		{"nobody knows who, 502", http.StatusBadGateway, nil, map[int]int64{0: 1, 2: 1}, true},
	} {
		for retries, want := range c.want {
			t.Run(fmt.Sprintf("%s, %d retries", c.name, retries), func(t *testing.T) {
				t.Parallel()
				to, requests := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
					for name, value := range c.headers {
						w.Header().Set(name, value)
					}
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(c.status)
					group, code, _ := strings.Cut(c.headers["X-Rivet-Error"], ".")
					fmt.Fprintf(w, `{"group":%q,"code":%q,"message":"m"}`, group, code)
				}, client.WithRetries(retries))
				d := desired(t, to, `actor "httpApi" "h" {
					key = "h"
					request "get" { path = "/" }
				}`)
				_, err := to.Call(t.Context(), anID, d, d.Steps[0], nil)
				if err == nil || errors.Is(err, apply.ErrInDoubt) != c.doubt {
					t.Errorf("it ends with %v", err)
				}
				if n := requests.Load(); n != want {
					t.Errorf("sent %d times, want %d", n, want)
				}
			})
		}
	}
}

// What the actor answers with a status that is not good is a result: where that is sensitive it is not said, whoever asks for it. What Rivet
// answers itself is.
func TestASensitiveAnswerIsNotSaid(t *testing.T) {
	for said, headers := range map[string]map[string]string{
		": (sensitive)": {"X-Rivet-Actor": anID},
		"hush-hush":     {"X-Rivet-Error": "envoy.actor_not_found"},
	} {
		to, _ := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
			for name, value := range headers {
				w.Header().Set(name, value)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"group":"envoy","code":"actor_not_found","message":"hush-hush"}`)
		}, client.WithRetries(0))
		d := desired(t, to, `actor "httpApi" "h" {
			key = "h"
			request "get" {
				path      = "/"
				sensitive = true
			}
			read "it" {
				sensitive = true
				request { path = "/" }
			}
			expect "said" { condition = read.it != null }
		}`)
		if _, err := to.Call(t.Context(), anID, d, d.Steps[0], nil); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("the step ends with %v", err)
		}
		live, err := to.Read(t.Context(), []plan.Read{{Desired: d, ActorID: anID}})
		if err != nil || !strings.Contains(live[0].Faults["it"], said) {
			t.Errorf("the read ends with %v: %v", live, err)
		}
	}
}

// What a query cannot hold is escaped, and nothing else of a path is touched.
func TestAQueryIsSentAsItIsMeant(t *testing.T) {
	for path, want := range map[string]string{
		"/u?q=1 2":             "/u?q=1%202",
		"/a b?q=a+b%20c&d=%41": "/a%20b?q=a+b%20c&d=%41",
		`/u?q="<é>"`:           "/u?q=%22%3C%C3%A9%3E%22",
		"/u?":                  "/u",
	} {
		var got string
		to, _ := gateway(t, func(w http.ResponseWriter, r *http.Request) {
			got = r.RequestURI
			w.Header().Set("X-Rivet-Actor", anID)
		})
		d := desired(t, to, fmt.Sprintf(`actor "httpApi" "h" {
			key = "h"
			request "get" { path = %q }
		}`, path))
		if _, err := to.Call(t.Context(), anID, d, d.Steps[0], nil); err != nil || !strings.HasSuffix(got, "/request"+want) {
			t.Errorf("%s: %s, %v", path, got, err)
		}
	}
}

// gateway returns a target whose server has no actors, and gives this answer to whatever is asked of one; and how often
// that was.
func gateway(t *testing.T, answer http.HandlerFunc, options ...client.Option) (*target.Target, *atomic.Int64) {
	t.Helper()
	requests := new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/gateway/") {
			fmt.Fprint(w, `{"actors":[]}`)
			return
		}
		requests.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	atOnce := client.WithBackoff(func(int) time.Duration { return 0 })
	to, err := target.New(append(options, client.WithEndpoint(server.URL), atOnce)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(to.Close)
	return to, requests
}
