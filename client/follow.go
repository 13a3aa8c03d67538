package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"golang.org/x/net/publicsuffix"
)

// route returns where requests go. The first call asks the endpoint for its metadata:
// an application that serves actors names its engine there, and perhaps a namespace
// and a token for clients. The answer is kept; a failure is not.
func (c *Client) route(ctx context.Context) (route, error) {
	if err := c.check(); err != nil {
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
	r := c.configured
	anonymous := route{base: r.base}
	req := get("/metadata", url.Values{"namespace": {r.namespace}})
	req.timeout = managementTimeout
	got, err := c.send(ctx, anonymous, req)
	if isRefusal(err) {
		got, err = answer{}, nil // whatever it is, it names no other endpoint
	}
	if err != nil {
		return route{}, err
	}
	metadata := readMetadata(got.body)
	if metadata.ClientEndpoint == "" {
		return r, nil
	}
	base, _, _, err := parseEndpoint(metadata.ClientEndpoint)
	if err != nil {
		return route{}, notSent(fmt.Errorf("follow the metadata of %s: %w", r.base, err))
	}
	next := route{base: base, namespace: r.namespace, token: r.token}
	if metadata.ClientNamespace != "" {
		next.namespace = metadata.ClientNamespace
	}
	if metadata.ClientToken != "" {
		next.token = metadata.ClientToken
	} else if err := c.checkHost(r, next); err != nil {
		return route{}, notSent(err)
	}
	if err := next.checkToken(c.insecure); err != nil {
		return route{}, notSent(err)
	}
	return next, nil
}

// checkHost refuses to send the token of one host to another that the first has named without
// having been asked for its own name.
func (c *Client) checkHost(from, to route) error {
	asked, named := from.base.Hostname(), to.base.Hostname()
	if from.token == "" || isSameSite(asked, named) || slices.Contains(c.trusted, named) {
		return nil
	}
	return fmt.Errorf("%s names the engine at %s, which is another site: the token is not sent there unless that host is trusted", asked, named)
}

func isSameSite(a, b string) bool {
	if a == b || isThisMachine(a) && isThisMachine(b) {
		return true
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
