package connect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/cli/process"
	"riveter/internal/redact"
)

// lookup looks for variables in an environment.
func lookup(environ []string) func(name string) (string, bool) {
	return (&process.Env{Environ: environ}).Lookup
}

// connecting returns the error of connecting as r says, with these variables in the environment.
func connecting(t *testing.T, r *hcl.Rivet, environ ...string) (*Connector, error) {
	t.Helper()
	c := &Connector{Lookup: lookup(environ), Environ: environ, Stderr: os.Stderr, Secrets: &redact.Set{}}
	s, err := c.Server(r)
	if err == nil {
		s.Close()
	}
	return c, err
}

func TestWhatGivesAccessIsSecret(t *testing.T) {
	t.Parallel()
	retries := 2
	r := &hcl.Rivet{
		Endpoint: "https://mine:from-the-url@rivet.test", Headers: map[string]string{"X-Key": "from-a-header"}, Retries: &retries,
		Pool: "p", ConnectTimeout: 1, RequestTimeout: 1, ParamsCommand: []string{"true"},
		Params: cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("b")}),
	}
	a, err := connecting(t, r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := connecting(t, &hcl.Rivet{Endpoint: "https://rivet.test", Namespace: "a", Token: "from-the-block"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := connecting(t, &hcl.Rivet{}, "RIVET_TOKEN=from-the-environment", "RIVET_ENDPOINT=http://127.0.0.1:9")
	if err != nil {
		t.Fatal(err)
	}
	d, err := connecting(t, &hcl.Rivet{}, "RIVET_ENDPOINT=https://mine:in-a-variable@rivet.test")
	if err != nil {
		t.Fatal(err)
	}
	for secret, of := range map[string]*Connector{"from-the-url": a, "from-a-header": a, "from-the-block": b, "from-the-environment": c, "in-a-variable": d} {
		if got := of.Secrets.Redact("x " + secret); got != "x (sensitive)" {
			t.Errorf("%q is no secret: %q", secret, got)
		}
	}
}

func TestWhatGivesAccessInAnAddressIsSecret(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/state?tok=QTok3nSecret99&ref=main":         "/state?(sensitive)&(sensitive)",
		"invalid token QTok3nSecret99":               "invalid token (sensitive)",
		"sig=a%2Fb%3Dcdefgh, and that is a/b=cdefgh": "(sensitive), and that is (sensitive)",
		"sig=a/b=cdefgh":                             "(sensitive)",
		"pass-word":                                  "(sensitive)",
		"main.rivet.hcl":                             "main.rivet.hcl",
	} {
		var secrets redact.Set
		secrets.Add(credentials("https://user:pass-word@ledger.test/state?tok=QTok3nSecret99&ref=main&sig=a/b=cdefgh&flag")...)
		if got := secrets.Redact(text); got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

func TestConnectionsThatCannotBe(t *testing.T) {
	t.Parallel()
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rivet   hcl.Rivet
		environ string
		want    string
	}{
		"two namespaces":         {hcl.Rivet{Endpoint: "https://a@rivet.test", Namespace: "b"}, "", "namespace"},
		"no URL":                 {hcl.Rivet{Endpoint: "::"}, "", "Invalid connection"},
		"no certificates":        {hcl.Rivet{TLS: hcl.TLS{CAFile: filepath.Join(t.TempDir(), "none")}}, "", "Invalid certificates"},
		"certificates in no PEM": {hcl.Rivet{TLS: hcl.TLS{CAFile: notPEM}}, "", "holds no certificate in PEM"},
		"no client certificate":  {hcl.Rivet{TLS: hcl.TLS{CertFile: notPEM, KeyFile: notPEM}}, "", "Invalid client certificate"},
		"no path of a key":       {hcl.Rivet{TLS: hcl.TLS{CertFile: notPEM, KeyFile: "-----BEGIN PRIVATE KEY-----\nsesame"}}, "", "the path of a file"},
		"token in the clear":     {hcl.Rivet{Endpoint: "http://rivet.test", Token: "sesame"}, "", "allow_insecure_http = true"},
		"token of two lines":     {hcl.Rivet{Endpoint: "https://rivet.test", Token: "sesame\n"}, "", "The token has a line break"},
		"header of two lines":    {hcl.Rivet{Headers: map[string]string{"X-A": "a\nb"}}, "", "The header X-A has a line break"},
		"header without a name":  {hcl.Rivet{Headers: map[string]string{"a b": "c"}}, "", "has a name that is not made of letters"},
		"no host to trust":       {hcl.Rivet{TrustedHosts: []string{"https://rivet.test"}}, "", `"https://rivet.test" is no host`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := connecting(t, &c.rivet, c.environ); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("got %v", err)
			}
		})
	}
}
