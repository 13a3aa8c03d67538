package target_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"riveter/apply"
)

// What becomes of an action by what is answered: whether that leaves it in doubt. None of these answers may make it run
// twice.
func TestAnActionIsInDoubtWhereItsEndIsNotKnown(t *testing.T) {
	const actor = `{"group":%q,"code":%q,"message":"m","actor":{"actorId":"a","generation":1}}`
	for name, c := range map[string]struct {
		status     int
		fromActor  bool
		media      string
		body       string
		moreToCome bool
		doubt      bool
	}{
		"torn":                      {200, true, "application/octet-stream", "\x03\x00\x05\x81", true, true},
		"empty":                     {200, true, "application/octet-stream", "", false, true},
		"undecodable":               {200, true, "application/octet-stream", "\x03\x00\x02\x81\xff", false, true},
		"a page":                    {200, false, "text/html", "<html>", false, true},
		"nobody knows who":          {500, false, "text/html", "<html>", false, true},
		"timed out":                 {408, true, "application/json", fmt.Sprintf(actor, "actor", "action_timed_out"), false, true},
		"a result that is too long": {400, true, "application/json", fmt.Sprintf(actor, "message", "outgoing_too_long"), false, true},
		"failed":                    {500, true, "application/json", fmt.Sprintf(actor, "user", "no"), false, false},
		"failed like the engine":    {500, true, "application/json", fmt.Sprintf(actor, "envoy", "actor_not_found"), false, false},
		"failed like a busy actor":  {500, true, "application/json", fmt.Sprintf(actor, "actor", "overloaded"), false, false},
		"failed like a missing one": {404, true, "application/json", fmt.Sprintf(actor, "actor", "not_found"), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to, requests := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.fromActor {
					w.Header().Set("X-Rivet-Actor", anID)
				}
				w.Header().Set("Content-Type", c.media)
				if c.moreToCome {
					w.Header().Set("Content-Length", "100")
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			d := desired(t, to, `actor "counter" "c" {
				key = "c"
				action "increment" {}
			}`)
			_, err := to.Call(t.Context(), anID, d, d.Steps[0], nil)
			if err == nil || errors.Is(err, apply.ErrInDoubt) != c.doubt {
				t.Errorf("it ends with %v", err)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
}
