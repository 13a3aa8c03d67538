package client

import (
	"cmp"
	"crypto/rand"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Client talks to one namespace of one Rivet. It is made by [New] and may be used by
// many goroutines at once.
type Client struct {
	configured route
	followed   atomic.Pointer[route] // what the endpoint's metadata led to
	following  chan struct{}         // held by the one call that asks for the metadata

	http      http.Client       // what an attempt starts from
	transport http.RoundTripper // the caller's own, wrapped by theirs
	headers   http.Header
	defaults  manner
	retries   int
	backoff   func(attempt int) time.Duration
	insecure  bool // a token may travel in the clear
}

// New returns a client. It sends nothing: what is wrong with an address shows at the
// first call, what is wrong with the options here.
//
// Without options it uses http://localhost:6420 and the namespace "default", and reads
// no environment variable.
func New(opts ...Option) (*Client, error) {
	cfg := newConfig()
	for _, opt := range opts {
		opt.configure(cfg)
	}
	r, err := cfg.sources.resolve()
	if err != nil {
		return nil, err
	}
	if err := r.checkToken(cfg.insecure); err != nil {
		return nil, err
	}
	transport, err := cfg.roundTripper()
	if err != nil {
		return nil, err
	}
	cfg.manner.pool = cfg.sources.pool(cfg.manner.pool)
	return &Client{
		configured: r,
		following:  make(chan struct{}, 1),
		http:       cfg.http,
		transport:  transport,
		headers:    cfg.headers,
		defaults:   cfg.manner,
		retries:    cfg.retries,
		backoff:    cfg.backoff,
		insecure:   cfg.insecure,
	}, nil
}

// Close closes idle connections to the server. The client stays usable.
func (c *Client) Close() {
	all := c.http
	all.Transport = c.transport
	all.CloseIdleConnections()
}

// Endpoint returns the URL that the client was given, without credentials.
func (c *Client) Endpoint() string { return c.configured.base.String() }

// Namespace returns the name of the namespace that the client was given.
func (c *Client) Namespace() string { return c.configured.namespace }

// Pool returns the name of the pool in which actors are created by default.
func (c *Client) Pool() string { return c.defaults.pool }

// url is the address of req on r. The token is part of a gateway's address.
func (r route) url(req request) string {
	var b strings.Builder
	b.WriteString(r.base.String())
	if req.actorID != "" {
		b.WriteString("/gateway/" + req.actorID)
		if r.token != "" {
			b.WriteString("@" + escape(r.token))
		}
	}
	b.WriteString(req.path)
	if query := cmp.Or(req.rawQuery, req.query.Encode()); query != "" {
		b.WriteString("?" + query)
	}
	return b.String()
}

// shownPath is the path for error messages, without the token.
func (r request) shownPath() string {
	if r.actorID == "" {
		return r.path
	}
	return "/gateway/" + r.actorID + r.path
}

// redact takes the token out of a text that a server sent.
func (r route) redact(text string) string {
	if r.token == "" {
		return text
	}
	return strings.NewReplacer(r.token, "(token)", escape(r.token), "(token)").Replace(text)
}

func (c *Client) setHeaders(h http.Header, r route, req request) {
	c.setCommonHeaders(h, r, req.actorID != "")
	if req.body != nil && req.actorID == "" {
		h.Set("Content-Type", "application/json")
	}
	maps.Copy(h, req.header)
}

// setCommonHeaders adds the client's own headers where the request has none of the name,
// the token and a correlation id.
func (c *Client) setCommonHeaders(h http.Header, r route, gateway bool) {
	for name, values := range c.headers {
		if _, has := h[name]; !has {
			h[name] = values
		}
	}
	h.Set("X-Rivet-Ray-Id", newRayID())
	switch {
	case r.token == "":
	case gateway:
		h.Set("X-Rivet-Token", r.token)
	default:
		h.Set("Authorization", "Bearer "+r.token)
	}
}

// newRayID returns a random id of a form that the engine takes over.
func newRayID() string { return strings.ToLower(rand.Text()) }
