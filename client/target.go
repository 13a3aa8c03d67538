package client

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"riveter/client/internal/wire"
)

// target is the actor that a request goes to; the zero target is the management API.
type target struct {
	id string // of the actor

	// Instead of an id, a name and what else the gateway needs to find or make the actor
	// (wire reference, section 5.2). That is open to the public tokens of browsers and
	// backends, which the management API is not.
	name  string
	query url.Values
}

// isActor tells a target from the management API.
func (t target) isActor() bool { return t.id != "" || t.name != "" }

// answeredBy reports that another actor than the one that a request went to has answered it, so that nobody knows what became of the
// request. Where nobody says who has, or only the gateway knows who should, it reports nothing.
func (t target) answeredBy(id string) error {
	if id == "" || t.id == "" || id == t.id {
		return nil
	}
	return fmt.Errorf("another actor, %s, answered in the place of %s", id, t.id)
}

// path is where the gateway has the actor, without the token.
func (t target) path() string {
	switch {
	case t.id != "":
		return "/gateway/" + t.id
	case t.name != "":
		return "/gateway/" + escape(t.name)
	default:
		return ""
	}
}

// maxQuery bounds what a query may add to a URL, of which the gateway takes 65,500 bytes.
const maxQuery = 48 << 10

// target finds out where requests to the actor go.
func (h *Handle) target(ctx context.Context, r route) (target, error) {
	if h.source == byID || !isQueryable(h.name, h.key) {
		id, err := h.remembered(ctx)
		return target{id: id}, err
	}
	if err := checkKey(h.key); err != nil {
		return target{}, err
	}
	query := url.Values{"rvt-namespace": {r.namespace}, "rvt-method": {"get"}}
	if h.how.impatient {
		query.Set("rvt-skip-ready-wait", "true")
	}
	if len(h.key) > 0 {
		query.Set("rvt-key", strings.Join(h.key, ","))
	}
	if h.source == byCreation {
		input, err := h.how.encodeInput()
		if err != nil {
			return target{}, err
		}
		if base64.RawURLEncoding.EncodedLen(len(input)) > maxQuery {
			id, err := h.remembered(ctx)
			return target{id: id}, err
		}
		h.how.queryCreation(query, input)
	}
	return target{name: h.name, query: query}, nil
}

// isQueryable reports whether the gateway can be told a name and key: it knows no escape in
// either.
func isQueryable(name string, key Key) bool {
	hasComma := func(part string) bool { return strings.Contains(part, ",") }
	return name != "" && !strings.ContainsAny(name, "/@%\x00") && !slices.ContainsFunc(key, hasComma) && !slices.Equal(key, Key{""})
}

// queryCreation adds how the actor is to be made.
func (m manner) queryCreation(query url.Values, input []byte) {
	query.Set("rvt-method", "getOrCreate")
	query.Set("rvt-runner", m.pool)
	query.Set("rvt-crash-policy", string(m.creationPolicy()))
	if m.region != "" {
		query.Set("rvt-region", m.region)
	}
	if m.input != nil {
		query.Set("rvt-input", base64.RawURLEncoding.EncodeToString(input))
	}
}

// address prepares a request to the actor.
func (h *Handle) address(ctx context.Context, method, path string) (request, route, error) {
	if err := h.check(); err != nil {
		return request{}, route{}, err
	}
	r, err := h.c.route(ctx)
	if err != nil {
		return request{}, route{}, notSent(err)
	}
	to, err := h.target(ctx, r)
	if err != nil {
		return request{}, route{}, notSent(err)
	}
	header := http.Header{"X-Rivet-Encoding": {h.how.encoding.String()}}
	if h.how.params != nil {
		params, err := wire.MarshalParams(*h.how.params)
		if err != nil {
			return request{}, route{}, notSent(err)
		}
		header.Set("X-Rivet-Conn-Params", params)
	}
	if h.how.impatient && to.id != "" {
		header.Set("X-Rivet-Skip-Ready-Wait", "true")
	}
	return request{
		method: method, to: to, path: path, header: header, encoding: h.how.encoding,
		safe: h.how.idempotent, creates: h.source == byCreation, timeout: h.how.limit(),
	}, r, nil
}

// notSent marks an error as one that came before the request to the actor, whatever
// became of an earlier request on its behalf.
func notSent(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return &Error{Err: err, delivery: NotDelivered}
	}
	unsent := *e
	unsent.delivery = NotDelivered
	return &unsent
}

// GatewayURL returns the address of the actor at the gateway, with the token and, for a
// handle of a key, the query by which the gateway finds or makes the actor. A path goes
// before the query.
func (h *Handle) GatewayURL(ctx context.Context) (string, error) {
	h.refresh()
	req, r, err := h.address(ctx, http.MethodGet, "")
	if err != nil {
		return "", err
	}
	return r.url(req), nil
}
