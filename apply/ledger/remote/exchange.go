package remote

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5" //nolint:gosec // what the protocol has in Content-MD5, against transmission errors only
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// maxAnswer bounds what is read of an answer, in bytes, as ledger bounds what is read of a file.
	maxAnswer = 4 << 30
	// requestTimeout bounds a request with its answer, whatever the size of the document.
	requestTimeout = 5 * time.Minute
	// patience is how long a request may take before somebody is told what is waited for.
	patience = 5 * time.Second
)

// The defaults of [HTTPOptions].
const (
	defaultAttempts = 4
	defaultWait     = 500 * time.Millisecond
	defaultMaxWait  = 30 * time.Second
	defaultSilence  = 30 * time.Second
)

// exchanger makes requests of one server.
type exchanger struct {
	name      string // of the ledger, for people
	client    *http.Client
	authorize func(*http.Request)
	// attempts, wait and maxWait are as [HTTPOptions] has them; zero: the defaults.
	attempts      int
	wait, maxWait time.Duration
	// waiting is told, as a sentence, of a request that takes long; nil where nobody is.
	waiting func(what string)
}

// answer is what a server said, in whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// once makes a request once. An error is that of the connection: any answer is none.
func (x *exchanger) once(ctx context.Context, method, address string, header http.Header, body []byte) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, header)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Content-MD5", sum(body))
	}
	x.authorize(request)
	if x.waiting != nil {
		slow := time.AfterFunc(patience, func() {
			x.waiting(fmt.Sprintf("Waiting for the ledger %s to answer %s.", x.name, method))
		})
		defer slow.Stop()
	}
	response, err := x.client.Do(request)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	a := &answer{response.StatusCode, response.Header, data}
	if a.status < http.StatusMultipleChoices && a.isPage() {
		a.status = statusPage
	}
	return a, nil
}

const (
	// statusPage stands for the success of somebody who is no ledger's server.
	statusPage = 0
	// statusForeign stands for the success of somebody who is not the actor.
	statusForeign = 1
)

// isPage reports whether this is a page for people, such as that of whoever asks to sign in.
func (a *answer) isPage() bool {
	return bytes.HasPrefix(bytes.TrimLeft(a.body, "\ufeff \t\r\n"), []byte("<"))
}

// isXML reports whether this is for machines, although it looks like a page: stores of objects say in it what is wrong.
func (a *answer) isXML() bool { return strings.Contains(a.header.Get("Content-Type"), "/xml") }

// repeated makes a request that may be made again until there is an answer that says something.
func (x *exchanger) repeated(ctx context.Context, method, address string, header http.Header, body []byte) (*answer, error) {
	for attempt := 1; ; attempt++ {
		a, err := x.once(ctx, method, address, header, body)
		if attempt == x.limit() || err == nil && !a.isTransient() || ctx.Err() != nil {
			return a, err
		}
		if err := x.pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
}

func (x *exchanger) limit() int { return cmp.Or(x.attempts, defaultAttempts) }

// pause waits before the next attempt.
func (x *exchanger) pause(ctx context.Context, attempt int) error {
	wait := cmp.Or(x.wait, defaultWait) << min(attempt-1, 20)
	timer := time.NewTimer(min(wait, cmp.Or(x.maxWait, defaultMaxWait)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// isTransient reports whether the server could not say anything.
func (a *answer) isTransient() bool {
	switch a.status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// check reports a body that did not arrive as it was sent, where the server says how it was sent.
func (a *answer) check() error {
	if want := a.header.Get("Content-MD5"); want != "" && want != sum(a.body) {
		return errors.New("the answer did not arrive as it was sent")
	}
	return nil
}

// err says of an answer that is none of those that a request has.
func (a *answer) err() error {
	switch a.status {
	case statusPage:
		return errors.New("a page for people answers, and no ledger's server; correct the address, or sign in with whoever between asks to sign in")
	case statusForeign:
		return errors.New("something between answers in the place of the ledger's actor, which perhaps got nothing; correct the endpoint, or ask who runs what is there")
	case http.StatusUnauthorized:
		return errors.New("the server wants to know who this is: username and password are missing or wrong (401)")
	case http.StatusForbidden:
		return errors.New("the server does not allow it (403)")
	default:
		return fmt.Errorf("the server answers %d %s: %q", a.status, http.StatusText(a.status), excerpt(a.body))
	}
}

// excerpt is the beginning of an answer. The ellipsis shows where it was cut, also to what looks for secrets.
func excerpt(body []byte) string {
	const room = 200
	if len(body) <= room {
		return string(body)
	}
	return strings.ToValidUTF8(string(body[:room]), "") + "…"
}

func sum(data []byte) string {
	digest := md5.Sum(data) //nolint:gosec // see the import
	return base64.StdEncoding.EncodeToString(digest[:])
}

// withoutURL leaves out of an error what it was asked for, which may have credentials in it.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// withQuery adds to the query of an address.
func withQuery(address, name, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // which is checked when a home is made
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String()
}

func bytesRange(unit string, from, to int64) string {
	return unit + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(to-1, 10)
}
