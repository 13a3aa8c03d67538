package client

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// RoundTrip sends a request to the actor's own HTTP handler, which makes a handle the
// [http.RoundTripper] of an [http.Client]. Of the URL only path and query count, and the
// engine reads %2F in a path as a slash. Answers come back unchanged, also those by which
// the engine says that there is no such actor.
//
// Nothing is repeated, but a request to an actor that was destroyed and made again,
// where it can be sent twice. The context alone bounds the time.
func (h *Handle) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, id, err := h.forward(req)
	if err != nil || !isStale(resp) || !h.forget(id) {
		return resp, err
	}
	again, ok := rewind(req)
	if !ok {
		return resp, nil
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // the connection can be used again
	_ = resp.Body.Close()
	resp, _, err = h.forward(again)
	return resp, err
}

// rewind returns the request to be sent another time, if its body can be.
func rewind(req *http.Request) (*http.Request, bool) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	again.Body = body
	return again, err == nil
}

func (h *Handle) forward(req *http.Request) (*http.Response, string, error) {
	to, r, err := h.address(req.Context(), req.Method, requestPath(req.URL))
	if err != nil {
		closeBody(req)
		return nil, "", err
	}
	to.rawQuery = req.URL.RawQuery
	target, err := url.Parse(r.url(to))
	if err != nil {
		closeBody(req)
		return nil, "", notSent(err)
	}
	x := &exchange{request: to}
	out := req.Clone(x.trace(req.Context()))
	out.URL, out.Host, out.RequestURI = target, "", ""
	if out.Header == nil {
		out.Header = http.Header{}
	}
	if to.header.Get("X-Rivet-Conn-Params") != "" {
		out.Header.Set("X-Rivet-Conn-Params", to.header.Get("X-Rivet-Conn-Params"))
	}
	h.c.setCommonHeaders(out.Header, r, true)
	x.tried.Store(true)
	resp, err := h.c.transport.RoundTrip(out)
	if err != nil {
		return nil, to.actorID, x.outcome(req.Context(), err)
	}
	return resp, to.actorID, nil
}

// requestPath is the path at the actor. The slash is needed also where there is no path.
func requestPath(u *url.URL) string {
	return "/request/" + strings.TrimPrefix(u.EscapedPath(), "/")
}

// isStale recognizes the engine's word for a missing actor; an actor's own answers name
// the actor.
func isStale(resp *http.Response) bool {
	return resp.StatusCode == http.StatusNotFound && resp.Header.Get("X-Rivet-Actor") == ""
}

// closeBody does what a RoundTripper owes its caller also when it sends nothing.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
