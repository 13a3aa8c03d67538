package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// RoundTrip sends a request to the actor's own HTTP handler, which makes a handle the
// [http.RoundTripper] of an [http.Client]. Of the URL only path and query count on the way, and
// the engine reads %2F in a path as a slash; the actor is told all of it but the password.
// Answers come back unchanged, also those that are not the actor's: [ResponseError] tells them
// apart.
//
// A request is sent again as a call is: where it surely did not reach the actor, or where
// the handle has the option [Idempotent], and only if its body can be had again. The context
// alone bounds the time.
func (h *Handle) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, to, err := h.forward(req)
	if !errors.Is(err, ErrNotFound) || !isRepeatable(req) || !h.forget(to.id) {
		return response(resp, err)
	}
	closeResponse(resp)
	resp, _, err = h.forward(req)
	return response(resp, err)
}

// response keeps to the contract of a round trip: where there is an answer, of any kind,
// there is no error.
func response(resp *http.Response, err error) (*http.Response, error) {
	if resp != nil {
		return resp, nil
	}
	return nil, err
}

// forward sends the request to the actor as it is at the moment. There can be an answer
// together with an error that says what it means.
func (h *Handle) forward(req *http.Request) (*http.Response, target, error) {
	if req.URL == nil {
		closeBody(req)
		return nil, target{}, notSent(errors.New("the request has no URL"))
	}
	to, r, err := h.address(req.Context(), req.Method, requestPath(req.URL))
	if err != nil {
		closeBody(req)
		return nil, target{}, err
	}
	to.rawQuery, to.raw, to.timeout = req.URL.RawQuery, true, 0
	address, err := url.Parse(r.url(to))
	if err != nil {
		closeBody(req)
		return nil, target{}, notSent(err)
	}
	x := h.c.newExchange(r, to)
	out, err := repeatable(req.Clone(x.trace(req.Context())))
	if err != nil {
		return nil, target{}, notSent(err)
	}
	out.URL, out.Host, out.RequestURI = address, "", ""
	out.Trailer = req.Trailer // which is filled while the body is read
	out.Header = rawHeader(req, to.header)
	h.c.setCommonHeaders(out.Header, r, true)
	retries := h.c.retries
	if !isRepeatable(req) {
		retries = 0
	}
	resp := h.c.attempt(x, out, retries)
	if x.err != nil {
		return resp, to.to, x.err.endedBy(req.Context())
	}
	return resp, to.to, nil
}

// originalURL is the header by which RivetKit's handlers know the URL that was asked for.
const originalURL = "X-Rivet-Internal-Original-Request-Url"

// rawHeader is the header of a raw request: the caller's own, with what of ours says more than
// how values are encoded.
func rawHeader(req *http.Request, ours http.Header) http.Header {
	header := req.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	for name, values := range ours {
		if name != "X-Rivet-Encoding" {
			header[name] = values
		}
	}
	header.Del(originalURL)
	if req.URL.IsAbs() {
		asked := *req.URL
		asked.User = nil // which net/http has put into a header of its own
		header.Set(originalURL, asked.String())
	}
	return header
}

// isRepeatable reports whether the body of a request, if it has one, can be had again.
func isRepeatable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// repeatable prepares a request for several attempts, without reading its body before the
// first.
func repeatable(req *http.Request) (*retryablehttp.Request, error) {
	out, open, length := &retryablehttp.Request{Request: req}, req.GetBody, req.ContentLength
	if req.Body == nil || open == nil {
		return out, nil
	}
	closeBody(req)
	err := out.SetBody(func() (io.Reader, error) { return open() })
	req.ContentLength = length
	return out, err
}

// ResponseError tells whose an answer to a raw request is: nil for one that the actor gave,
// whatever its status, unless its runtime says that the answer was lost. Otherwise it is an [*Error] with what Rivet, or something before it,
// says, and [DeliveryOf] tells whether the actor may have got the request. With RivetKit 2.2,
// whose answers have no mark, an actor's own status of 500 and above is taken for another's.
func ResponseError(resp *http.Response) error {
	a := answer{status: resp.StatusCode, header: resp.Header}
	isFailure := a.status >= http.StatusInternalServerError
	isRuntimes := isFailure && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json")
	if a.speaker() == byNobody && !isFailure || a.speaker() == byActor && !isRuntimes {
		return nil
	}
	if a.speaker() != byNobody {
		a.body, _ = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
		resp.Body = body{io.MultiReader(bytes.NewReader(a.body), resp.Body), resp.Body}
	}
	e := decodeError(a, request{to: target{name: "actor"}, encoding: JSON})
	e.RayID = a.header.Get("X-Rivet-Ray-Id")
	if a.speaker() == byActor && !errors.Is(e, ErrResultLost) {
		return nil
	}
	return e
}

// body is one of which a part was read before.
type body struct {
	io.Reader
	io.Closer
}

// Vouch makes sure that an answer which [ResponseError] takes for the actor's is. The gateway marks what actors answer, but
// not with RivetKit 2.2: where an answer has no mark, the actor's runtime is asked whether its own have none. If they have,
// something between has written the answer, and the error leaves in doubt whether the actor got the request.
func (h *Handle) Vouch(ctx context.Context, resp *http.Response) error {
	given := answer{status: resp.StatusCode, header: resp.Header}
	if given.speaker() != byNobody {
		return nil
	}
	health, err := h.ask(ctx, get("/health", nil))
	switch {
	case err != nil:
		return given.lost(fmt.Errorf("it is not marked as the actor's, which cannot be asked: %w", err))
	case health.speaker() == byNobody && string(health.body) == "ok":
		return nil
	default:
		return given.lost(errors.New("it is not the actor's, but of something between"))
	}
}

// requestPath is the path at the actor. The slash is needed also where there is no path.
func requestPath(u *url.URL) string {
	return "/request/" + strings.TrimPrefix(u.EscapedPath(), "/")
}

// closeResponse gives up an answer such that its connection can be used again.
func closeResponse(resp *http.Response) {
	if resp != nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
		_ = resp.Body.Close()
	}
}

// closeBody does what a RoundTripper owes its caller, also where it does not send the body itself.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
