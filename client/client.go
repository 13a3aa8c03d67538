package client

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
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
	log       *slog.Logger
	open      connections
	lookups   gathered
	clock     serverClock

	insecure   bool     // a token may travel in the clear
	ownHeaders bool     // some headers are the caller's, and may give access as the token does
	trusted    []string // hosts that metadata may send either to
	direct     bool     // metadata is not asked for
}

// New returns a client. It sends nothing: what is wrong with an address shows at the
// first call, what is wrong with the options here.
//
// As RivetKit's createClient does, it reads RIVET_ENGINE, RIVET_ENDPOINT, RIVET_NAMESPACE,
// RIVET_TOKEN and RIVET_POOL, which fill in what the options leave out; [WithEnvironment] says
// otherwise. What is not given at all is http://localhost:6420 and the namespace "default".
func New(opts ...Option) (*Client, error) {
	cfg := newConfig()
	for _, opt := range opts {
		if opt == nil {
			return nil, errNilOption
		}
		opt.configure(cfg)
	}
	if err := errors.Join(cfg.err, cfg.manner.err); err != nil {
		return nil, err
	}
	r, err := cfg.sources.resolve()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(r.checkToken(cfg.insecure), checkHeaders(cfg.headers)); err != nil {
		return nil, err
	}
	transport, err := cfg.roundTripper()
	if err != nil {
		return nil, err
	}
	cfg.manner.pool = cfg.sources.pool(cfg.manner.pool)
	return cfg.client(r, transport), nil
}

func (cfg *config) client(r route, transport http.RoundTripper) *Client {
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
		ownHeaders: cfg.ownHeaders,
		trusted:    cfg.trusted,
		direct:     cfg.direct,
		log:        cfg.log,
	}
}

// checkContext reports a context that is none.
func checkContext(ctx context.Context) error {
	if ctx == nil {
		return notSent(errors.New("the context is nil"))
	}
	return nil
}

// check reports a client that is none, or is closed.
func (c *Client) check() error {
	switch {
	case c == nil || c.transport == nil:
		return notSent(errors.New("the client was not made by New"))
	case c.open.isClosed():
		return notSent(fmt.Errorf("%w: the client", ErrClosed))
	default:
		return nil
	}
}

// Endpoint returns the URL that the client was given, without credentials.
func (c *Client) Endpoint() string {
	if c == nil || c.configured.base == nil {
		return ""
	}
	return c.configured.base.String()
}

// Namespace returns the name of the namespace that the client was given.
func (c *Client) Namespace() string { return c.configured.namespace }

// Pool returns the name of the pool in which actors are created by default.
func (c *Client) Pool() string { return c.defaults.pool }

// url is the address of req on r. The token is part of a gateway's address.
func (r route) url(req request) string {
	query := cmp.Or(req.rawQuery, req.query.Encode())
	address := r.base.String() + req.to.path()
	switch {
	case req.to.name != "":
		found := maps.Clone(req.to.query)
		if r.token != "" {
			found.Set("rvt-token", r.token)
		}
		query = strings.TrimPrefix(query+"&"+found.Encode(), "&")
	case req.to.id != "" && r.token != "":
		address += "@" + escape(r.token)
	}
	address += req.path
	if query != "" {
		address += "?" + query
	}
	return address
}

// shownPath is the path for error messages, without the token.
func (r request) shownPath() string { return r.to.path() + r.path }

// redact takes the token out of a text that a server sent.
func (r route) redact(text string) string {
	if r.token == "" {
		return text
	}
	return strings.NewReplacer(r.token, "(token)", escape(r.token), "(token)", url.QueryEscape(r.token), "(token)").Replace(text)
}

func (c *Client) setHeaders(h http.Header, r route, req request) {
	c.setCommonHeaders(h, r, req.to.isActor())
	if req.body != nil && !req.to.isActor() {
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
