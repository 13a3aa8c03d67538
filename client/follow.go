package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// route returns where requests go. The first call asks the endpoint for its metadata:
// an application that serves actors names its engine there, and perhaps a namespace
// and a token for clients. The answer is kept; a failure is not.
func (c *Client) route(ctx context.Context) (route, error) {
	if err := cmp.Or(c.check(), checkContext(ctx)); err != nil {
		return route{}, err
	}
	if c.direct {
		return c.configured, nil
	}
	if r := c.followed.Load(); r != nil {
		return *r, nil
	}
	select {
	case c.following <- struct{}{}:
		defer func() { <-c.following }()
	case <-ctx.Done():
		return route{}, notSent(context.Cause(ctx))
	}
	if r := c.followed.Load(); r != nil {
		return *r, nil
	}
	r, err := c.follow(ctx)
	if err != nil {
		return route{}, err
	}
	c.followed.Store(&r)
	return r, nil
}

// follow asks without the token: the answer is public, and the endpoint may be an
// application that has no business with it.
func (c *Client) follow(ctx context.Context) (route, error) {
	anonymous := route{base: c.configured.base}
	req := get("/metadata", url.Values{"namespace": {c.configured.namespace}})
	req.timeout = cmp.Or(c.defaults.timeout, managementTimeout)
	got, err := c.send(ctx, anonymous, req)
	if isRefusal(err) {
		return c.configured, nil // whatever it is, it names no other endpoint
	}
	if err != nil {
		return route{}, err
	}
	next, err := c.lead(c.configured, readMetadata(got.body))
	if err != nil {
		return route{}, notSent(fmt.Errorf("follow the metadata of %s: %w", c.configured.base, err))
	}
	return next, nil
}

// lead is where metadata leads from a route.
func (c *Client) lead(r route, m metadata) (route, error) {
	if m.ClientEndpoint == "" {
		return r, nil
	}
	base, _, _, err := ParseEndpoint(m.ClientEndpoint)
	if err != nil {
		return route{}, err
	}
	next := route{base, cmp.Or(m.ClientNamespace, r.namespace), cmp.Or(m.ClientToken, r.token)}
	if m.ClientToken == "" && r.token != "" || c.ownHeaders {
		err = c.checkHost(r, next)
	}
	return next, errors.Join(err, next.checkToken(c.insecure))
}

// checkHost refuses to send what is for one host to another that the first has named without
// having been asked for its own name.
func (c *Client) checkHost(from, to route) error {
	asked, named := from.base.Hostname(), to.base.Hostname()
	isNamed := func(trusted string) bool { return strings.EqualFold(trusted, named) }
	if isSameSite(asked, named) || slices.ContainsFunc(c.trusted, isNamed) {
		return nil
	}
	return fmt.Errorf("%w with the token and headers: %s names the engine at %s, which is another site", ErrUntrusted, asked, named)
}

func isSameSite(a, b string) bool {
	if a == b || isThisMachine(a) && isThisMachine(b) {
		return true
	}
	if net.ParseIP(a) != nil || net.ParseIP(b) != nil {
		return false
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(a)
	other, otherErr := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && otherErr == nil && site == other
}

func isRefusal(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status >= 400 && e.Status < 500
}

// metadata is what an application says to its clients; an engine says nothing of it.
type metadata struct{ ClientEndpoint, ClientNamespace, ClientToken string }

// readMetadata reads what is no metadata as one that names nothing.
func readMetadata(body []byte) (m metadata) {
	_ = json.Unmarshal(body, &m)
	return m
}
