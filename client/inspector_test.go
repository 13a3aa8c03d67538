package client_test

import (
	"errors"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

// awkward holds all that JSON cannot show.
func awkward() map[string]any {
	return map[string]any{
		"bytes": []byte{1, 2}, "when": time.UnixMilli(1234).UTC(), "missing": client.Undefined{}, "nothing": nil,
		"pair": []any{"$x", 1.0}, "large": 1e10, "list": []any{client.Undefined{}, true},
	}
}

func TestInspectorReadsStateAndInputExactly(t *testing.T) {
	c := connected(t)
	inputs := map[string]any{
		"awkward": awkward(), "with a BigInt": map[string]any{"big": big.NewInt(7)}, "a set": client.Set{"a"},
		"nothing": nil, "none at all": client.Undefined{}, "text": "t",
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := c.GetOrCreate("values", key(t), client.WithInput(input)).Resolve(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			call(t, c.ForID(id), "identity") // it has started
			got, err := c.Inspector(id).Input(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(input, got, sameBigInt); diff != "" {
				t.Errorf("input (-want +got):\n%s", diff)
			}
			state, err := c.Inspector(id).State(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(input, state.(map[string]any)["input"], sameBigInt); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInspectorSeesAChangeAtOnce(t *testing.T) {
	c := connected(t)
	h := c.GetOrCreate("counter", key(t), client.WithInput(map[string]any{"start": 0}))
	for i := range 6 {
		call(t, h, "increment")
		id, _ := h.Resolve(t.Context())
		state, err := c.Inspector(id).State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := state.(map[string]any)["count"]; got != float64(i+1) {
			t.Errorf("after %d calls the state says %v", i+1, got)
		}
	}
}

// roundTrip is a transport that is one function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestAnInspectorOfAnotherProtocolIsUnsupported(t *testing.T) {
	id, err := connected(t).GetOrCreate("counter", key(t)).Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := connected(t, client.WithRoundTripper(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			other := req.Clone(req.Context())
			other.URL.RawQuery = strings.Replace(req.URL.RawQuery, "protocol_version=4", "protocol_version=99", 1)
			return next.RoundTrip(other)
		})
	}))
	state, err := c.Inspector(id).State(t.Context())
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("State = %v, %v", state, err)
	}
}

func TestInspectorNamesActions(t *testing.T) {
	t.Parallel()
	c := connected(t)
	id, err := c.GetOrCreate("counter", key(t)).Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	call(t, c.ForID(id), "get")
	inspector := c.Inspector(id)
	actions, err := inspector.Actions(t.Context())
	if want := []string{"get", "increment", "set", "stats.calls", "stats.reset", "stats.wakes"}; err != nil || !slices.Equal(actions, want) {
		t.Errorf("Actions = %v, %v, want %v", actions, err, want)
	}
	version, err := inspector.Version(t.Context())
	if err != nil || !strings.HasPrefix(version, "2.") {
		t.Errorf("Version = %s, %v", version, err)
	}
}

// TestWhatIsNotOfTheInspectorSaysNothingOfAnActor has somebody else answer for it, with a success.
func TestWhatIsNotOfTheInspectorSaysNothingOfAnActor(t *testing.T) {
	t.Parallel()
	looks := map[string]func(*client.Inspector) error{
		"state":   func(i *client.Inspector) error { return second(i.State(t.Context())) },
		"actions": func(i *client.Inspector) error { return second(i.Actions(t.Context())) },
		"input":   func(i *client.Inspector) error { return second(i.Input(t.Context())) },
	}
	for _, body := range []string{
		`{}`, `null`, `{"state":null}`, `{"state":{"topic":"x"},"isStateEnabled":null}`, `{"rpcs":null,"rows":null}`, `{"rows":[{}]}`, `{"rows":[{"value":null}]}`,
	} {
		server := newScript(t, func(w http.ResponseWriter, r *http.Request) {
			said := body
			switch {
			case strings.Contains(r.URL.Path, "/kv/"):
				said = `{"value":"dG9rZW4="}`
			case strings.HasSuffix(r.URL.Path, "/metadata"): // the actor's, not its inspector's
				said = `{"version":"2.3.19"}`
			}
			says(http.StatusOK, "%s", said)(w, r)
		})
		for name, look := range looks {
			if err := look(server.client(t, client.WithRetries(0)).Inspector(anID)); err == nil || !strings.Contains(err.Error(), "not what the inspector promises") {
				t.Errorf("%s, answered with %s: %v", name, body, err)
			}
		}
	}
}
