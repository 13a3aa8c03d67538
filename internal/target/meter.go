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
		if err == nil && isPressure(r, response.StatusCode) {
			m.pressure.Add(1)
		}
		return response, err
	})
}

// isPressure tells the answers of a busy engine from those of an actor that throws: an action answers 500 for its own
// errors, while the management API does so when the engine sheds load.
func isPressure(r *http.Request, status int) bool {
	switch status {
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
