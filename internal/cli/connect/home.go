package connect

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply/ledger"
	"riveter/apply/ledger/remote"
	"riveter/apply/ledger/seal"
	"riveter/client"
	"riveter/hcl"
	"riveter/internal/operate"
	"riveter/plan"
)

// Home is where a ledger is kept, with what it needs there.
type Home struct {
	ledger.Home
	Keeper *operate.Keeper // the actor that keeps it, or would without the flag; nil where the configuration names none
	Close  func()          // gives back the connection, also one that does not exist
}

// Home finds the home of the ledger: what the flag says, or else the configuration. An actor that is to keep it is created
// first, unless the ledger is only read.
func (c *Connector) Home(ctx context.Context, path string, s *hcl.Settings, dir string, readOnly bool) (Home, error) {
	l := &s.Ledger
	switch {
	case path == "" && l.Kind == "actor":
		return c.actorHome(ctx, s, dir, readOnly)
	case path == "" && l.Kind == "http":
		h, err := c.httpHome(l, dir)
		if err != nil {
			return Home{}, operate.At(l.Range, "Ledger cannot be opened", err)
		}
		return Home{Home: h, Close: func() {}}, nil
	}
	keeper, err := c.keeper(s)
	return Home{fileHome(path, l, dir), keeper, func() {}}, err
}

// fileHome is what the flag says, or else a ledger block of a home that is no other program's.
func fileHome(path string, l *hcl.Ledger, dir string) ledger.Home {
	if path == "none" || path == "" && l.Kind == "none" {
		return ledger.None()
	}
	if path == "" {
		path = cmp.Or(l.Path, "riveter.ledger.json")
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
	}
	return ledger.Local(path)
}

// keeper is the actor that the ledger block names, also where a flag puts another home in its place; nil where it names none.
func (c *Connector) keeper(s *hcl.Settings) (*operate.Keeper, error) {
	if s.Ledger.Kind != "actor" {
		return nil, nil
	}
	rivet, err := c.ledgerClient(s)
	if err != nil {
		return nil, err
	}
	defer rivet.Close()
	return keeperOf(&s.Ledger, rivet), nil
}

func keeperOf(l *hcl.Ledger, rivet *client.Client) *operate.Keeper {
	key := l.Key
	if key == nil {
		key = []string{"default"}
	}
	return &operate.Keeper{Identity: plan.IdentityOf(cmp.Or(l.Name, operate.KeeperName), key), Namespace: rivet.Namespace()}
}

// httpHome keeps what is recorded in a hidden folder beside the configuration until it is saved.
func (c *Connector) httpHome(l *hcl.Ledger, dir string) (ledger.Home, error) {
	o := remote.HTTPOptions{
		Address: l.Address, LockAddress: l.LockAddress, UnlockAddress: l.UnlockAddress, NoLock: l.NoLock,
		UpdateMethod: l.UpdateMethod, LockMethod: l.LockMethod, UnlockMethod: l.UnlockMethod,
		Username: l.Username, Password: l.Password, Headers: headers(l.Headers), AllowInsecure: l.AllowInsecureHTTP, Version: c.Version, Waiting: c.Note,
	}
	var err error
	if o.TLS, err = tlsConfig(l.TLS, l.Ranges); err != nil {
		return nil, err
	}
	if err := o.Complete(c.Lookup); err != nil {
		return nil, err
	}
	if o.Password != "" {
		c.Secrets.Add(o.Password, base64.StdEncoding.EncodeToString([]byte(o.Username+":"+o.Password)))
	}
	for _, address := range []string{o.Address, o.LockAddress, o.UnlockAddress} {
		c.Secrets.Add(credentials(address)...)
	}
	for _, value := range l.Headers {
		c.Secrets.Add(value)
	}
	o.Journal = journalPath(dir, spelled(o.Address))
	return remote.HTTP(o)
}

// journalPath is where what is recorded is on this machine until the ledger that is kept there has it.
func journalPath(dir string, kept ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(kept, "\x00")))
	return filepath.Join(dir, ".riveter", "ledger-"+hex.EncodeToString(sum[:6])+".journal")
}

var (
	escaped    = regexp.MustCompile(`%[[:xdigit:]]{2}`)
	unreserved = regexp.MustCompile(`^[\w.~-]$`)
)

// spelled returns a URL without credentials as all of its spellings are written: RFC 3986, 6.2.2 and 6.2.3, and without a slash at the end.
func spelled(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	defaultPort := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	text := u.Scheme + "://" + strings.TrimSuffix(strings.ToLower(u.Host), defaultPort) + strings.TrimRight(u.EscapedPath(), "/") + "?" + u.RawQuery
	return escaped.ReplaceAllStringFunc(text, func(escape string) string {
		if char, _ := url.PathUnescape(escape); unreserved.MatchString(char) {
			return char
		}
		return strings.ToUpper(escape)
	})
}

// actorHome connects as to the actors of the configuration, except for what the ledger block says.
func (c *Connector) actorHome(ctx context.Context, s *hcl.Settings, dir string, readOnly bool) (Home, error) {
	l := &s.Ledger
	fail := func(err error) (Home, error) {
		return Home{}, operate.At(l.Range, "Ledger cannot be opened", err)
	}
	fromEnv, _ := c.Lookup("RIVETER_LEDGER_TOKEN")
	token := cmp.Or(l.Token, fromEnv)
	if token == "" {
		return fail(errors.New("the token of the ledger's actor is missing: give it as token, or in RIVETER_LEDGER_TOKEN"))
	}
	c.Secrets.Add(token)
	rivet, err := c.ledgerClient(s)
	if err != nil {
		return Home{}, err
	}
	keeper := keeperOf(l, rivet)
	name, key := keeper.Name, client.Key(keeper.Parts())
	handle := rivet.Get(name, key)
	if !readOnly {
		handle = rivet.GetOrCreate(name, key)
		if err := c.create(ctx, rivet, name, key); err != nil {
			rivet.Close()
			return fail(err)
		}
	}
	return Home{remote.Actor(remote.ActorOptions{
		Name: name + " " + key.String(), Transport: missingIsEmpty{handle}, Token: token, Version: c.Version, Waiting: c.Note,
		Draft: journalPath(dir, spelled(rivet.Endpoint()), rivet.Namespace(), name, key.String()),
	}), keeper, rivet.Close}, nil
}

// create creates the actor that keeps the ledger, if it is not there. That is told, as the run may say in the end that it changed nothing.
func (c *Connector) create(ctx context.Context, rivet *client.Client, name string, key client.Key) error {
	actor, created, err := rivet.Management().GetOrCreateActor(ctx, name, key)
	if actor.ID == "" {
		return err
	}
	if created && c.Note != nil {
		c.Note(fmt.Sprintf("The actor that keeps the ledger, %s %s, was created. It stays, whatever becomes of this run.", name, key))
	}
	return nil
}

// ledgerClient connects as to the actors of the configuration, except for what the ledger block says.
func (c *Connector) ledgerClient(s *hcl.Settings) (*client.Client, error) {
	l := &s.Ledger
	c.Secrets.Add(credentials(l.Endpoint)...)
	options, err := c.ledgerOptions(s)
	if err != nil {
		return nil, err
	}
	if l.Namespace != "" {
		options = append(options, client.WithNamespace(l.Namespace))
	}
	if l.Pool != "" {
		options = append(options, client.WithPool(l.Pool))
	}
	rivet, err := client.New(options...)
	if err != nil {
		return nil, operate.At(l.Range, "Invalid connection", err)
	}
	return rivet, nil
}

// ledgerOptions are those of the rivet block at the endpoint of the ledger. What gives access to one host is not for another one,
// unless the block trusts it.
func (c *Connector) ledgerOptions(s *hcl.Settings) ([]client.Option, error) {
	options, err := c.Options(&s.Rivet)
	if err != nil || s.Ledger.Endpoint == "" {
		return options, err
	}
	rivet, err := client.New(options...)
	if err != nil {
		return nil, operate.At(s.Rivet.Ranges["endpoint"], "Invalid connection", err)
	}
	defer rivet.Close()
	token := cmp.Or(s.Rivet.Token, c.variable("RIVET_TOKEN"))
	if host := hostOf(s.Ledger.Endpoint); host != hostOf(rivet.Endpoint()) && !slices.Contains(s.Rivet.TrustedHosts, host) {
		there, bare := *c, s.Rivet
		there.Endpoint, there.Namespace, there.Lookup = "", "", func(string) (string, bool) { return "", false }
		bare.Endpoint, bare.Namespace, bare.Token, bare.Headers, bare.Params = "", rivet.Namespace(), "", nil, cty.NilVal
		if options, err = there.Options(&bare); err != nil {
			return nil, err
		}
		token = ""
	}
	return elsewhere(options, &s.Ledger, token)
}

// elsewhere are the options at the endpoint of the ledger, whose URL wins over what they say. A token in the URL of the actors is for that
// URL alone.
func elsewhere(options []client.Option, l *hcl.Ledger, token string) ([]client.Option, error) {
	_, namespace, own, err := client.ParseEndpoint(l.Endpoint)
	if err != nil {
		return nil, operate.At(l.Range, "Invalid connection", err)
	}
	if own != "" {
		token = ""
	}
	options = append(options, client.WithEndpoint(l.Endpoint), client.WithToken(token))
	if namespace != "" {
		options = append(options, client.WithNamespace(""))
	}
	return options, nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// missingIsEmpty answers for an actor that does not exist: it would be empty.
type missingIsEmpty struct{ http.RoundTripper }

func (m missingIsEmpty) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := m.RoundTripper.RoundTrip(r)
	if response != nil {
		err = client.ResponseError(response)
	}
	if !errors.Is(err, client.ErrNotFound) || r.Method != http.MethodGet {
		if response != nil {
			return response, nil
		}
		return nil, err
	}
	if response != nil {
		_ = response.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusNoContent, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")),
	}, nil
}

// Seal says for whom secret results are kept.
func (c *Connector) Seal(s *hcl.Settings, dir string) seal.Options {
	o := seal.Options{Recipients: s.Ledger.Recipients, IdentityFile: s.Ledger.IdentityFile}
	if o.IdentityFile != "" && !filepath.IsAbs(o.IdentityFile) {
		o.IdentityFile = filepath.Join(dir, o.IdentityFile)
	}
	o.Passphrase, _ = c.Lookup("RIVETER_LEDGER_PASSPHRASE")
	c.Secrets.Add(o.Passphrase)
	return o
}
