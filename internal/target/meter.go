package target

import (
	"net/http"
	"sync/atomic"
)

// meter counts requests, the answers by which a server asks for less load, and what was asked of actors.
type meter struct {
	requests atomic.Int64
	pressure atomic.Int64
	resolved atomic.Int64
	reads    atomic.Int64
	woken    atomic.Int64
}

func (m *meter) around(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		m.requests.Add(1)
		response, err := next.RoundTrip(r)
		if err == nil && isPressure(r, response) {
			m.pressure.Add(1)
		}
		return response, err
	})
}

// isPressure tells the answers of a busy engine, whose management API answers 500 when it sheds load, from those that the
// gateway marks as an actor's.
func isPressure(r *http.Request, response *http.Response) bool {
	if response.Header.Get("X-Rivet-Actor") != "" {
		return false
	}
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	case http.StatusInternalServerError:
		return r.Method == http.MethodPut
	default:
		return false
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
