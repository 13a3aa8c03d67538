package client_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy stands between a client and an engine and can cut what passes.
type proxy struct {
	endpoint string
	target   string
	listener net.Listener

	// cutAfter is how many bytes still come back on all connections together before all
	// are cut; negative: no limit.
	cutAfter atomic.Int64

	mu   sync.Mutex
	open map[net.Conn]bool
	done sync.WaitGroup
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{endpoint: "http://" + listener.Addr().String(), target: u.Host, listener: listener, open: map[net.Conn]bool{}}
	p.cutAfter.Store(-1)
	p.done.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.cut()
		p.done.Wait()
	})
	return p
}

func (p *proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.target)
		if err != nil {
			in.Close()
			continue
		}
		p.track(in)
		p.track(out)
		p.done.Go(func() { p.pass(out, in, false) })
		p.done.Go(func() { p.pass(in, out, true) })
	}
}

func (p *proxy) track(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = true
}

// pass copies until either side ends; the way back heeds the cut.
func (p *proxy) pass(to, from net.Conn, back bool) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if limit := p.cutAfter.Load(); back && limit >= 0 {
			n = int(min(int64(n), limit))
			if p.cutAfter.Add(-int64(n)) == 0 {
				err = io.EOF
			}
		}
		if _, writeErr := to.Write(buffer[:n]); writeErr != nil || err != nil {
			if back && p.cutAfter.Load() == 0 {
				p.cutAfter.Store(-1)
				p.cut()
			}
			return
		}
	}
}

// cut resets every connection.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		c.Close()
	}
	clear(p.open)
}
