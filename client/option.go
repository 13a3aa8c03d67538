package client

import (
	"cmp"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"
)

// Option configures a [Client]. Every [HandleOption] is one too: given to [New], it
// is the default of all handles.
type Option interface{ configure(*config) }

type option func(*config)

func (o option) configure(cfg *config) { o(cfg) }

// config gathers what the options say before New checks it as a whole.
type config struct {
	sources  sources
	manner   manner
	http     http.Client
	tls      *tls.Config
	connect  time.Duration
	wrap     []func(http.RoundTripper) http.RoundTripper
	headers  http.Header
	retries  int
	backoff  func(int) time.Duration
	insecure bool
}

func newConfig() *config {
	return &config{
		sources: sources{lookup: func(string) (string, bool) { return "", false }},
		headers: http.Header{"User-Agent": {"riveter-client-go"}},
		retries: 4,
	}
}

// WithEndpoint sets the URL of the engine, or of an application whose metadata names
// its engine: http(s)://[namespace[:token]@]host[:port][/path].
func WithEndpoint(url string) Option {
	return option(func(cfg *config) { cfg.sources.endpoint = &url })
}

// WithNamespace sets the namespace by its name; "" leaves the choice to other sources.
func WithNamespace(name string) Option {
	return option(func(cfg *config) { cfg.sources.namespace = name })
}

// WithToken sets the token; "" leaves the choice to other sources.
func WithToken(token string) Option {
	return option(func(cfg *config) { cfg.sources.token = token })
}

// WithEnvironment lets RIVET_ENGINE, RIVET_ENDPOINT, RIVET_NAMESPACE, RIVET_TOKEN,
// RIVET_POOL and RIVET_RUNNER fill in what other options leave out. Pass
// [os.LookupEnv], or a function of the same meaning.
func WithEnvironment(lookup func(name string) (value string, ok bool)) Option {
	return option(func(cfg *config) { cfg.sources.lookup = lookup })
}

// AllowInsecureHTTP lets the token travel over plain HTTP to other machines.
func AllowInsecureHTTP() Option {
	return option(func(cfg *config) { cfg.insecure = true })
}

// WithHeaders adds headers to every request, WebSocket handshakes included.
func WithHeaders(headers http.Header) Option {
	return option(func(cfg *config) {
		for name, values := range headers {
			cfg.headers[http.CanonicalHeaderKey(name)] = values
		}
	})
}

// WithUserAgent sets the User-Agent header.
func WithUserAgent(agent string) Option {
	return WithHeaders(http.Header{"User-Agent": {agent}})
}

// WithHTTPClient sets what requests are sent with. The client is copied, never
// changed; redirects are not followed whatever it says.
func WithHTTPClient(client *http.Client) Option {
	return option(func(cfg *config) { cfg.http = *client })
}

// WithTLSConfig sets certificates and server name of the default transport.
func WithTLSConfig(tls *tls.Config) Option {
	return option(func(cfg *config) { cfg.tls = tls })
}

// WithConnectTimeout bounds how long the default transport takes to connect, TLS
// included; 10 seconds when not given.
func WithConnectTimeout(d time.Duration) Option {
	return option(func(cfg *config) { cfg.connect = d })
}

// WithRoundTripper puts a layer around the transport: for recording, tracing or
// injecting faults. It sees every attempt, with the token in the address and headers.
func WithRoundTripper(wrap func(http.RoundTripper) http.RoundTripper) Option {
	return option(func(cfg *config) { cfg.wrap = append(cfg.wrap, wrap) })
}

// WithRetries sets how often a request may be sent again, where that is safe; 4 when
// not given.
func WithRetries(n int) Option {
	return option(func(cfg *config) { cfg.retries = n })
}

// WithBackoff replaces the waits between attempts, polls and reconnections. The
// function gets the number of the attempt that failed, from 0.
func WithBackoff(wait func(attempt int) time.Duration) Option {
	return option(func(cfg *config) { cfg.backoff = wait })
}

// roundTripper builds the transport that all requests share.
func (cfg *config) roundTripper() (http.RoundTripper, error) {
	rt := cfg.http.Transport
	if rt == nil {
		rt = cfg.newTransport()
	} else if cfg.tls != nil || cfg.connect != 0 {
		return nil, errors.New("an HTTP client with a transport of its own leaves no room for TLS settings and a connect timeout")
	}
	for _, wrap := range cfg.wrap {
		rt = wrap(rt)
	}
	return rt, nil
}

func (cfg *config) newTransport() *http.Transport {
	limit := cmp.Or(cfg.connect, 10*time.Second)
	dialer := &net.Dialer{Timeout: limit}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSClientConfig:     cfg.tls,
		TLSHandshakeTimeout: limit,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     90 * time.Second,
	}
}
