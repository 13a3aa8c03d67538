package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// maxAnswer bounds what is read of one answer; the engine sends no more than 20 MiB.
const maxAnswer = 32 << 20

// maxRefusal bounds what is read of an error; an actor's metadata is part of its result, which
// takes no more than 1 MiB.
const maxRefusal = 2 << 20

// request is what the parts of the client ask the sending layer for.
type request struct {
	method   string
	to       target
	path     string // escaped, without the gateway's prefix
	query    url.Values
	rawQuery string // instead of query, as it is
	header   http.Header
	body     []byte
	encoding Encoding      // of an error that an actor answers with
	timeout  time.Duration // of one attempt
	safe     bool          // sending it twice does no more than sending it once
	creates  bool          // the gateway makes the actor if there is none
	raw      bool          // the answer is the actor's own, of any status and length
	out      any           // what the JSON of a success is decoded into; nil where none is expected
}

// answer is an HTTP answer that was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	misfit error // of a success that is JSON, but not what was asked for

	// doubted is when the first attempt began that may have been carried out although this
	// is the answer to another; zero if there was none.
	doubted time.Time
}

func (a answer) speaker() speaker { return speakerOf(a.header) }

// lost is what becomes of a success that cannot be read.
func (a answer) lost(err error) *Error {
	e := &Error{Err: fmt.Errorf("%w: %w", ErrResultLost, err), Status: a.status, speaker: a.speaker()}
	if e.speaker == byActor {
		e.delivery = Delivered
	}
	return e
}

// exchange is one request with all its attempts: the send, classify and retry
// steps of a single call. Its RoundTrip is the innermost layer above the caller's
// transport; go-retryablehttp drives it and asks checkRetry after each attempt.
type exchange struct {
	next    http.RoundTripper
	request request
	redact  func(string) string
	wait    func(attempt int, header http.Header) time.Duration
	clock   *serverClock
	log     *slog.Logger

	// Of the latest attempt: handed to next, asked for a connection, got one.
	tried, asked, connected atomic.Bool

	answer answer   // of the latest attempt
	err    *Error   // of the latest attempt
	told   *Error   // of the latest attempt that was answered in Rivet's words
	before Delivery // the worst that earlier attempts leave open

	began, doubted time.Time // the latest attempt, and the first that ended in doubt
}

// send performs req on route r and returns the answer, which is a success, or an *Error.
func (c *Client) send(ctx context.Context, r route, req request) (answer, error) {
	x := c.newExchange(r, req)
	httpReq, err := retryablehttp.NewRequestWithContext(x.trace(ctx), req.method, r.url(req), req.rawBody())
	if err != nil {
		return answer{}, x.fail(NotDelivered, errors.New("the request has no valid URL"))
	}
	c.setHeaders(httpReq.Header, r, req)
	if resp := c.attempt(x, httpReq, c.retries); resp != nil {
		resp.Body.Close()
	}
	if x.err != nil {
		return answer{}, x.err.endedBy(ctx)
	}
	x.answer.doubted = x.doubted
	return x.answer, nil
}

func (c *Client) newExchange(r route, req request) *exchange {
	return &exchange{next: c.transport, request: req, redact: r.redact, wait: c.retryWait, clock: &c.clock, log: c.log, before: NotDelivered}
}

// attempt sends a request until it need not or must not be sent again. What the last
// attempt ended with is in x; the response, nil without an answer, says less.
func (c *Client) attempt(x *exchange, req *retryablehttp.Request, retries int) *http.Response {
	retrying := &retryablehttp.Client{
		HTTPClient:   c.oneAttempt(x),
		RetryMax:     retries,
		CheckRetry:   x.checkRetry,
		Backoff:      x.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, _ := retrying.Do(req)
	return resp
}

// oneAttempt returns the caller's http.Client, as a copy that sends through x.
func (c *Client) oneAttempt(x *exchange) *http.Client {
	one := c.http
	one.Transport = x
	one.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &one
}

// rawBody keeps a request without a body apart from one with an empty body.
func (r request) rawBody() any {
	if r.body == nil {
		return nil
	}
	return r.body
}

// RoundTrip sends one attempt and reads its answer within the attempt's time limit,
// so that a torn body counts as a failed attempt. A raw answer is left to be read, unless it
// is the gateway's.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	x.tried.Store(req.Context().Err() == nil)
	x.asked.Store(false)
	x.connected.Store(false)
	x.answer, x.began = answer{}, time.Now()
	if !x.tried.Load() {
		closeBody(req)
		return nil, req.Context().Err()
	}
	if !x.request.safe {
		req = once(req)
	}
	if x.request.timeout > 0 { // by the context, as that of an http.Client has a goroutine of its own wait for it
		ctx, cancel := context.WithTimeout(req.Context(), x.request.timeout)
		defer cancel()
		req = req.WithContext(ctx)
	}
	resp, err := x.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if err := x.request.to.answeredBy(resp.Header.Get("X-Rivet-Actor")); err != nil {
		resp.Body.Close()
		return nil, err
	}
	x.answer = answer{status: resp.StatusCode, header: resp.Header}
	if !x.request.to.isActor() && resp.Header.Get("X-Rivet-Ray-Id") != "" { // which the server's own have
		x.clock.hear(x.began, resp.Header)
	}
	if x.request.raw && x.answer.speaker() != byEngine {
		return resp, nil
	}
	defer resp.Body.Close()
	if x.answer.body, err = readAnswer(resp); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(x.answer.body))
	return resp, nil
}

// readAnswer reads an answer whole, up to a bound.
func readAnswer(resp *http.Response) ([]byte, error) {
	limit := maxAnswer
	if resp.StatusCode >= http.StatusMultipleChoices {
		limit = maxRefusal
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	if err == nil && len(body) > limit {
		err = fmt.Errorf("answer is longer than %d bytes", limit)
	}
	return body, err
}

// once makes a request one that net/http sends no second time by itself, as it does when a
// connection that it kept breaks: with GET and the like, and with whatever carries an
// Idempotency-Key, provided that it can have the body anew.
func once(req *http.Request) *http.Request {
	if !isReplayed(req) {
		return req
	}
	single := *req
	single.GetBody = nil
	if req.Body == nil || req.Body == http.NoBody {
		single.Body = io.NopCloser(strings.NewReader(""))
	}
	return &single
}

// isReplayed tells the requests that net/http takes for idempotent.
func isReplayed(req *http.Request) bool {
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return req.Header["Idempotency-Key"] != nil || req.Header["X-Idempotency-Key"] != nil
}

// trace notes how far an attempt got. A transport that does not trace leaves both
// notes unset, which proves nothing.
func (x *exchange) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { x.asked.Store(true); x.connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { x.connected.Store(true) },
	})
}

// outcome turns what one attempt ended with into an error, nil for a success.
func (x *exchange) outcome(ctx context.Context, err error) *Error {
	switch {
	case err == nil && x.answer.status < 300 && x.request.out != nil && !x.decode():
		return x.locate(x.answer.lost(errUnpromised))
	case err == nil && (x.answer.status < 300 || x.request.raw && x.answer.speaker() == byActor):
		return nil
	case err == nil:
		e := decodeError(x.answer, x.request)
		e.Message = x.redact(e.Message)
		return x.locate(e)
	case x.answer.status != 0 && x.answer.status < 300:
		return x.locate(x.answer.lost(fmt.Errorf("read the answer: %w", cause(ctx, err))))
	case !x.tried.Load(), x.asked.Load() && !x.connected.Load(), isDialError(err):
		return x.fail(NotDelivered, cause(ctx, err))
	default:
		return x.fail(InDoubt, cause(ctx, err))
	}
}

// decode decodes a success, and reports whether it is JSON at all: what was torn may come whole another time. Nothing is decoded of what is not.
func (x *exchange) decode() bool {
	x.answer.misfit = decodePromised(x.answer.body, x.request.out)
	_, torn := errors.AsType[*json.SyntaxError](x.answer.misfit)
	return !torn
}

func (x *exchange) fail(delivery Delivery, err error) *Error {
	return x.locate(&Error{Err: err, delivery: delivery})
}

// locate adds which request failed.
func (x *exchange) locate(e *Error) *Error {
	e.Method, e.Path = x.request.method, x.request.shownPath()
	header := x.answer.header
	e.ActorID = cmp.Or(e.ActorID, header.Get("X-Rivet-Actor"), x.request.to.id)
	if generation, err := strconv.ParseUint(header.Get("X-Rivet-Actor-Generation"), 10, 64); err == nil {
		e.Generation = generation
	}
	if key := header.Get("X-Rivet-Actor-Key"); key != "" && e.Key == nil {
		e.Key = ParseKey(key)
	}
	e.Status = x.answer.status
	e.RayID = x.answer.header.Get("X-Rivet-Ray-Id")
	return e
}

// cause drops the *url.Error around a failure, whose text has the URL and with it
// the token, and prefers the reason why the caller's context ended.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	wrapped, ok := errors.AsType[*url.Error](err)
	switch {
	case !ok:
		return err
	case wrapped.Timeout() && !isDialError(err):
		return errTimeout
	case errors.Is(wrapped.Err, io.EOF):
		return errCutOff
	default:
		return wrapped.Err
	}
}

// How an attempt may end without an answer.
var (
	errTimeout = &tooLateError{}
	errCutOff  = fmt.Errorf("the connection was closed before the answer: %w", io.EOF)

	errUnpromised = errors.New("answer is not what the API promises")
)

// tooLateError is [context.DeadlineExceeded] in words for people.
type tooLateError struct{}

// Error implements error.
func (*tooLateError) Error() string { return "no answer in time" }

// Unwrap returns what the standard library calls it.
func (*tooLateError) Unwrap() error { return context.DeadlineExceeded }
