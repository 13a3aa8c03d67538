package client

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// defaultEndpoint is where a Rivet engine on this machine listens.
const defaultEndpoint = "http://localhost:6420"

// route is where requests go and in whose name.
type route struct {
	base      *url.URL // scheme, host and base path; no credentials, no trailing slash
	namespace string
	token     string
}

// sources are the settings that an endpoint URL, options and the environment can
// all give. The empty string means not given, but for the endpoint.
type sources struct {
	endpoint         *string
	namespace, token string
	lookup           func(string) (string, bool)
}

// resolve applies RivetKit's precedence. What a URL and another source say
// differently is an error.
func (s sources) resolve() (route, error) {
	base, namespace, token, err := ParseEndpoint(s.rawEndpoint())
	if err != nil {
		return route{}, err
	}
	namespace, nsErr := reconcile("namespace", namespace, cmp.Or(s.namespace, s.variable("RIVET_NAMESPACE")))
	token, tokenErr := reconcile("token", token, cmp.Or(s.token, s.variable("RIVET_TOKEN")))
	if err := errors.Join(nsErr, tokenErr); err != nil {
		return route{}, err
	}
	return route{base: base, namespace: cmp.Or(namespace, "default"), token: token}, nil
}

func (s sources) pool(option string) string {
	return cmp.Or(option, s.variable("RIVET_POOL"), s.variable("RIVET_RUNNER"), "default")
}

func (s sources) rawEndpoint() string {
	if s.endpoint != nil {
		return *s.endpoint
	}
	for _, name := range []string{"RIVET_ENGINE", "RIVET_ENDPOINT"} {
		if value, ok := s.lookup(name); ok {
			return value
		}
	}
	return defaultEndpoint
}

func (s sources) variable(name string) string {
	value, _ := s.lookup(name)
	return value
}

// reconcile returns the one value that the URL or another source gave.
func reconcile(what, inURL, elsewhere string) (string, error) {
	if inURL != "" && elsewhere != "" && inURL != elsewhere {
		return "", fmt.Errorf("the endpoint URL has one %s and an option or variable another: give it in one place", what)
	}
	return cmp.Or(inURL, elsewhere), nil
}

var slashes = regexp.MustCompile("//+")

// ParseEndpoint reads the URL of an endpoint, http(s)://[namespace[:token]@]host[:port][/path], whose base is all
// but the namespace and the token. Its errors never repeat the text, which may hold a token in an unexpected place.
func ParseEndpoint(raw string) (base *url.URL, namespace, token string, err error) {
	if raw == "" {
		return nil, "", "", errors.New("endpoint is empty: give a URL, or leave it out")
	}
	if !strings.Contains(raw, "://") {
		return nil, "", "", errors.New("endpoint is not a valid URL: it has no http:// or https:// before the host")
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return nil, "", "", errors.New("endpoint is not a valid URL: want http(s)://[namespace[:token]@]host[:port][/path], special characters percent-encoded")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, "", "", fmt.Errorf("endpoint URL has scheme %q: want http or https", u.Scheme)
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(raw, "#") {
		return nil, "", "", errors.New("endpoint URL must not have a query or a fragment")
	}
	namespace = u.User.Username()
	token, _ = u.User.Password()
	if token != "" && namespace == "" {
		return nil, "", "", errors.New("endpoint URL has a token without a namespace: want namespace:token@host")
	}
	path := strings.TrimSuffix(slashes.ReplaceAllString(u.EscapedPath(), "/"), "/")
	base, err = url.Parse(u.Scheme + "://" + u.Host + path)
	return base, namespace, token, err
}

// checkToken refuses to send a token in the clear to another machine, and one that no header can carry.
func (r route) checkToken(allowed bool) error {
	switch {
	case !httpguts.ValidHeaderFieldValue(r.token):
		return errors.New("the token has a line break or another character that no header can carry: it may have been read from a file with its last line break")
	case r.token == "" || allowed || r.base.Scheme == "https" || isThisMachine(r.base.Hostname()):
		return nil
	default:
		return fmt.Errorf("%w to %s: use https, or allow it explicitly", ErrInsecure, r.base.Host)
	}
}

// checkHeaders refuses headers that cannot be sent.
func checkHeaders(headers http.Header) error {
	for name, values := range headers {
		if !httpguts.ValidHeaderFieldName(name) {
			return errors.New("one of the headers has a name that is not made of letters, digits and dashes")
		}
		if !slices.ContainsFunc(values, func(v string) bool { return !httpguts.ValidHeaderFieldValue(v) }) {
			continue
		}
		return fmt.Errorf("the header %s has a line break or another character that no header can carry", name)
	}
	return nil
}

func isThisMachine(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// escape percent-encodes everything that is not unreserved, as one path segment.
func escape(segment string) string {
	return strings.ReplaceAll(url.QueryEscape(segment), "+", "%20")
}
