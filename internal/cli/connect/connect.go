// Package connect makes of a configuration's settings, the environment and the command line what a session works with: the
// server, and the home of the ledger. Everything that gives access becomes a secret on the way.
package connect

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/client"
	"riveter/hcl"
	"riveter/internal/keyfile"
	"riveter/internal/operate"
	"riveter/internal/redact"
	"riveter/internal/target"
)

// Connector is what there is besides the settings.
type Connector struct {
	Lookup    func(name string) (string, bool) // the environment
	Environ   []string                         // the environment of programs that are run
	Stderr    io.Writer                        // of programs that are run
	Secrets   *redact.Set
	Version   string       // of riveter
	Log       *slog.Logger // of the requests; may be nil
	Lookups   int          // how many actors to ask at a time; 0 where nobody has said
	Endpoint  string       // from the command line, like Namespace; empty where the configuration's is meant
	Namespace string
	Note      func(text string) // told, in sentences, what of the ledger takes long, and that its actor was created; may be nil
}

// Server returns the server that a rivet block describes. It sends nothing.
func (c *Connector) Server(r *hcl.Rivet) (*target.Target, error) {
	options, err := c.Options(r)
	if err != nil {
		return nil, err
	}
	t, err := target.New(options...)
	if errors.Is(err, client.ErrInsecure) {
		err = fmt.Errorf("%w, with allow_insecure_http = true in the rivet block", err)
	}
	if err != nil {
		return nil, operate.At(r.Ranges[cmp.Or(given(r, "endpoint"), given(r, "namespace"), given(r, "token"))], "Invalid connection", err)
	}
	t.Limit(c.Lookups)
	if len(r.ParamsCommand) > 0 {
		t.UseParams(&paramsCommand{
			command: r.ParamsCommand, place: r.Ranges["params_command"],
			environ: c.Environ, stderr: c.Stderr, secrets: c.Secrets,
		})
	}
	return t, nil
}

// Options returns how the client is to connect, and keeps what gives access secret.
func (c *Connector) Options(r *hcl.Rivet) ([]client.Option, error) {
	c.keepSecrets(r)
	at, err := c.address(r)
	if err != nil {
		return nil, err
	}
	options := []client.Option{
		client.WithEnvironment(nil),
		client.WithUserAgent("riveter/" + c.Version),
		client.WithNamespace(at.namespace),
		client.WithToken(at.token),
		client.WithPool(cmp.Or(r.Pool, c.variable("RIVET_POOL"), c.variable("RIVET_RUNNER"), "default")),
	}
	add := func(given bool, o client.Option) {
		if given {
			options = append(options, o)
		}
	}
	add(c.Log != nil, client.WithLogger(c.Log))
	add(at.endpoint != "", client.WithEndpoint(at.endpoint))
	add(len(r.Headers) > 0, client.WithHeaders(headers(r.Headers)))
	add(r.ConnectTimeout > 0, client.WithConnectTimeout(r.ConnectTimeout))
	add(r.RequestTimeout > 0, client.WithTimeout(r.RequestTimeout))
	add(r.AllowInsecureHTTP, client.AllowInsecureHTTP())
	add(len(r.TrustedHosts) > 0, client.WithTrustedHosts(r.TrustedHosts...))
	if r.Retries != nil {
		options = append(options, client.WithRetries(*r.Retries))
	}
	if r.Params != cty.NilVal {
		params, err := target.Params(r.Params)
		if err != nil {
			return nil, operate.At(r.Ranges["params"], "Invalid connection parameters", err)
		}
		options = append(options, client.WithParams(params))
	}
	config, err := tlsConfig(r.TLS, r.Ranges)
	add(config != nil, client.WithTLSConfig(config))
	return options, err
}

// given returns the name of an attribute of the rivet block if it is there.
func given(r *hcl.Rivet, name string) string {
	if _, ok := r.Ranges[name]; ok {
		return name
	}
	return ""
}

// keepSecrets makes secrets of what gives access.
func (c *Connector) keepSecrets(r *hcl.Rivet) {
	c.Secrets.Add(c.variable("RIVET_TOKEN"), r.Token)
	urls := []string{c.Endpoint, r.Endpoint}
	for _, name := range endpointVariables {
		urls = append(urls, c.variable(name))
	}
	for _, url := range urls {
		c.Secrets.Add(credentials(url)...)
	}
	c.Secrets.Add(slices.Collect(maps.Values(r.Headers))...)
}

// credentials are what may give access in an address: its password, and its query. A value there that is as short as a word is secret
// together with its name only: alone it would hide that word everywhere.
func credentials(address string) []string {
	const shortest = 8
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	password, _ := u.User.Password()
	secrets := []string{password}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		secrets = append(secrets, pair)
	}
	for name, values := range u.Query() {
		for _, value := range values {
			secrets = append(secrets, url.Values{name: {value}}.Encode())
			if len(value) >= shortest {
				secrets = append(secrets, value)
			}
		}
	}
	return secrets
}

func headers(from map[string]string) http.Header {
	h := http.Header{}
	for name, value := range from {
		h.Set(name, value)
	}
	return h
}

// tlsConfig reads the files of the tls block; nil where there is none.
func tlsConfig(r hcl.TLS, ranges map[string]hcl2.Range) (*tls.Config, error) {
	if r.CAFile == "" && r.CertFile == "" && r.KeyFile == "" && r.ServerName == "" {
		return nil, nil
	}
	config := &tls.Config{ServerName: r.ServerName}
	if r.CAFile != "" {
		pem, err := keyfile.Read(r.CAFile)
		config.RootCAs = x509.NewCertPool()
		if err == nil && !config.RootCAs.AppendCertsFromPEM(pem) {
			err = fmt.Errorf("%s holds no certificate in PEM", r.CAFile)
		}
		if err != nil {
			return nil, operate.At(ranges["tls.ca_file"], "Invalid certificates", err)
		}
	}
	if r.CertFile != "" || r.KeyFile != "" {
		pair, err := keyPair(r.CertFile, r.KeyFile)
		if err != nil {
			return nil, operate.At(ranges["tls.cert_file"], "Invalid client certificate", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

func keyPair(certFile, keyFile string) (tls.Certificate, error) {
	cert, err := keyfile.Read(certFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := keyfile.Read(keyFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}
