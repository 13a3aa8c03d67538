package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// elsewhere is an application that names its engine at another site, and that site, which it is asked for as a proxy is. What
// the site hears, it writes to a file, with what the request has in it to gain access, and passes it on to the engine.
type elsewhere struct {
	host string
	log  string
	next http.Handler

	mu sync.Mutex
}

// leadsTo HOST makes the endpoint such an application. The site's file is elsewhere.log.
func leadsTo(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) != 1 || s.rivet == nil {
		ts.Fatalf("usage: leads-to HOST, after rivet")
	}
	engine, err := url.Parse(s.rivet.Endpoint())
	ts.Check(err)
	server := httptest.NewServer(&elsewhere{host: args[0], log: ts.MkAbs("elsewhere.log"), next: httputil.NewSingleHostReverseProxy(engine)})
	ts.Defer(server.Close)
	ts.Setenv("RIVET_ENDPOINT", server.URL)
	ts.Setenv("HTTP_PROXY", server.URL)
	ts.Setenv("HTTPS_PROXY", server.URL)
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if !req.URL.IsAbs() && req.Method != http.MethodConnect {
		fmt.Fprintf(w, `{"runtime":"rivetkit","clientEndpoint":"http://%s"}`, e.host)
		return
	}
	if err := e.hear(req); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	e.next.ServeHTTP(w, req)
}

func (e *elsewhere) hear(req *http.Request) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	file, err := os.OpenFile(e.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintln(file, req.Method, req.URL, req.Header.Get("Authorization"), req.Header.Get("X-Rivet-Token"), req.Header.Get("X-Key"))
	return err
}
