package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/client"
)

// requested is what a server was asked.
type requested struct {
	Method, URI, Authorization, Token, Encoding, Params, Agent, Mine string
	ray                                                              string
}

// recorder records requests and answers all of them alike.
type recorder struct {
	mu  sync.Mutex
	all []requested
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	h := req.Header
	r.mu.Lock()
	r.all = append(r.all, requested{
		req.Method, req.RequestURI, h.Get("Authorization"), h.Get("X-Rivet-Token"), h.Get("X-Rivet-Encoding"),
		h.Get("X-Rivet-Conn-Params"), h.Get("User-Agent"), h.Get("X-Mine"), h.Get("X-Rivet-Ray-Id"),
	})
	r.mu.Unlock()
	fmt.Fprint(w, `{"output":1,"actors":[]}`)
}

func TestTokenHeadersAndPrefixGoWithEveryRequest(t *testing.T) {
	var r recorder
	server := httptest.NewServer(&r)
	t.Cleanup(server.Close)
	c := newClient(t,
		client.WithEndpoint(strings.Replace(server.URL, "http://", "http://my%20ns:t%40%2Fk@", 1)+"/base/"),
		client.WithHeaders(http.Header{"x-mine": {"kept"}}), client.WithUserAgent("me/1"),
		client.WithParams(map[string]any{"é": 1}), client.WithEncoding(client.JSON))
	call(t, c.ForID(anID), "users.add")
	if _, _, err := c.Management().ActorByKey(t.Context(), "a b", client.Key{"x+y", "ü"}); err != nil {
		t.Fatal(err)
	}
	common := requested{Method: "GET", Agent: "me/1", Mine: "kept"}
	metadata, action, lookup := common, common, common
	metadata.URI = "/base/metadata?namespace=my+ns"
	action.Method, action.URI = "POST", "/base/gateway/"+anID+"@t%40%2Fk/action/users.add"
	action.Token, action.Encoding, action.Params = "t@/k", "json", `{"\u00e9":1}`
	lookup.URI, lookup.Authorization = "/base/actors?key=x%2By%2F%C3%BC&name=a+b&namespace=my+ns", "Bearer t@/k"
	if diff := cmp.Diff([]requested{metadata, action, lookup}, r.all, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ray" }, cmp.Ignore())); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	rays := map[string]bool{}
	for _, one := range r.all {
		rays[one.ray] = true
	}
	if len(rays) != len(r.all) || rays[""] {
		t.Errorf("correlation ids are %v, want one for each request", rays)
	}
}

func TestNoErrorShowsTheToken(t *testing.T) {
	const token = "s3cr3t/tok"
	echo := func(w http.ResponseWriter, r *http.Request) {
		fails(500, "user", "echo")(w, r)
	}
	for name, answer := range map[string]http.HandlerFunc{
		"echoed":  says(500, `{"group":"user","code":"c","message":"you sent s3cr3t/tok and s3cr3t%%2Ftok"}`),
		"plain":   echo,
		"hung up": hangsUp,
		"torn":    tears(200),
	} {
		s := newScript(t, answer)
		c := s.client(t, client.WithToken(token), client.WithNamespace("n"))
		for _, err := range []error{
			func() error { _, err := c.ForID(anID).Call(t.Context(), "act"); return err }(),
			func() error { _, err := c.ForID(anID).Connect(t.Context()); return err }(),
			func() error { _, err := c.Management().CreateActor(t.Context(), "n", nil); return err }(),
		} {
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, *mustError(t, err)), "s3cr3t") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func mustError(t *testing.T, err error) *client.Error {
	t.Helper()
	e, ok := errors.AsType[*client.Error](err)
	if !ok {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

func TestAnHTTPClientOfOnesOwnIsUsedAndLeftAlone(t *testing.T) {
	s := newScript(t, says(200, `{"output":1}`))
	var seen counting
	seen.next = http.DefaultTransport
	own := &http.Client{Transport: &seen}
	call(t, s.client(t, client.WithHTTPClient(own)).ForID(anID), "act")
	if seen.count.Load() != 2 || own.CheckRedirect != nil || own.Timeout != 0 || own.Transport != &seen {
		t.Errorf("%d requests passed it, and it is now %+v", seen.count.Load(), own)
	}
}

// Where the gateway is told not to wait: in the query, or by header and subprotocol.
func TestNotWaitingIsSaidWhereTheGatewayReadsIt(t *testing.T) {
	seen := make(chan *http.Request, 10)
	s := newScript(t, func(_ http.ResponseWriter, r *http.Request) { seen <- r; panic(http.ErrAbortHandler) })
	c := s.client(t, client.WithRetries(0), client.SkipReadyWait())
	for _, h := range []*client.Handle{c.ForID(anID), c.Get("n", client.Key{"k"})} {
		_ = second(h.Call(t.Context(), "act"))
		_ = second(h.Connect(t.Context()))
		_ = second(h.WebSocket(t.Context(), "/x"))
		_ = h.Send(t.Context(), "q", 1)
		for range 4 {
			r := <-seen
			said := r.Header.Get("X-Rivet-Skip-Ready-Wait") + r.URL.Query().Get("rvt-skip-ready-wait")
			if strings.Contains(r.Header.Get("Sec-Websocket-Protocol"), "rivet_skip_ready_wait") {
				said += "true"
			}
			if !strings.HasPrefix(said, "true") {
				t.Errorf("%s %s waits", r.Method, r.URL)
			}
		}
	}
}
