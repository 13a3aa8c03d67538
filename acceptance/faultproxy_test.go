package acceptance

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// faultProxy stands between riveter and an engine, and does to requests what networks and servers do. What it does to a
// request is drawn from its seed, the request, and how often the same one came before: not from when it comes.
type faultProxy struct {
	endpoint string
	target   *url.URL
	engine   http.RoundTripper
	passing  sync.WaitGroup // requests that may still reach the engine

	mu    sync.Mutex
	seed  uint64
	often float64        // how often something is done to a request, from 0 to 1
	spare bool           // the questions that a plan asks of the engine
	seen  map[string]int // how often a request came
	done  map[string]int // faults by name
}

func newFaultProxy(tb testing.TB, target string) *faultProxy {
	tb.Helper()
	to, err := url.Parse(target)
	if err != nil {
		tb.Fatal(err)
	}
	p := &faultProxy{target: to, engine: &http.Transport{DisableKeepAlives: true}, done: map[string]int{}}
	server := httptest.NewUnstartedServer(p)
	server.Config.ErrorLog = nil
	server.Start()
	tb.Cleanup(server.Close)
	p.endpoint = server.URL
	return p
}

// begin lets faults happen that often, as the seed says, until calm. It may spare the engine's own answers to questions, so that
// riveter gets beyond its plan.
func (p *faultProxy) begin(seed uint64, often float64, spare bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seed, p.often, p.spare, p.seen = seed, often, spare, map[string]int{}
}

// calm ends the faults, and waits for what is still on its way.
func (p *faultProxy) calm() {
	p.begin(0, 0, false)
	p.passing.Wait()
}

// ServeHTTP implements http.Handler.
func (p *faultProxy) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	p.passing.Add(1)
	defer p.passing.Done()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // riveter was killed while it wrote
	}
	f, random := p.draw(req, body)
	conn, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	if strings.EqualFold(req.Header.Get("Upgrade"), "websocket") {
		p.join(conn.(*net.TCPConn), buffered, req, f, random)
		return
	}
	x := &passage{conn: conn.(*net.TCPConn), random: random}
	if f.before {
		f.do(x)
		return
	}
	if x.answer, err = p.forward(req, body); err != nil {
		return
	}
	f.do(x)
}

// draw decides what is done to a request.
func (p *faultProxy) draw(req *http.Request, body []byte) (fault, *rand.Rand) {
	name := anyID.ReplaceAllString(fmt.Sprintf("%s %s %s", req.Method, req.URL, body), "ID")
	p.mu.Lock()
	defer p.mu.Unlock()
	hash := fnv.New64a()
	fmt.Fprint(hash, name, p.seen[name])
	random := rand.New(rand.NewPCG(p.seed, hash.Sum64()))
	f := noFault
	isQuestion := req.Method == http.MethodGet && !strings.HasPrefix(req.URL.Path, "/gateway/")
	if random.Float64() < p.often && (!p.spare || !isQuestion) {
		f = faults[random.IntN(len(faults))]
		p.done[f.name]++
	}
	if p.seen != nil {
		p.seen[name]++
	}
	return f, random
}

// anyID matches the ids of actors, which are others each time.
var anyID = regexp.MustCompile(`\b[0-9a-z]{30}\b`)

// forward lets the engine see the request, and returns the whole answer as it is on the wire. Whether riveter still
// waits for it does not matter.
func (p *faultProxy) forward(req *http.Request, body []byte) ([]byte, error) {
	out, err := http.NewRequest(req.Method, p.target.JoinPath(req.URL.EscapedPath()).String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out.URL.RawQuery, out.Header = req.URL.RawQuery, req.Header
	response, err := p.engine.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	response.Close = true
	var answer bytes.Buffer
	err = response.Write(&answer)
	return answer.Bytes(), err
}

// join passes a WebSocket on, byte by byte, and cuts it where the fault is one that cuts.
func (p *faultProxy) join(riveter *net.TCPConn, from *bufio.ReadWriter, req *http.Request, f fault, random *rand.Rand) {
	if f.before {
		f.do(&passage{conn: riveter, random: random})
		return
	}
	conn, err := net.Dial("tcp", p.target.Host)
	if err != nil {
		return
	}
	engine := conn.(*net.TCPConn)
	defer engine.Close()
	if err := req.Write(engine); err != nil {
		return
	}
	length := int64(1 << 40)
	if f.name != noFault.name {
		length = random.Int64N(1000)
	}
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(engine, from); engine.Close() })
	_, _ = io.CopyN(riveter, engine, length)
	riveter.Close()
	engine.Close()
	both.Wait()
}

// passage is a request on its way back.
type passage struct {
	conn   *net.TCPConn
	answer []byte // of the engine; nil before it was asked
	random *rand.Rand
}

// fault is something that is done to a request, before or after the engine has seen it.
type fault struct {
	name   string
	before bool
	do     func(*passage)
}

var noFault = fault{name: "none", do: func(x *passage) { x.write(x.answer) }}

// faults are all that there are. Each of those that need no answer comes before and after.
var faults = func() []fault {
	all := []fault{
		{"torn", false, func(x *passage) { x.write(x.answer[:x.random.IntN(len(x.answer))]) }},
		{"torn and reset", false, func(x *passage) { x.write(x.answer[:x.random.IntN(len(x.answer))]); x.reset() }},
		{"trickled", false, trickle},
		{"delayed", false, func(x *passage) { x.delay(); x.write(x.answer) }},
		{"silence, then cut", false, func(x *passage) { x.delay(); x.delay(); x.delay() }},
	}
	for _, before := range []bool{true, false} {
		when := map[bool]string{true: " before", false: " after"}[before]
		all = append(all,
			fault{"cut" + when, before, func(*passage) {}},
			fault{"reset" + when, before, (*passage).reset},
			fault{"429" + when, before, tooMany},
			fault{"5xx" + when, before, serverError},
			fault{"refused" + when, before, refuse},
			fault{"a page" + when, before, func(x *passage) { x.say("200 OK", "Content-Type: text/html\r\n", "<html>welcome") }},
			fault{"nothing" + when, before, func(x *passage) { x.say("200 OK", "", "") }},
		)
	}
	return all
}()

func (x *passage) write(data []byte) { _, _ = x.conn.Write(data) }

func (x *passage) say(status, headers, body string) {
	x.write(fmt.Appendf(nil, "HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s", status, headers, len(body), body))
}

// reset has the connection end in an error.
func (x *passage) reset() { _ = x.conn.SetLinger(0) }

func (x *passage) delay() { time.Sleep(time.Duration(x.random.IntN(300)) * time.Millisecond) }

// trickle gives the whole answer, but slowly.
func trickle(x *passage) {
	for rest := x.answer; len(rest) > 0; {
		n := min(len(rest), 1+x.random.IntN(1+len(x.answer)/10))
		x.write(rest[:n])
		rest = rest[n:]
		time.Sleep(5 * time.Millisecond)
	}
}

// tooMany asks riveter to come back later, in words that make sense and others. The longest wait that is listened to takes half a
// minute, and is rare.
func tooMany(x *passage) {
	after := []string{"0", "1", "-5", "soon", "", "1e99", "Fri, 31 Dec 1999 23:59:59 GMT"}[x.random.IntN(7)]
	if x.random.IntN(100) == 0 {
		after = "31536000000"
	}
	x.say("429 Too Many Requests", "Retry-After: "+after+"\r\n", "")
}

func serverError(x *passage) {
	x.page("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")
}

// refuse is what filters do that inspect requests, or answers.
func refuse(x *passage) { x.page("403 Forbidden", "404 Not Found", "307 Temporary Redirect") }

func (x *passage) page(statuses ...string) {
	status := statuses[x.random.IntN(len(statuses))]
	x.say(status, "Content-Type: text/html\r\n", "<html>"+status)
}
