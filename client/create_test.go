package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

func TestCreationSendsWhatWasChosen(t *testing.T) {
	var sent map[string]any
	s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		sent = map[string]any{}
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		key, _ := json.Marshal(sent["key"])
		says(200, `{"actor":{"actor_id":"%s","name":"n","key":%s},"created":true}`, anID, key)(w, r)
	})
	m := s.client(t, client.WithPool("mine")).Management()
	base := func(more ...any) map[string]any {
		body := map[string]any{"name": "n", "runner_name_selector": "mine", "crash_policy": "sleep"}
		for i := 0; i < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		return body
	}
	for _, c := range []struct {
		name string
		key  client.Key
		opts []client.CreateOption
		want map[string]any
	}{
		{"nothing", nil, nil, base()},
		{"the key without parts", client.Key{}, nil, base("key", "/")},
		{"a key", client.Key{"a/b", ""}, nil, base("key", `a\/b/\0`)},
		{"null as input", nil, []client.CreateOption{client.WithInput(nil)}, base("input", "9g==")},
		{"input", nil, []client.CreateOption{client.WithInput(map[string]any{"a": 1})}, base("input", "oWFhAQ==")},
		{"everything else", nil, []client.CreateOption{
			client.WithPool("other"), client.WithRegion("eu"), client.WithCrashPolicy(client.CrashRestart),
		}, base("runner_name_selector", "other", "datacenter", "eu", "crash_policy", "restart")},
	} {
		if _, err := m.CreateActor(t.Context(), "n", c.key, c.opts...); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, sent); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if _, _, err := m.GetOrCreateActor(t.Context(), "n", nil); err != nil || sent["key"] != "/" {
		t.Errorf("get or create without a key sends %v, %v", sent["key"], err)
	}
}

func TestCreationRefusesWhatTheServerWouldGarble(t *testing.T) {
	s := newScript(t, hangs)
	m := s.client(t).Management()
	for name, c := range map[string]struct {
		key   client.Key
		input any
	}{
		"a NUL byte in the key":     {client.Key{"\x00"}, 1},
		"a key that is too long":    {client.Key{strings.Repeat("x", 1025)}, 1},
		"an input that is too long": {nil, strings.Repeat("x", 1<<20)},
		"an unsafe integer":         {nil, 1 << 60},
	} {
		_, err := m.CreateActor(t.Context(), "n", c.key, client.WithInput(c.input))
		if err == nil || client.DeliveryOf(err) != client.NotDelivered {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := s.requests.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// The engine may make an actor and not live to say so, and meanwhile somebody else may make it.
func TestCreatedIsToldAlsoAfterALostAnswer(t *testing.T) {
	const mine, theirs, none = "01", "02", ""
	now := time.Now().Truncate(time.Second)
	for _, c := range []struct {
		name          string
		first         http.HandlerFunc // nil for one that is not lost
		dated         bool             // the server says what time it is
		made          time.Time
		input         string // that the actor says it has; "?" where it does not say
		want, inDoubt bool
	}{
		{"nothing lost", nil, true, now, mine, false, false},
		{"lost, and made now", hangsUp, true, now, mine, true, false},
		{"engine failed, and made now", fails(500, "core", "internal_error"), true, now, mine, true, false},
		{"lost, and somebody made it now", hangsUp, true, now, theirs, false, false},
		{"lost, and somebody made it now without an input", hangsUp, true, now, none, false, false},
		{"lost, and it does not say", hangsUp, true, now, "?", false, true},
		{"lost, and made before", hangsUp, true, now.Add(-4 * time.Second), mine, false, false},
		{"lost, and nobody knows when", hangsUp, false, now, mine, false, true},
		{"lost, and somebody made it at some time", hangsUp, false, now, theirs, false, false},
		{"refused, and made now", fails(429, "guard", "rate_limit"), true, now, mine, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := c.first
			s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Date"] = nil
				if c.dated {
					marked("Date", now.UTC().Format(http.TimeFormat), marked("X-Rivet-Ray-Id", "r", func(http.ResponseWriter, *http.Request) {}))(w, r)
				}
				switch {
				case strings.Contains(r.URL.Path, "/kv/"):
					says(200, `{"value":"dG9rZW4="}`)(w, r)
				case strings.HasSuffix(r.URL.Path, "/metadata"):
					says(200, `{"version":"2.3.19"}`)(w, r)
				case strings.HasPrefix(r.URL.Path, "/gateway/") && c.input == "?":
					fails(500, "core", "internal_error")(w, r)
				case strings.HasPrefix(r.URL.Path, "/gateway/"):
					says(200, `{"rows":[{"value":%q}]}`, c.input)(w, r)
				case first != nil:
					answer := first
					first = nil
					answer(w, r)
				default:
					says(200, `{"actor":{"actor_id":"%s","name":"n","key":"k","create_ts":%d},"created":false}`, anID, c.made.UnixMilli())(w, r)
				}
			})
			actor, created, err := s.client(t).Management().GetOrCreateActor(t.Context(), "n", client.Key{"k"}, client.WithInput(1))
			if created != c.want || actor.ID != anID || (err != nil) != c.inDoubt || err != nil && client.DeliveryOf(err) != client.InDoubt {
				t.Errorf("created is %v, %v", created, err)
			}
		})
	}
}

func TestACreationThatNamesNoActorIsRefused(t *testing.T) {
	for _, body := range []string{`null`, `{}`, `{"actor":null,"created":true}`, `{"actor":{"actor_id":null}}`, `{"actor":{"actor_id":"../x"}}`} {
		m := newScript(t, says(200, "%s", body)).client(t).Management()
		_, created, got := m.GetOrCreateActor(t.Context(), "n", client.Key{"k"})
		for _, err := range []error{got, second(m.CreateActor(t.Context(), "n", nil))} {
			if !errors.Is(err, client.ErrResultLost) || created {
				t.Errorf("%s: %v, %v", body, created, err)
			}
		}
	}
}

// TestWhoMadeAnActorIsNotGuessed has an answer that names the actor and does not say whether it was there before.
func TestWhoMadeAnActorIsNotGuessed(t *testing.T) {
	actor := `"actor":{"actor_id":"` + anID + `","name":"n","key":"k","create_ts":1}`
	for _, body := range []string{`{` + actor + `}`, `{` + actor + `,"created":null}`, `{` + actor + `,"created":"yes"}`} {
		m := newScript(t, says(200, "%s", body)).client(t).Management()
		_, created, err := m.GetOrCreateActor(t.Context(), "n", client.Key{"k"})
		if created || !errors.Is(err, client.ErrResultLost) || !strings.Contains(err.Error(), "not what the API promises") {
			t.Errorf("%s: %v, %v", body, created, err)
		}
	}
}
