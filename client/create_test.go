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
		says(200, `{"actor":{"actor_id":"%s"}}`, anID)(w, r)
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

// The engine may make an actor and not live to say so.
func TestCreatedIsToldAlsoAfterALostAnswer(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	existing := func(created time.Time) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
			says(200, `{"actor":{"actor_id":"%s","create_ts":%d},"created":false}`, anID, created.UnixMilli())(w, r)
		}
	}
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		want    bool
	}{
		{"nothing lost", []http.HandlerFunc{existing(now)}, false},
		{"lost, and made now", []http.HandlerFunc{hangsUp, existing(now)}, true},
		{"engine failed, and made now", []http.HandlerFunc{fails(500, "core", "internal_error"), existing(now)}, true},
		{"lost, and made before", []http.HandlerFunc{hangsUp, existing(now.Add(-time.Minute))}, false},
		{"refused, and made now", []http.HandlerFunc{fails(429, "guard", "rate_limit"), existing(now)}, false},
	} {
		s := newScript(t, c.answers...)
		_, created, err := s.client(t).Management().GetOrCreateActor(t.Context(), "n", client.Key{"k"})
		if err != nil || created != c.want {
			t.Errorf("%s: created is %v, %v, want %v", c.name, created, err, c.want)
		}
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
