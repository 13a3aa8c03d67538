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
	req.json = out != nil
	req.timeout = cmp.Or(m.defaults().timeout, req.timeout, managementTimeout)
	got, err := m.c.send(ctx, r, req)
	if e, ok := errors.AsType[*Error](err); ok && e.Is(ErrForbidden) {
		e.Err = errNeedsSecret
	}
	if err != nil || out == nil {
		return got, err
	}
	if err := json.Unmarshal(got.body, out); err != nil {
		lost := got.lost(fmt.Errorf("%w: %w", errUnpromised, err))
		lost.Method, lost.Path = req.method, req.path
		return got, lost
	}
	return got, nil
}

var errNeedsSecret = errors.New("the management API takes a secret token only (sk_…, or the engine's admin token); public ones (pk_…) are for calls")

// get is a request that reads.
func get(path string, query url.Values) request {
	return request{method: http.MethodGet, path: path, query: query, safe: true}
}
