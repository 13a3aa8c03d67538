package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"riveter/client"
)

// application is what a serverless application shows of itself: metadata, and nothing
// else.
func application(t *testing.T, metadata string) (endpoint string, asked *atomic.Int64) {
	t.Helper()
	asked = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/rivet/metadata" {
			http.Error(w, "Not Found (RivetKit)", http.StatusNotFound)
			return
		}
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Rivet-Token") != "" {
			t.Error("the application gets to see the token")
		}
		asked.Add(1)
		fmt.Fprint(w, metadata)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/api/rivet", asked
}

func TestAnApplicationLeadsToItsEngineOnce(t *testing.T) {
	t.Parallel()
	app, asked := application(t, fmt.Sprintf(`{"runtime":"rivetkit","clientEndpoint":"%s/","clientNamespace":"default","clientToken":"pk"}`, endpoint()))
	c := newClient(t, client.WithEndpoint(app), client.WithNamespace("elsewhere"), client.WithToken("sk"))
	var calls sync.WaitGroup
	for i := range 4 {
		calls.Go(func() {
			if _, err := c.GetOrCreate("counter", key(t, fmt.Sprint(i))).Call(t.Context(), "get"); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestMetadataIsAskedAgainAfterAFailure(t *testing.T) {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metadata" && n.Add(1) == 1 {
			fails(500, "core", "internal_error")(w, r)
			return
		}
		fmt.Fprint(w, `{"output":1}`)
	}))
	t.Cleanup(server.Close)
	h := newClient(t, client.WithEndpoint(server.URL), client.WithRetries(0), client.WithEncoding(client.JSON)).ForID(anID)
	_, err := h.Call(t.Context(), "act")
	checkFailure(t, err, client.NotDelivered)
	call(t, h, "act")
	call(t, h, "act")
	if n.Load() != 2 {
		t.Errorf("asked %d times, want 2", n.Load())
	}
}

func TestMetadataCannotLeadAstray(t *testing.T) {
	for name, metadata := range map[string]string{
		"plain HTTP": `{"clientEndpoint":"http://example.com"}`,
		"no URL":     `{"clientEndpoint":"nowhere"}`,
	} {
		app, _ := application(t, metadata)
		_, err := newClient(t, client.WithEndpoint(app), client.WithToken("t0k3n")).ForID(anID).Call(t.Context(), "act")
		checkFailure(t, err, client.NotDelivered)
		if strings.Contains(err.Error(), "t0k3n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, metadata := range map[string]string{
		"not JSON": "<html>", "another shape": `[1]`, "wrong type": `{"clientEndpoint":5}`,
	} {
		app, _ := application(t, metadata)
		c := newClient(t, client.WithEndpoint(app))
		_, err := c.Management().Datacenters(t.Context())
		if e := mustError(t, err); e.Status != http.StatusNotFound {
			t.Errorf("%s: %v, want the application's own 404", name, err)
		}
	}
}

// What gives access to an application does not go to another site that it names, unless that site
// is trusted or is given what is its own.
func TestCredentialsGoToNoOtherSite(t *testing.T) {
	const names, entrusts = `{"clientEndpoint":"https://engine.example.com"}`, `{"clientEndpoint":"https://engine.example.com","clientToken":"pk"}`
	token, headers := client.WithToken("t0k3n"), client.WithHeaders(http.Header{"X-Key": {"k3y"}})
	for name, c := range map[string]struct {
		metadata string
		opts     []client.Option
		goes     bool
	}{
		"nothing to lose":                {names, nil, true},
		"a User-Agent":                   {names, []client.Option{client.WithUserAgent("me")}, true},
		"a token":                        {names, []client.Option{token}, false},
		"headers":                        {names, []client.Option{headers}, false},
		"its own token":                  {entrusts, []client.Option{token}, true},
		"its own token, but our headers": {entrusts, []client.Option{token, headers}, false},
		"trusted":                        {names, []client.Option{token, headers, client.WithTrustedHosts("Engine.example.com")}, true},
		"another is trusted":             {names, []client.Option{token, client.WithTrustedHosts("example.com", "engine.example.com.org")}, false},
	} {
		app, _ := application(t, c.metadata)
		var outside atomic.Int64
		counting := client.WithRoundTripper(func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(req *http.Request) (*http.Response, error) {
				if req.URL.Hostname() != "engine.example.com" {
					return next.RoundTrip(req)
				}
				outside.Add(1)
				return nil, errAny
			})
		})
		_, err := newClient(t, append(c.opts, client.WithEndpoint(app), client.WithRetries(0), counting)...).ForID(anID).Call(t.Context(), "act")
		checkFailure(t, err, client.DeliveryOf(err))
		if errors.Is(err, errAny) != c.goes || errors.Is(err, client.ErrUntrusted) == c.goes || (outside.Load() > 0) != c.goes {
			t.Errorf("%s: %d requests, %v", name, outside.Load(), err)
		}
		if !c.goes && !strings.Contains(err.Error(), "engine.example.com, which is another site") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSitesAreToldApart(t *testing.T) {
	for _, c := range []struct {
		endpoint, named string
		same            bool
	}{
		{"https://app.example.com", "https://engine.example.com", true},
		{"https://app.example.com", "https://app.example.com:8443", true},
		{"https://example.co.uk", "https://other.co.uk", false},
		{"https://a.github.io", "https://b.github.io", false},
		{"https://192.0.2.1", "https://198.0.2.1", false},
		{"http://127.0.0.1:1", "http://localhost:2", true},
		{"https://app", "https://engine", false},
	} {
		c2 := newClient(t, client.WithEndpoint(c.endpoint), client.WithToken("t0k3n"), client.WithRetries(0), client.WithHTTPClient(&http.Client{
			Transport: answering(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == "/metadata" {
					return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"clientEndpoint":"` + c.named + `"}`))}, nil
				}
				return nil, errAny
			}),
		}))
		_, err := c2.ForID(anID).Call(t.Context(), "act")
		if errors.Is(err, errAny) != c.same {
			t.Errorf("%s names %s: %v", c.endpoint, c.named, err)
		}
	}
}

// answering is a transport made of one function.
type answering func(*http.Request) (*http.Response, error)

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
