//go:build linux

package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"

	"riveter/internal/devrivet"
)

// countRequests has the contender do each task once more, through a proxy that counts what the engine is asked.
func (s settings) countRequests(ctx context.Context, c contender, actors int, r *results) error {
	return s.onRivet(ctx, func(rivet *devrivet.Rivet) error {
		engine, err := url.Parse(rivet.Endpoint())
		if err != nil {
			return err
		}
		var requests atomic.Int64
		proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
			requests.Add(1)
			p.SetURL(engine)
		}, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		counter := httptest.NewServer(proxy)
		defer counter.Close()
		return eachTask(c, actors, rivet, func(t task, argv []string) error {
			requests.Store(0)
			_, err := spend(ctx, argv, rivet.Folder(), counter.URL)
			r.requests[key{c.name, t, actors}] = requests.Load()
			return err
		})
	})
}
