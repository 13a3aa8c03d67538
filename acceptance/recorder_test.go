package acceptance

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// recorder stands between riveter and an engine, and keeps what is sent to change something. It passes everything on.
type recorder struct {
	engine *url.URL
	server *httptest.Server
	reads  []string // actions and paths of requests that change nothing, though they are sent like those that do

	mu   sync.Mutex
	sent map[string][]sent // by actor id, in the order of sending; under "" what is about no actor
}

// sent is one thing that was sent, or that a plan says will be.
type sent struct {
	Verb string // create, destroy, action, message, request, or else the HTTP method
	What string // name of the actor, action or queue, or method and path
	With any    // key and input, arguments, or body, as JSON has them
}

func newRecorder(engine string, reads []string) (*recorder, error) {
	target, err := url.Parse(engine)
	if err != nil {
		return nil, err
	}
	r := &recorder{engine: target, reads: reads, sent: map[string][]sent{}}
	r.server = httptest.NewServer(r.handler())
	return r, nil
}

// take returns what was sent since the last time.
func (r *recorder) take() map[string][]sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.sent
	r.sent = map[string][]sent{}
	return taken
}

func (r *recorder) keep(actorID string, s sent) {
	if slices.Contains(r.reads, s.What) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent[actorID] = append(r.sent[actorID], s)
}

func (r *recorder) handler() http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(r.engine) },
		ModifyResponse: r.answered,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Upgrade") != "" {
			r.join(w, req)
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		if err := r.asked(req, body); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), bodyKey{}, body)))
	})
}

type bodyKey struct{}

// asked keeps a request, unless it is one for a creation: which actor that is about, only the answer says.
func (r *recorder) asked(req *http.Request, body []byte) error {
	path, ok := strings.CutPrefix(req.URL.Path, "/gateway/")
	if !ok {
		r.managed(req, body)
		return nil
	}
	id, path, _ := strings.Cut(path, "/")
	kind, name, _ := strings.Cut(path, "/")
	var s sent
	var err error
	switch kind {
	case "action":
		s = sent{Verb: "action", What: name}
		s.With, err = decodeArguments(body)
	case "queue":
		s = sent{Verb: "message", What: name}
		s.With, err = decodeArguments(body)
	case "request":
		s = sent{Verb: "request", What: req.Method + " /" + name}
		s.With = decodeBody(body)
	case "inspector":
		if req.Method == http.MethodGet || bytes.Contains(body, []byte(`"SELECT `)) {
			return nil
		}
		s = sent{Verb: req.Method, What: req.URL.Path}
	default:
		return nil // what every actor answers of itself: its health, its version
	}
	if err != nil {
		return fmt.Errorf("recorder: %s %s: %w", req.Method, req.URL, err)
	}
	r.keep(id, s)
	return nil
}

// managed keeps a request to the management API.
func (r *recorder) managed(req *http.Request, body []byte) {
	id, isActor := strings.CutPrefix(req.URL.Path, "/actors/")
	switch {
	case req.Method == http.MethodGet || req.Method == http.MethodPut && req.URL.Path == "/actors":
	case req.Method == http.MethodDelete && isActor:
		r.keep(id, sent{Verb: "destroy"})
	default:
		r.keep("", sent{Verb: req.Method, What: req.URL.Path, With: decodeBody(body)})
	}
}

// answered keeps a creation, with the id of the actor.
func (r *recorder) answered(response *http.Response) error {
	req := response.Request
	if req.Method != http.MethodPut || !strings.HasSuffix(req.URL.Path, "/actors") {
		return nil
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	var created struct{ Actor actor }
	var asked struct{ Name, Key, Input string }
	if err := json.Unmarshal(answer, &created); err != nil {
		return err
	}
	if err := json.Unmarshal(req.Context().Value(bodyKey{}).([]byte), &asked); err != nil {
		return err
	}
	encoded, err := base64.StdEncoding.DecodeString(asked.Input)
	if err != nil {
		return err
	}
	input, err := decodeCBOR(encoded)
	r.keep(created.Actor.ID, sent{Verb: "create", What: asked.Name + " " + asked.Key, With: input})
	return err
}

// join passes a WebSocket on, and keeps the calls that are made over it.
func (r *recorder) join(w http.ResponseWriter, req *http.Request) {
	protocols := strings.Split(strings.ReplaceAll(req.Header.Get("Sec-WebSocket-Protocol"), " ", ""), ",")
	target := r.engine.JoinPath(req.URL.EscapedPath())
	target.RawQuery = req.URL.RawQuery
	engine, _, err := websocket.Dial(req.Context(), target.String(), &websocket.DialOptions{ //nolint:bodyclose // Dial leaves nothing to close
		HTTPHeader:   withoutHandshake(req.Header),
		Subprotocols: protocols,
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = engine.CloseNow() }()
	riveter, err := websocket.Accept(w, req, &websocket.AcceptOptions{Subprotocols: []string{engine.Subprotocol()}})
	if err != nil {
		return
	}
	defer func() { _ = riveter.CloseNow() }()
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	go func() {
		defer cancel()
		pass(ctx, riveter, engine, func([]byte) {})
	}()
	id, path, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/gateway/"), "/")
	pass(ctx, engine, riveter, func(message []byte) {
		if s, ok := decodeCall(message); ok && path == "connect" {
			r.keep(id, s)
		}
	})
}

func withoutHandshake(h http.Header) http.Header {
	h = maps.Clone(h)
	maps.DeleteFunc(h, func(name string, _ []string) bool {
		return name == "Connection" || name == "Upgrade" || strings.HasPrefix(name, "Sec-Websocket-")
	})
	return h
}

// pass copies messages until one of the two sides is gone.
func pass(ctx context.Context, to, from *websocket.Conn, look func(message []byte)) {
	from.SetReadLimit(-1)
	for {
		kind, message, err := from.Read(ctx)
		if err != nil {
			return
		}
		look(message)
		if to.Write(ctx, kind, message) != nil {
			return
		}
	}
}
