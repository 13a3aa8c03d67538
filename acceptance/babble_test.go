package acceptance

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"

	"github.com/rogpeppe/go-internal/testscript"
)

// babbles makes the endpoint a server that sends more after each answer than that.
func babbles(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) > 0 || s.rivet == nil {
		ts.Fatalf("usage: babbles, after rivet")
	}
	engine, err := url.Parse(s.rivet.Endpoint())
	ts.Check(err)
	next := httputil.NewSingleHostReverseProxy(engine)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		said := httptest.NewRecorder()
		next.ServeHTTP(said, req)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		answer := said.Result()
		answer.ContentLength = int64(said.Body.Len())
		if answer.Write(conn) == nil {
			_, _ = io.WriteString(conn, "unasked\x1b[31m")
			_, _ = io.Copy(io.Discard, conn)
		}
	}))
	ts.Defer(server.Close)
	ts.Setenv("RIVET_ENDPOINT", server.URL)
}
