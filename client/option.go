package client

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// Option configures a [Client]. Every [HandleOption] is one too: given to [New], it
// is the default of all handles.
type Option interface{ configure(*config) }

type option func(*config)

func (o option) configure(cfg *config) { o(cfg) }

// config gathers what the options say before New checks it as a whole.
type config struct {
	sources sources
	manner  manner
	http    http.Client
	tls     *tls.Config
	connect time.Duration
	wrap    []func(http.RoundTripper) http.RoundTripper
	headers http.Header
	retries int
	backoff func(int) time.Duration
	log     *slog.Logger

	insecure   bool
	ownHeaders bool // besides the User-Agent
	trusted    []string
	direct     bool

	err error // what is wrong with the options
}

func newConfig() *config {
	return &config{
		sources: sources{lookup: os.LookupEnv},
		headers: http.Header{"User-Agent": {userAgent()}},
		retries: 4,
		log:     slog.New(slog.DiscardHandler),
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

// WithEnvironment replaces [os.LookupEnv], by which the client reads RIVET_ENGINE,
// RIVET_ENDPOINT, RIVET_NAMESPACE, RIVET_TOKEN, RIVET_POOL and RIVET_RUNNER; nil reads none.
func WithEnvironment(lookup func(name string) (value string, ok bool)) Option {
	return option(func(cfg *config) {
		if cfg.sources.lookup = lookup; lookup == nil {
			cfg.sources.lookup = func(string) (string, bool) { return "", false }
		}
	})
}

// WithTrustedHosts lets the token, and headers of one's own, go to engines at these hosts, where
// the endpoint is an application that names one. Hosts of the endpoint's own site are trusted
// anyway. A host is a name or an IP address, without scheme and port.
func WithTrustedHosts(hosts ...string) Option {
	return option(func(cfg *config) {
		for _, host := range hosts {
			if !isHost(host) {
				cfg.err = errors.Join(cfg.err, fmt.Errorf("%q is no host that could be trusted: want a name or an IP address, without scheme and port", host))
			}
		}
		cfg.trusted = append(cfg.trusted, hosts...)
	})
}

func isHost(host string) bool {
	u, err := url.Parse("//" + host)
	return net.ParseIP(host) != nil || err == nil && host != "" && u.Host == host && u.Port() == "" && !strings.HasSuffix(host, ":")
}

// WithoutMetadataLookup sends requests to the endpoint as it is, without asking it first
// whether it is an application that names its engine.
func WithoutMetadataLookup() Option {
	return option(func(cfg *config) { cfg.direct = true })
}

// WithLogger makes the client tell what it does: at the level Debug every attempt at a request
// and every change of a connection, at the level Warn attempts that fail and connections that break.
// No token and no content is in it, besides what a server says of an error.
func WithLogger(log *slog.Logger) Option {
	return option(func(cfg *config) { cfg.need(log != nil, "the logger"); cfg.log = log })
}

// AllowInsecureHTTP lets the token travel over plain HTTP to other machines.
func AllowInsecureHTTP() Option {
	return option(func(cfg *config) { cfg.insecure = true })
}

// WithHeaders adds headers to every request, WebSocket handshakes included.
func WithHeaders(headers http.Header) Option {
	return option(func(cfg *config) {
		for name, values := range headers {
			name = http.CanonicalHeaderKey(name)
			cfg.headers[name] = values
			cfg.ownHeaders = cfg.ownHeaders || name != "User-Agent"
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
	return option(func(cfg *config) {
		if cfg.need(client != nil, "the HTTP client") {
			cfg.http = *client
		}
	})
}

// WithTLSConfig sets certificates and server name of the default transport.
func WithTLSConfig(tls *tls.Config) Option {
	return option(func(cfg *config) { cfg.tls = tls })
}

// WithConnectTimeout bounds how long the default transport takes to connect, TLS
// included; 10 seconds when not given.
func WithConnectTimeout(d time.Duration) Option {
	return option(func(cfg *config) { cfg.need(d > 0, "the time to connect"); cfg.connect = d })
}

// WithRoundTripper puts a layer around the transport: for recording, tracing or
// injecting faults. It sees every attempt, with the token in the address and headers.
func WithRoundTripper(wrap func(http.RoundTripper) http.RoundTripper) Option {
	return option(func(cfg *config) { cfg.need(wrap != nil, "the round tripper"); cfg.wrap = append(cfg.wrap, wrap) })
}

// WithRetries sets how often a request may be sent again, where that is safe; 4 when
// not given.
func WithRetries(n int) Option {
	return option(func(cfg *config) { cfg.need(n >= 0, "the number of retries"); cfg.retries = n })
}

// WithBackoff replaces the waits between attempts, polls and reconnections. The
// function gets the number of the attempt that failed, from 0.
func WithBackoff(wait func(attempt int) time.Duration) Option {
	return option(func(cfg *config) { cfg.need(wait != nil, "the back-off"); cfg.backoff = wait })
}

// need notes an option that says nothing, and returns whether it does.
func (cfg *config) need(ok bool, what string) bool {
	if !ok {
		cfg.err = errors.Join(cfg.err, fmt.Errorf("%s is nil or out of range", what))
	}
	return ok
}

// module is the path by which a program's build information knows this package.
const module = "riveter"

// userAgent names the client and, where the program knows it, its version.
func userAgent() string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range append(info.Deps, &info.Main) {
			if m.Path == module && m.Version != "" {
				version = strings.Trim(m.Version, "()")
			}
		}
	}
	return "riveter-client-go/" + version
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
	if rt == nil {
		return nil, errors.New("a round tripper is nil")
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
		MaxIdleConnsPerHost: 128,
		IdleConnTimeout:     90 * time.Second,
	}
}
