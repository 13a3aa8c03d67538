package client

import (
	"net/http"
	"sync"
	"time"
)

// serverClock knows how far the server's clock is ahead of ours, as far as the dates of its
// answers tell, which have whole seconds: each says that it is between two bounds, and all
// together that it is between the narrowest.
type serverClock struct {
	mu          sync.Mutex
	least, most time.Duration
	known       bool
}

// skew is how far clocks of one server may be apart: that which dates answers, and that
// which dates actors.
const skew = time.Second

// hear takes in the date of an answer to a request that began at a time.
func (c *serverClock) hear(began time.Time, header http.Header) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	least, most := time.Until(date), date.Add(time.Second).Sub(began)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known && least <= c.most && c.least <= most {
		least, most = max(least, c.least), min(most, c.most)
	}
	c.least, c.most, c.known = least, most, true
}

// at returns the earliest time that the server's clock may have shown at one of ours.
func (c *serverClock) at(ours time.Time) (earliest time.Time, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ours.Add(c.least - skew), c.known
}

// ServerTime returns the earliest time that the server's clock may show now, within some
// two seconds, as far as the dates of its answers so far tell. It sends nothing.
func (c *Client) ServerTime() (earliest time.Time, known bool) { return c.clock.at(time.Now()) }
