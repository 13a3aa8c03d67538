package client

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
)

// where is what a client of some options talks to.
type where struct{ endpoint, namespace, token, pool string }

func TestAddressIsResolvedAsRivetKitDoes(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []Option
		env  map[string]string
		want where
	}{
		{"nothing given", nil, nil, where{"http://localhost:6420", "default", "", "default"}},
		{"an option", []Option{WithEndpoint("http://h:1")}, map[string]string{"RIVET_ENGINE": "http://other", "RIVET_ENDPOINT": "http://other"}, where{"http://h:1", "default", "", "default"}},
		{"RIVET_ENGINE before RIVET_ENDPOINT", nil, map[string]string{"RIVET_ENGINE": "http://a", "RIVET_ENDPOINT": "http://b"}, where{"http://a", "default", "", "default"}},
		{"RIVET_ENDPOINT", nil, map[string]string{"RIVET_ENDPOINT": "https://b/"}, where{"https://b", "default", "", "default"}},
		{"all in the URL", []Option{WithEndpoint("https://ns:tok@h:8/base/path/")}, nil, where{"https://h:8/base/path", "ns", "tok", "default"}},
		{"percent-encoded", []Option{WithEndpoint("https://n%40x:t%2F%3A@h")}, nil, where{"https://h", "n@x", "t/:", "default"}},
		{"namespace alone in the URL", []Option{WithEndpoint("https://ns@h")}, map[string]string{"RIVET_TOKEN": "t"}, where{"https://h", "ns", "t", "default"}},
		{"double slashes", []Option{WithEndpoint("https://h//a//b//")}, nil, where{"https://h/a/b", "default", "", "default"}},
		{"options before variables", []Option{WithNamespace("n"), WithToken("t"), WithPool("p")}, map[string]string{"RIVET_NAMESPACE": "x", "RIVET_TOKEN": "x", "RIVET_POOL": "x"}, where{"http://localhost:6420", "n", "t", "p"}},
		{"empty options leave it to variables", []Option{WithNamespace(""), WithToken(""), WithPool("")}, map[string]string{"RIVET_NAMESPACE": "n", "RIVET_TOKEN": "t", "RIVET_POOL": "p", "RIVET_RUNNER": "x"}, where{"http://localhost:6420", "n", "t", "p"}},
		{"RIVET_RUNNER", nil, map[string]string{"RIVET_RUNNER": "r"}, where{"http://localhost:6420", "default", "", "r"}},
		{"the same in two places", []Option{WithEndpoint("https://ns:tok@h")}, map[string]string{"RIVET_NAMESPACE": "ns", "RIVET_TOKEN": "tok"}, where{"https://h", "ns", "tok", "default"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := New(append(c.opts, environment(c.env))...)
			if err != nil {
				t.Fatal(err)
			}
			if found := (where{got.Endpoint(), got.Namespace(), got.configured.token, got.Pool()}); found != c.want {
				t.Errorf("got %+v, want %+v", found, c.want)
			}
		})
	}
}

func environment(env map[string]string) Option {
	return WithEnvironment(func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
}

func TestTheEnvironmentIsReadUnlessToldNotTo(t *testing.T) {
	t.Setenv("RIVET_ENDPOINT", "http://from-the-environment")
	for want, opts := range map[string][]Option{"http://from-the-environment": nil, defaultEndpoint: {WithEnvironment(nil)}} {
		c, err := New(opts...)
		if err != nil || c.Endpoint() != want {
			t.Errorf("New talks to %s, %v, want %s", c.Endpoint(), err, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []Option
		env  map[string]string
		want string
	}{
		{"an empty endpoint", []Option{WithEndpoint("")}, nil, "is empty"},
		{"an empty variable", nil, map[string]string{"RIVET_ENDPOINT": ""}, "is empty"},
		{"no scheme", []Option{WithEndpoint("localhost:6420")}, nil, "no http:// or https://"},
		{"another scheme", []Option{WithEndpoint("ftp://h")}, nil, `scheme "ftp"`},
		{"a query", []Option{WithEndpoint("http://h?x=1")}, nil, "query"},
		{"an empty query", []Option{WithEndpoint("http://h?")}, nil, "query"},
		{"a fragment", []Option{WithEndpoint("http://h#x")}, nil, "fragment"},
		{"a token without a namespace", []Option{WithEndpoint("https://:secret@h")}, nil, "without a namespace"},
		{"a slash in a token", []Option{WithEndpoint("https://ns:sec/ret@h")}, nil, "percent-encoded"},
		{"two namespaces", []Option{WithEndpoint("https://a@h"), WithNamespace("b")}, nil, "one namespace and"},
		{"two tokens", []Option{WithEndpoint("https://a:secret@h")}, map[string]string{"RIVET_TOKEN": "other"}, "one token and"},
		{"a token in the clear", []Option{WithEndpoint("http://example.com"), WithToken("secret")}, nil, "plain HTTP"},
		{"a token in the clear, in the URL", []Option{WithEndpoint("http://ns:secret@192.0.2.1")}, nil, "plain HTTP"},
		{"TLS settings beside a transport", []Option{WithHTTPClient(&http.Client{Transport: &http.Transport{}}), WithTLSConfig(&tls.Config{})}, nil, "transport of its own"},
		{"a nil option", []Option{nil}, nil, "option is nil"},
		{"a nil call option", []Option{CallOption{}}, nil, "option is nil"},
		{"a nil HTTP client", []Option{WithHTTPClient(nil)}, nil, "HTTP client is nil"},
		{"a nil round tripper", []Option{WithRoundTripper(nil)}, nil, "round tripper is nil"},
		{"a round tripper that makes nil", []Option{WithRoundTripper(func(http.RoundTripper) http.RoundTripper { return nil })}, nil, "round tripper is nil"},
		{"a nil logger", []Option{WithLogger(nil)}, nil, "logger is nil"},
		{"a nil back-off", []Option{WithBackoff(nil)}, nil, "back-off is nil"},
		{"fewer retries than none", []Option{WithRetries(-1)}, nil, "retries"},
		{"no time to connect", []Option{WithConnectTimeout(0)}, nil, "time to connect"},
		{"no time", []Option{WithTimeout(0)}, nil, "time limit"},
		{"a URL to trust", []Option{WithTrustedHosts("https://h")}, nil, "is no host"},
		{"a port to trust", []Option{WithTrustedHosts("fine.example", "::1", "h:443")}, nil, `"h:443" is no host`},
		{"nobody to trust", []Option{WithTrustedHosts("")}, nil, "is no host"},
		{"somebody to trust", []Option{WithTrustedHosts("a@h")}, nil, "is no host"},
		{"no source of parameters", []Option{WithGetParams(nil)}, nil, "option is nil"},
		{"an unknown encoding", []Option{WithEncoding(7)}, nil, "no encoding 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(append(c.opts, environment(c.env))...)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error is %v, want %q in it", err, c.want)
			}
			if strings.Contains(err.Error(), "sec") {
				t.Errorf("error shows the token: %v", err)
			}
		})
	}
}

func TestATokenMayGoWhereItIsSafe(t *testing.T) {
	for _, c := range []struct {
		endpoint string
		opts     []Option
	}{
		{"http://localhost:1", nil},
		{"http://127.0.0.2", nil},
		{"http://[::1]:1", nil},
		{"http://rivet.localhost", nil},
		{"https://example.com", nil},
		{"http://example.com", []Option{AllowInsecureHTTP()}},
	} {
		if _, err := New(append(c.opts, WithEndpoint(c.endpoint), WithToken("t"))...); err != nil {
			t.Errorf("%s: %v", c.endpoint, err)
		}
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{"http://h", "https://ns:tok@h:1/a", "http://[::1]:1/", "http://h//x?y#z", "://", "http://a:b:c@d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		base, namespace, token, err := ParseEndpoint(raw)
		if err != nil {
			return
		}
		if base.User != nil || base.RawQuery != "" || base.Fragment != "" || base.Host == "" || strings.HasSuffix(base.Path, "/") {
			t.Fatalf("%q has the base %q", raw, base)
		}
		if token != "" && namespace == "" {
			t.Fatalf("%q has a token without a namespace", raw)
		}
		again, _, _, err := ParseEndpoint(base.String())
		if err != nil || again.String() != base.String() {
			t.Fatalf("base %q of %q reads as %v, %v", base, raw, again, err)
		}
	})
}
