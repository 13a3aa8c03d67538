package remote

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"riveter/apply/ledger"
)

// HTTPOptions say where an HTTP ledger is kept, as Terraform's HTTP backend has them. Only Address and Journal are required.
type HTTPOptions struct {
	Address       string // of the document
	LockAddress   string // default: Address
	UnlockAddress string // default: LockAddress
	NoLock        bool   // the server has no locks
	UpdateMethod  string // default: POST
	LockMethod    string // default: LOCK
	UnlockMethod  string // default: UNLOCK
	Username      string
	Password      string
	Headers       http.Header
	// AllowInsecure lets credentials go over plain HTTP to another machine.
	AllowInsecure bool
	// TLS says how the server is trusted; default: as the system trusts servers.
	TLS *tls.Config
	// Version is that of this program, for the information of the lock.
	Version string
	// Journal is the path of the file on this machine that keeps records until they are saved. Its folder is made if it is missing.
	Journal string
	// Attempts is how often a request is made that may be repeated; default: four times. Wait is the time before the second one,
	// which doubles with each up to MaxWait; default: half a second, 30 s.
	Attempts      int
	Wait, MaxWait time.Duration
	// Silence is how long the server may take to begin an answer to a request that it has in whole; default: 30 s.
	Silence time.Duration
	// Waiting is told, as a sentence, of a request that takes longer than five seconds. It may be called from anywhere. Default: nobody is.
	Waiting func(what string)
}

// HTTP returns the home of a ledger at a server that speaks the protocol of Terraform's HTTP backend. Its journal is on this
// machine.
func HTTP(o HTTPOptions) (ledger.Home, error) {
	address, err := url.Parse(o.Address)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, errors.New("the address of a ledger is a URL that begins with http:// or https://")
	}
	o.LockAddress = cmp.Or(o.LockAddress, o.Address)
	o.UnlockAddress = cmp.Or(o.UnlockAddress, o.LockAddress)
	o.UpdateMethod = cmp.Or(o.UpdateMethod, http.MethodPost)
	o.LockMethod = cmp.Or(o.LockMethod, "LOCK")
	o.UnlockMethod = cmp.Or(o.UnlockMethod, "UNLOCK")
	hasCredentials := o.Username != "" || o.Password != "" || len(o.Headers) > 0 || address.User != nil
	for _, text := range []string{o.Address, o.LockAddress, o.UnlockAddress} {
		if hasCredentials && !o.AllowInsecure && isExposed(text) {
			return nil, fmt.Errorf("credentials would go to %s over plain HTTP; use https, or say allow_insecure_http = true", redacted(text))
		}
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: o.TLS, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute,
		ResponseHeaderTimeout: cmp.Or(o.Silence, defaultSilence),
	}
	return &httpHome{options: o, exchanger: &exchanger{
		name: redacted(o.Address), client: &http.Client{Transport: transport, CheckRedirect: staysAtHost}, authorize: o.authorize,
		attempts: o.Attempts, wait: o.Wait, maxWait: o.MaxWait, waiting: o.Waiting,
	}}, nil
}

func (o *HTTPOptions) authorize(r *http.Request) {
	for name, values := range o.Headers {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	if o.Username != "" || o.Password != "" {
		r.SetBasicAuth(o.Username, o.Password)
	}
}

// isExposed reports whether what is sent to an address can be read on its way to another machine.
func isExposed(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the address"
	}
	u.RawQuery = "" // where tokens may be
	return u.Redacted()
}

// staysAtHost follows no server to another host, which the credentials are not for, and to no other method: who is sent from a lock
// to a page has locked nothing.
func staysAtHost(request *http.Request, via []*http.Request) error {
	if first := via[0].URL; request.URL.Host != first.Host || request.URL.Scheme != first.Scheme {
		return fmt.Errorf("the server sends to %s, another host than the one that is configured", request.URL.Host)
	}
	if method := via[0].Method; request.Method != method {
		return fmt.Errorf("the server answers %s by sending to %s, where nothing would be done; correct the address", method, redacted(request.URL.String()))
	}
	if len(via) > 10 {
		return errors.New("the server sends around in circles")
	}
	return nil
}

type httpHome struct {
	*exchanger
	options HTTPOptions
}

func (h *httpHome) String() string { return h.name }

func (h *httpHome) Load(ctx context.Context) ([]byte, error) {
	a, err := h.repeated(ctx, http.MethodGet, h.options.Address, nil, nil)
	if err != nil {
		return nil, err
	}
	switch a.status {
	case http.StatusOK:
		if len(a.body) == 0 {
			return nil, nil
		}
		return a.body, a.check()
	case http.StatusNotFound:
		if a.isPage() && !a.isXML() {
			return nil, errors.New("a page for people says that nothing is there (404), which is perhaps not the ledger's server; correct the address, or what is between; " +
				"if it is the server, and there is no ledger yet, put an empty document there")
		}
		return nil, nil
	case http.StatusNoContent:
		return nil, nil
	default:
		return nil, a.err()
	}
}

// Save sends the document, and looks where nobody said what became of it. Where it surely was not taken, it is sent again.
func (h *httpHome) Save(ctx context.Context, lease ledger.Lease, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	address := h.options.Address
	if l, ok := lease.(*httpLease); ok && l.id != "" {
		address = withQuery(address, "ID", l.id)
	}
	for attempt := 1; ; attempt++ {
		a, err := h.once(ctx, h.options.UpdateMethod, address, nil, b.Bytes())
		if err == nil && isSaved(a.status) {
			return nil
		}
		unsaid := err != nil || a.isTransient()
		if err == nil {
			err = h.refusal(a)
		}
		if unsaid || a.status == http.StatusConflict || a.status == http.StatusUnprocessableEntity {
			if current, loadErr := h.Load(ctx); loadErr == nil && bytes.Equal(current, b.Bytes()) {
				return nil
			}
		}
		if !unsaid || attempt == h.limit() {
			return err
		}
		if err := h.pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func isSaved(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated || status == http.StatusNoContent
}

// refusal says why a document was not taken.
func (h *httpHome) refusal(a *answer) error {
	switch a.status {
	case http.StatusConflict, http.StatusUnprocessableEntity:
		return fmt.Errorf("somebody else wrote the ledger: %w", a.err())
	case http.StatusLocked:
		holder, _ := parseHolder(a.body)
		return &ledger.LostError{Ledger: h.name, Holder: holder}
	default:
		return a.err()
	}
}

// Lock is refused also by a lock that this very holder has, whose answer was lost: that is success.
func (h *httpHome) Lock(ctx context.Context, holder ledger.Holder) (ledger.Lease, error) {
	if h.options.NoLock {
		return &httpLease{home: h}, nil
	}
	lease := &httpLease{home: h, id: holder.ID, info: newLockInfo(holder, h.options.Version)}
	a, err := h.repeated(ctx, h.options.LockMethod, h.options.LockAddress, nil, lease.info)
	if err == nil && a.isTransient() {
		err = a.err()
	}
	if err != nil {
		return nil, fmt.Errorf("lock ledger %s: %w", h.name, h.giveBack(ctx, lease, err))
	}
	switch a.status {
	case http.StatusOK:
		return lease, nil
	case http.StatusLocked, http.StatusConflict:
		if locked := h.locked(a); locked.Holder.ID != holder.ID {
			return nil, locked
		}
		return lease, nil
	default:
		return nil, fmt.Errorf("lock ledger %s: %w", h.name, a.err())
	}
}

// giveBack releases a lock that was perhaps taken although there was an error, or else says how that is done.
func (h *httpHome) giveBack(ctx context.Context, lease *httpLease, err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return err // nobody got it
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	a, failed := h.once(ctx, h.options.UnlockMethod, withQuery(h.options.UnlockAddress, "ID", lease.id), nil, lease.info)
	if failed == nil && a.status < http.StatusInternalServerError && !a.isTransient() {
		return err
	}
	return fmt.Errorf("%w; should it stay locked, say riveter ledger unlock %s", err, lease.id)
}

func (h *httpHome) locked(a *answer) *ledger.LockedError {
	holder, text := parseHolder(a.body)
	return &ledger.LockedError{Ledger: h.name, Holder: holder, Text: text, Remote: true}
}

// Unlock implements [ledger.Unlocker].
func (h *httpHome) Unlock(ctx context.Context, id string) error {
	if h.options.NoLock {
		return errors.New("lock_address is null, so there is no lock")
	}
	err := h.unlock(ctx, id, newLockInfo(ledger.Holder{ID: id}, h.options.Version))
	if locked, ok := errors.AsType[*ledger.LockedError](err); ok {
		return &ledger.OtherLockError{Ledger: h.name, ID: id, Holder: locked.Holder, Text: locked.Text}
	}
	if err != nil {
		return fmt.Errorf("unlock ledger %s: %w", h.name, err)
	}
	return nil
}

// unlock releases the lock with this id. Where somebody else has it, the error says who.
func (h *httpHome) unlock(ctx context.Context, id string, info []byte) error {
	a, err := h.repeated(ctx, h.options.UnlockMethod, withQuery(h.options.UnlockAddress, "ID", id), nil, info)
	switch {
	case err != nil:
		return err
	case a.status == http.StatusOK:
		return nil
	case a.status == http.StatusLocked, a.status == http.StatusConflict:
		if locked := h.locked(a); locked.Holder.ID != id {
			return locked
		}
	}
	return a.err()
}

// Files implements [ledger.OnDisk].
func (h *httpHome) Files() []string { return []string{h.options.Journal} }

func (h *httpHome) Journal(ledger.Lease) ledger.Journal {
	return privateJournal{ledger.LocalJournal(h.options.Journal)}
}

// httpLease is a lock at a server. It has no end of its own, so it is never lost; Terraform's protocol has no lease.
type httpLease struct {
	home *httpHome
	id   string // empty where the server has no locks
	info []byte
}

func (l *httpLease) Release(ctx context.Context) error {
	if l.id == "" {
		return nil
	}
	err := l.home.unlock(ctx, l.id, l.info)
	if locked, ok := errors.AsType[*ledger.LockedError](err); ok && locked.Holder.ID != "" {
		return &ledger.LostError{Ledger: l.home.name, Holder: locked.Holder}
	}
	if err != nil {
		return &ledger.UnlockError{Ledger: l.home.name, ID: l.id, Err: err}
	}
	return nil
}

// Hold implements [ledger.Lease]. Nobody can ask.
func (l *httpLease) Hold() error { return nil }

func (l *httpLease) Lost() <-chan struct{} { return nil }

func (l *httpLease) Predecessor() ledger.Holder { return ledger.Holder{} }

func (l *httpLease) Err() error { return nil }
