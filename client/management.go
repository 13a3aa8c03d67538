package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Management is the part of Rivet that knows which actors exist. None of its methods
// wakes an actor. On a server that checks tokens it needs the secret one.
//
// Methods that read, get-or-create, destroy and put repeat themselves after a failure
// that may pass; creating does not.
type Management struct{ c *Client }

// Management returns the management API of the client's namespace.
func (c *Client) Management() Management { return Management{c} }

// defaults is how actors are created where no option says otherwise.
func (m Management) defaults() manner {
	if m.c == nil {
		return manner{}
	}
	return m.c.defaults
}

const managementTimeout = 45 * time.Second

// ask sends a request about the client's namespace and decodes the JSON answer.
func (m Management) ask(ctx context.Context, req request, in, out any) error {
	_, err := m.consult(ctx, req, in, out)
	return err
}

// consult does as ask, and returns the answer too.
func (m Management) consult(ctx context.Context, req request, in, out any) (answer, error) {
	r, err := m.c.route(ctx)
	if err != nil {
		return answer{}, err
	}
	if req.query == nil {
		req.query = url.Values{}
	}
	req.query.Set("namespace", r.namespace)
	return m.perform(ctx, r, req, in, out)
}

// askServer sends a request that concerns no namespace.
func (m Management) askServer(ctx context.Context, req request, in, out any) error {
	r, err := m.c.route(ctx)
	if err != nil {
		return err
	}
	_, err = m.perform(ctx, r, req, in, out)
	return err
}

func (m Management) perform(ctx context.Context, r route, req request, in, out any) (answer, error) {
	if in != nil {
		body, err := json.Marshal(in)
		if err != nil {
			return answer{}, notSent(fmt.Errorf("encode the request: %w", err))
		}
		req.body = body
	}
	req.out = out
	req.timeout = cmp.Or(m.defaults().timeout, req.timeout, managementTimeout)
	got, err := m.c.send(ctx, r, req)
	if e, ok := errors.AsType[*Error](err); ok && e.Is(ErrForbidden) && (e.speaker == byEngine || e.Status == http.StatusUnauthorized) {
		e.Err = errNeedsSecret
	}
	if err == nil && got.misfit != nil {
		lost := got.lost(fmt.Errorf("%w: %w", errUnpromised, got.misfit))
		lost.Method, lost.Path = req.method, req.path
		return got, lost
	}
	return got, err
}

// A promise is an answer with something that is always there: a list, also when nothing is in it, or whatever says that something was
// done. Whoever stands before the server may answer something else: what is not in that has not disappeared, nor was it done.
type promise interface{ isThere() bool }

var errNotThere = errors.New("what was asked for is not in it")

// decodePromised decodes the JSON of an answer.
func decodePromised(body []byte, out any) error {
	if err := json.Unmarshal(body, out); err != nil {
		return err
	}
	if p, ok := out.(promise); ok && !p.isThere() {
		return errNotThere
	}
	return nil
}

var errNeedsSecret = errors.New("the management API takes a secret token only (sk_…, or the engine's admin token); public ones (pk_…) are for calls")

// get is a request that reads.
func get(path string, query url.Values) request {
	return request{method: http.MethodGet, path: path, query: query, safe: true}
}
