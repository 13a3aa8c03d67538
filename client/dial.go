package client

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// maxMessage bounds one message from a server; the engine sends no more than 1 MiB.
const maxMessage = 32 << 20

// dial opens a WebSocket to an actor. Whether the actor is there shows only afterwards:
// the engine accepts every handshake.
func (c *Client) dial(ctx context.Context, r route, req request, protocols []string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(req.timeout, actorTimeout))
	defer cancel()
	x := &exchange{request: req, redact: r.redact}
	header := http.Header{}
	c.setCommonHeaders(header, r, true)
	ws, resp, err := websocket.Dial(ctx, r.url(req), &websocket.DialOptions{ //nolint:bodyclose // Dial leaves nothing to close
		HTTPClient:   c.oneHandshake(),
		HTTPHeader:   header,
		Subprotocols: append([]string{"rivet"}, protocols...),
	})
	switch {
	case err == nil:
		if err := req.to.answeredBy(resp.Header.Get("X-Rivet-Actor")); err != nil {
			_ = ws.CloseNow()
			return nil, x.fail(NotDelivered, err)
		}
		ws.SetReadLimit(maxMessage)
		return ws, nil
	case resp != nil && resp.StatusCode >= 300:
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		x.answer = answer{status: resp.StatusCode, header: resp.Header, body: body}
		refused := x.outcome(ctx, nil)
		if refused.isRefusal() {
			refused.delivery = NotDelivered // whoever it is: nothing was sent over a connection that never was
		}
		return nil, refused
	default:
		return nil, x.fail(NotDelivered, cause(ctx, err))
	}
}

func (c *Client) oneHandshake() *http.Client {
	one := c.http
	one.Transport, one.Timeout = c.transport, 0
	one.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &one
}

// closedError turns the end of a WebSocket into an error: what the engine or the actor
// said when it closed it, as "group.code#ray", or the broken connection.
func closedError(req request, err error) *Error {
	e := &Error{Method: req.method, Path: req.shownPath(), ActorID: req.to.id, Err: err}
	closed, ok := errors.AsType[websocket.CloseError](err)
	if !ok {
		return e
	}
	e.Message, e.Err = "the connection was closed", closed
	reason, ray, _ := strings.Cut(closed.Reason, "#")
	group, code, ok := strings.Cut(reason, ".")
	if ok && closed.Code != websocket.StatusNormalClosure {
		e.Group, e.Code, e.RayID, e.Err = group, code, ray, nil
		if ray != "" {
			e.speaker = byEngine
		}
	}
	return e
}
