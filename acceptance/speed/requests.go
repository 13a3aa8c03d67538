//go:build linux

package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
)

// counting is the round in which requests are counted, by a proxy that is in the way of measuring.
const counting = 0

// A way leads to an engine.
type way struct {
	endpoint string
	requests *atomic.Int64 // that went along, if they are counted
	close    func()
}

// wayTo returns how contenders reach an engine in a round.
func wayTo(endpoint string, round int) (way, error) {
	if round != counting {
		return way{endpoint, new(atomic.Int64), func() {}}, nil
	}
	engine, err := url.Parse(endpoint)
	if err != nil {
		return way{}, err
	}
	requests := new(atomic.Int64)
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		requests.Add(1)
		p.SetURL(engine)
	}, Transport: &http.Transport{MaxIdleConnsPerHost: 64}})
	return way{proxy.URL, requests, proxy.Close}, nil
}
