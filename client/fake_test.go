package client_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"riveter/client"
)

// anID has the form of an actor's id.
var anID = strings.Repeat("a", 30)

// script is a server that gives one answer after the other, the last one for ever. Its
// metadata names no other endpoint.
type script struct {
	*httptest.Server
	requests atomic.Int64 // but those for metadata
}

func newScript(t *testing.T, answers ...http.HandlerFunc) *script {
	t.Helper()
	s := &script{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metadata" {
			fmt.Fprint(w, `{"runtime":"engine"}`)
			return
		}
		n := int(s.requests.Add(1))
		answers[min(n, len(answers))-1](w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// client returns a client of the server that never waits.
func (s *script) client(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	atOnce := func(int) time.Duration { return 0 }
	return newClient(t, append([]client.Option{
		client.WithEndpoint(s.URL), client.WithBackoff(atOnce), client.WithEncoding(client.JSON),
	}, opts...)...)
}

// says answers with a status and a JSON body.
func says(status int, body string, args ...any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, body, args...)
	}
}

// fails answers as the engine does.
func fails(status int, group, code string) http.HandlerFunc {
	return marked("X-Rivet-Error", group+"."+code, says(status, `{"group":%q,"code":%q,"message":"m"}`, group, code))
}

// failsInActor answers as an actor's runtime does.
func failsInActor(status int, group, code string) http.HandlerFunc {
	body := `{"group":%q,"code":%q,"message":"m","actor":{"actorId":%q,"generation":1}}`
	return inActor(says(status, body, group, code, anID))
}

// inActor marks an answer as the gateway does when an actor gave it.
func inActor(answer http.HandlerFunc) http.HandlerFunc { return marked("X-Rivet-Actor", anID, answer) }

func marked(header, value string, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(header, value)
		answer(w, r)
	}
}

// hangsUp closes the connection without an answer.
func hangsUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// tears closes the connection in the middle of an answer.
func tears(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(status)
		fmt.Fprint(w, `{"output":`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

// hangs answers when the client has given up.
func hangs(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // a server notices the end only of a request that was read
	<-r.Context().Done()
}
