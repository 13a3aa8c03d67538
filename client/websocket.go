package client

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// WebSocket opens a WebSocket to the actor's own handler, which sees the path, with
// "/websocket" before it, and the query, as in "room/1?as=ada". The engine accepts the
// handshake whatever becomes of it: an actor that is not there closes the WebSocket, with
// the reason in Rivet's words.
//
// The context bounds the handshake. The caller closes the WebSocket.
func (h *Handle) WebSocket(ctx context.Context, path string) (*websocket.Conn, error) {
	asked, err := url.Parse("http://actor/" + strings.TrimPrefix(path, "/")) // lest a colon or two slashes say more
	if err != nil {
		return nil, notSent(err)
	}
	h.refresh()
	req, r, err := h.address(ctx, http.MethodGet, "/websocket/"+strings.TrimPrefix(asked.EscapedPath(), "/"))
	if err != nil {
		return nil, err
	}
	req.rawQuery = asked.RawQuery
	return h.dialWith(ctx, r, req, nil)
}
