package client_test

import (
	"bufio"
	"context"
	"crypto/sha1" //nolint:gosec // the WebSocket handshake has it
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"riveter/client"
)

// besieger is a server that answers as badly as it can. All it knows of HTTP is how to read
// a request.
type besieger struct {
	net.Listener
	fine   func(*http.Request) bool // the requests that it answers well
	answer func(io.Writer)
}

const (
	siegeLimit  = 150 * time.Millisecond // of one attempt
	siegeEnd    = 3 * time.Second        // of all that a stage does
	siegeMemory = 8 * (96 << 20)         // of eight at a time, each with an answer of 32 MiB as it grows
	siegeToken  = "pk_besieged"
)

func besiege(t *testing.T, fine func(*http.Request) bool, answer func(io.Writer)) *besieger {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &besieger{Listener: l, fine: fine, answer: answer}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { b.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		serving.Wait()
	})
	return b
}

func (b *besieger) serve(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * siegeEnd))
	from := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(from)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		if !b.fine(req) {
			if strings.EqualFold(req.Header.Get("Upgrade"), "websocket") {
				fmt.Fprint(conn, upgraded(req))
			}
			b.answer(conn)
			return
		}
		body := fmt.Sprintf(`{"output":1,"status":"completed","actors":[],"created":true,"actor":{"actor_id":%q,"create_ts":1},"value":"dG9r"}`, anID)
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Rivet-Actor: %s\r\nContent-Length: %d\r\n\r\n%s", anID, len(body), body)
	}
}

// upgraded is the answer to a WebSocket handshake.
func upgraded(req *http.Request) string {
	sum := sha1.Sum([]byte(req.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: rivet\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
}

// says200 answers with a body of a declared type and length.
func says200(media, body string) func(io.Writer) {
	return func(w io.Writer) {
		fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", media, len(body), body)
	}
}

func raw(text string) func(io.Writer) { return func(w io.Writer) { _, _ = io.WriteString(w, text) } }

// endless writes a beginning, and then the same over and over again.
func endless(beginning, rest string, pace time.Duration) func(io.Writer) {
	return func(w io.Writer) {
		_, err := io.WriteString(w, beginning)
		for err == nil {
			time.Sleep(pace)
			_, err = io.WriteString(w, rest)
		}
	}
}

const okHeader = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// The answers that are worse than none.
func hostileAnswers(elsewhere string) map[string]func(io.Writer) {
	big := strings.Repeat("x", 64<<10)
	return map[string]func(io.Writer){
		"nothing":                      raw(""),
		"no HTTP":                      raw("220 smtp ready\r\n\r\n"),
		"half a status":                raw("HTTP/1.1 20"),
		"half a header":                raw("HTTP/1.1 200 OK\r\nContent-Ty"),
		"an empty body":                says200("application/json", ""),
		"half a body":                  raw(okHeader + "Content-Length: 100\r\n\r\n{\"output\":"),
		"half a chunk":                 raw(okHeader + "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"output\":"),
		"a chunk of no size":           raw(okHeader + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
		"two lengths":                  raw(okHeader + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
		"a negative length":            raw(okHeader + "Content-Length: -1\r\n\r\n{}"),
		"a page":                       says200("text/html", "<html>hello"),
		"null":                         says200("application/json", "null"),
		"a list":                       says200("application/json", "[1,2,3]"),
		"a number":                     says200("application/json", "1e999"),
		"members of other types":       says200("application/json", `{"output":["$what",{}],"actors":{"a":1},"actor":7,"status":9,"value":[]}`),
		"an actor without an id":       says200("application/json", `{"actor":{"actor_id":null},"created":true,"actors":[{"actor_id":"../../x"}],"output":["$x",1],"status":1}`),
		"no UTF-8":                     says200("application/json", "{\"output\":\"\xff\xfe\""),
		"JSON a million deep":          says200("application/json", `{"output":`+strings.Repeat("[", 1<<20)),
		"BARE that lies about lengths": says200("application/octet-stream", "\x04\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		"CBOR that lies about lengths": says200("application/octet-stream", "\x04\x00\x09\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"),
		"endless headers":              endless(okHeader, "X-More: "+big+"\r\n", 0),
		"an endless body":              endless(okHeader+"Connection: close\r\n\r\n", big, 0),
		"endless chunks":               endless(okHeader+"Transfer-Encoding: chunked\r\n\r\n", "10000\r\n"+big+"\r\n", 0),
		"endless 100 Continue":         endless("", "HTTP/1.1 100 Continue\r\n\r\n", 0),
		"a trickle of headers":         endless(okHeader, "X: y\r\n", 20*time.Millisecond),
		"a trickle of a body":          endless(okHeader+"Connection: close\r\n\r\n", " ", 20*time.Millisecond),
		"silence":                      endless("", "", 50*time.Millisecond),
		"a redirect elsewhere":         raw("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere + "\r\nContent-Length: 0\r\n\r\n"),
		"an error without end":         endless("HTTP/1.1 503 Service Unavailable\r\nX-Rivet-Error: envoy.actor_not_found\r\nConnection: close\r\n\r\n", big, 0),
		"an error of odd types":        raw("HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n{\"group\":[],\"code\":{},\"message\":0}"),
		"a wait of a thousand years":   raw("HTTP/1.1 429 Wait\r\nRetry-After: 31536000000\r\nContent-Length: 0\r\n\r\n"),
		"metadata that names another":  says200("application/json", `{"clientEndpoint":"`+elsewhere+`"}`),
	}
}

// frame is a WebSocket frame whose head says what one likes.
func frame(head byte, length uint64, content string) string {
	return string(binary.BigEndian.AppendUint64([]byte{head, 127}, length)) + content
}

// The messages that are worse than none.
func hostileMessages() map[string]func(io.Writer) {
	big := strings.Repeat("x", 64<<10)
	text := func(s string) string { return frame(0x81, uint64(len(s)), s) }
	return map[string]func(io.Writer){
		"silence after the handshake": endless("", "", 50*time.Millisecond),
		"hung up after the handshake": raw(""),
		"half a frame":                raw("\x81\x05he"),
		"a frame of 2^63 bytes":       raw(frame(0x82, 1<<63, "x")),
		"a frame of 2^40 bytes":       endless(frame(0x82, 1<<40, ""), big, 0),
		"endless fragments":           endless("\x02\x01x", "\x00\x01x", 0),
		"a trickle of fragments":      endless("\x02\x01x", "\x00\x01x", 20*time.Millisecond),
		"a flood of pings":            endless("", "\x89\x01x", 0),
		"an unknown kind of frame":    raw("\x8b\x00"),
		"a masked frame":              raw("\x81\x81abcdx"),
		"reserved bits":               raw("\xf1\x00"),
		"no UTF-8":                    raw("\x81\x02\xff\xfe"),
		"a close of one byte":         raw("\x88\x01x"),
		"a close of no code":          raw("\x88\x02\x00\x00"),
		"a greeting of odd types":     raw(text(`{"body":{"tag":"Init","val":7}}`)),
		"an answer nobody asked for":  raw(text(greeting) + text(answer(1<<40, "1"))),
		"an error of odd types":       raw(text(`{"body":{"tag":"Error","val":{"actionId":"x","group":1,"code":[],"message":{}}}}`)),
		"a value a million deep":      raw(text(`{"body":{"tag":"Event","val":{"name":"e","args":` + strings.Repeat("[", 1<<20))),
		"endless events":              endless(text(greeting), text(`{"body":{"tag":"Event","val":{"name":"e","args":["`+big+`"]}}}`), 0),
	}
}

// stages are what a client does, each of which meets what is worse than none.
var stages = map[string]func(context.Context, *client.Client) error{
	"call": func(ctx context.Context, c *client.Client) error { return second(c.ForID(anID).Call(ctx, "act")) },
	"call by key": func(ctx context.Context, c *client.Client) error {
		return second(c.GetOrCreate("n", client.Key{"k"}).Call(ctx, "act"))
	},
	"queue": func(ctx context.Context, c *client.Client) error { return c.ForID(anID).Send(ctx, "q", 1) },
	"look up": func(ctx context.Context, c *client.Client) error {
		return second(c.Get("n", client.Key{"a,b"}).Resolve(ctx))
	},
	"get or create": func(ctx context.Context, c *client.Client) error {
		return second(c.GetOrCreate("n", client.Key{"k"}).Resolve(ctx))
	},
	"destroy": func(ctx context.Context, c *client.Client) error { return c.Management().DestroyActor(ctx, anID) },
	"list": func(ctx context.Context, c *client.Client) error {
		for _, err := range c.Management().Actors(ctx, "n", client.ListOptions{}) {
			return err
		}
		return nil
	},
	"inspect": func(ctx context.Context, c *client.Client) error { return second(c.Inspector(anID).State(ctx)) },
	"raw": func(ctx context.Context, c *client.Client) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://actor/", nil)
		if err != nil {
			return err
		}
		resp, err := c.ForID(anID).RoundTrip(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
		return err
	},
	"connect": func(ctx context.Context, c *client.Client) error {
		conn, err := c.ForID(anID).Connect(ctx, client.On("e"), client.WithEventBuffer(1<<20))
		if err != nil {
			return err
		}
		defer conn.Close()
		return second(conn.Call(ctx, "act"))
	},
	"WebSocket": func(ctx context.Context, c *client.Client) error {
		ws, err := c.ForID(anID).WebSocket(ctx, "/x")
		if err != nil {
			return err
		}
		defer func() { _ = ws.CloseNow() }()
		ws.SetReadLimit(1 << 20)
		_, _, err = ws.Read(ctx)
		return err
	},
}

func second[T any](_ T, err error) error { return err }

// Whatever a server answers, and wherever: the client comes back in time, in bounded memory,
// and sends its token to nobody else.
func TestNoAnswerDoesHarm(t *testing.T) {
	t.Parallel()
	var leaked atomic.Int64
	elsewhere := besiege(t, func(req *http.Request) bool {
		if strings.Contains(fmt.Sprint(req.URL, req.Header), siegeToken) {
			leaked.Add(1)
		}
		return true
	}, nil)
	isMetadata := func(req *http.Request) bool { return strings.HasSuffix(req.URL.Path, "/metadata") }
	kinds := 0
	for kind, hurt := range hostileAnswers("http://engine.elsewhere.example") {
		kinds++
		meet(t, elsewhere, kind, "metadata", func(req *http.Request) bool { return !isMetadata(req) }, hurt, stages["call"])
		for stage, do := range stages {
			meet(t, elsewhere, kind, stage, isMetadata, hurt, do)
		}
	}
	for kind, hurt := range hostileMessages() {
		kinds++
		notSocket := func(req *http.Request) bool { return req.Header.Get("Upgrade") == "" }
		for _, stage := range []string{"connect", "WebSocket", "inspect"} {
			meet(t, elsewhere, kind, stage, notSocket, hurt, stages[stage])
		}
	}
	t.Cleanup(func() {
		if n := leaked.Load(); n != 0 {
			t.Errorf("the token went elsewhere %d times", n)
		}
	})
	t.Logf("%d kinds of hostile answers", kinds)
}

// meet lets a stage meet one kind of answer.
func meet(t *testing.T, elsewhere *besieger, kind, stage string, fine func(*http.Request) bool, hurt func(io.Writer), do func(context.Context, *client.Client) error) {
	t.Helper()
	t.Run(kind+"/"+stage, func(t *testing.T) {
		t.Parallel()
		b := besiege(t, fine, hurt)
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasPrefix(address, "engine.elsewhere.example") {
				address = elsewhere.Addr().String()
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}}
		c := newClient(t, client.WithEndpoint("http://"+b.Addr().String()), client.WithNamespace("n"), client.WithToken(siegeToken),
			client.AllowInsecureHTTP(), client.WithHTTPClient(&http.Client{Transport: transport}),
			client.WithEncoding(client.JSON), client.WithRetries(1), client.WithTimeout(siegeLimit), client.WithBackoff(quick))
		ctx, cancel := context.WithTimeout(t.Context(), siegeEnd)
		defer cancel()
		began := time.Now()
		err := do(ctx, c)
		if took := time.Since(began); took > siegeEnd+5*time.Second { // which a goodbye may take
			t.Errorf("it took %s: %v", took, err)
		}
		if held := heap(); held > siegeMemory {
			t.Errorf("%d MiB are held: %v", held>>20, err)
		}
		if err != nil && strings.Contains(err.Error(), siegeToken) {
			t.Errorf("the error shows the token: %v", err)
		}
	})
}
