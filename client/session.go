package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"riveter/client/internal/wire"
)

// session is one WebSocket of a connection, from the actor's acceptance to its end.
type session struct {
	ws       *websocket.Conn
	request  request
	encoding Encoding
	redact   func(string) string
	limit    time.Duration // of an answer

	// heard is when the latest message came, as the time since the session was opened. Of an actor
	// whose registry was killed none comes any more, while the engine holds the WebSocket open,
	// answers pings and drops what is sent, also when the actor runs again elsewhere.
	heard  atomic.Int64
	opened time.Time

	mu      sync.Mutex
	pending map[uint64]chan<- result // nil once the session has ended

	followed map[string]bool // the subscriptions that the actor was told of
}

// result is how a call over a session ended.
type result struct {
	output any
	err    *Error
}

// writeTimeout bounds how long one message may take to be written.
const writeTimeout = 15 * time.Second

func (h *Handle) dialSession(ctx context.Context) (*session, error) {
	h.refresh()
	req, r, err := h.address(ctx, http.MethodGet, "/connect")
	if err != nil {
		return nil, err
	}
	protocols := []string{"rivet_encoding." + h.how.encoding.String()}
	ws, err := h.dialWith(ctx, r, req, protocols)
	if err != nil {
		h.forget(req.to.id)
		return nil, err
	}
	return &session{
		ws: ws, opened: time.Now(), request: req, encoding: h.how.encoding, redact: r.redact, limit: h.how.limit(),
		pending: map[uint64]chan<- result{}, followed: map[string]bool{},
	}, nil
}

// dialWith opens a WebSocket with the connection parameters of the moment.
func (h *Handle) dialWith(ctx context.Context, r route, req request, protocols []string) (*websocket.Conn, error) {
	params := h.how.params
	if h.how.getParams != nil {
		fresh, err := h.how.getParams(ctx)
		if err != nil {
			return nil, notSent(fmt.Errorf("%w: %w", errNoParams, err))
		}
		params = &fresh
	}
	if params != nil {
		text, err := wire.MarshalParams(*params)
		if err != nil {
			return nil, &Error{Err: err, delivery: NotDelivered}
		}
		protocols = append(protocols, "rivet_conn_params."+escape(text))
	}
	if h.how.impatient && req.to.id != "" {
		protocols = append(protocols, "rivet_skip_ready_wait")
	}
	if r.token != "" {
		protocols = append(protocols, "rivet_token."+escape(r.token))
	}
	return h.c.dial(ctx, r, req, protocols)
}

var errNoParams = errors.New("get the connection parameters")

// read returns the next message.
func (s *session) read(ctx context.Context) (any, error) {
	_, data, err := s.ws.Read(ctx)
	if err != nil {
		return nil, closedError(s.request, cause(ctx, err))
	}
	s.heard.Store(int64(time.Since(s.opened)))
	message, err := wire.UnmarshalMessage(s.encoding, data)
	if err != nil {
		return nil, closedError(s.request, fmt.Errorf("undecodable message: %w", err))
	}
	if m, ok := message.(wire.Event); ok {
		return arrival{Event{m.Name, m.Args}, len(data)}, nil
	}
	return message, nil
}

// frameOf returns the type of WebSocket message that the encoding uses.
func frameOf(e Encoding) websocket.MessageType {
	if e == JSON {
		return websocket.MessageText
	}
	return websocket.MessageBinary
}

// write sends one message. It does not heed the end of the context, which would tear
// down the session of all calls.
func (s *session) write(ctx context.Context, data []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	return s.ws.Write(ctx, frameOf(s.encoding), data)
}

// follow tells the actor which events are wanted, as far as it does not know yet. A failure
// ends the session, and the next one subscribes anew.
func (s *session) follow(ctx context.Context, wanted []string) {
	for _, event := range wanted {
		if !s.followed[event] {
			s.followed[event] = true
			s.subscribe(ctx, event, true)
		}
	}
	for event := range s.followed {
		if !slices.Contains(wanted, event) {
			delete(s.followed, event)
			s.subscribe(ctx, event, false)
		}
	}
}

func (s *session) subscribe(ctx context.Context, event string, on bool) {
	data, err := wire.MarshalSubscription(s.encoding, event, on)
	if err != nil || s.write(ctx, data) != nil {
		s.drop()
	}
}

// drop ends the session from our side, without ceremony.
func (s *session) drop() { _ = s.ws.CloseNow() }

// expect registers a call and reports whether the session can still carry it.
func (s *session) expect(id uint64, answer chan<- result) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending == nil {
		return false
	}
	s.pending[id] = answer
	return true
}

// settle hands a call its result. A call that nobody waits for any more is passed over.
func (s *session) settle(id uint64, r result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer, ok := s.pending[id]; ok {
		delete(s.pending, id)
		answer <- r
	}
}

// refuse hands an error to the call that it answers; one for the whole connection is
// returned.
func (s *session) refuse(m wire.Error) error {
	e := errorOf(m.Failure)
	e.Message = s.redact(e.Message)
	e.Method, e.Path, e.ActorID = s.request.method, s.request.shownPath(), cmp.Or(e.ActorID, s.request.to.id)
	e.speaker = byActor // the engine says what it has to say when it closes
	if m.ID == nil {
		e.delivery = NotDelivered
		return e
	}
	e.delivery = Delivered
	s.settle(*m.ID, result{err: e})
	return nil
}

// end leaves every call without an answer in doubt.
func (s *session) end(err error) {
	s.drop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, answer := range s.pending {
		answer <- result{err: s.lost(err)}
	}
	s.pending = nil
}

// lost is what becomes of a call whose answer will not come.
func (s *session) lost(err error) *Error {
	e := *closedError(s.request, err)
	if ended, ok := errors.AsType[*Error](err); ok {
		e = *ended
	}
	e.delivery = InDoubt
	return &e
}

// silence is how long nothing may come before a session asks the actor whether it is still there.
const silence = 30 * time.Second

// noAction is the name of an action that no actor has. The actor's runtime refuses it, whereas the answer to a ping is the
// engine's, and proves nothing of the actor.
const noAction = "$alive"

var errSilent = errors.New("the actor does not answer any more")

// keepAlive ends the session by way of end, which ends ctx too, when nobody answers.
func (s *session) keepAlive(ctx context.Context, end context.CancelCauseFunc, newID func() uint64) {
	for ctx.Err() == nil {
		heard := s.heard.Load()
		left := silence - (time.Since(s.opened) - time.Duration(heard))
		if s.isSilent(ctx, heard, left) && (s.probe(ctx, newID()) != nil || s.isSilent(ctx, heard, min(silence, s.limit))) {
			end(errSilent)
		}
	}
}

// isSilent waits, and reports whether nothing more than what was heard has come by then. When ctx ends, it is false.
func (s *session) isSilent(ctx context.Context, heard int64, d time.Duration) bool {
	return pause(ctx, d) == nil && s.heard.Load() == heard
}

// probe makes the actor's runtime send something.
func (s *session) probe(ctx context.Context, id uint64) error {
	data, err := wire.MarshalAction(s.encoding, id, noAction, nil)
	if err != nil {
		return err
	}
	return s.write(ctx, data)
}
