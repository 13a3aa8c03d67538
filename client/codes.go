package client

import (
	"errors"
	"net/http"
)

// A speaker is who wrote an answer. An action can fail with any group and code, also those
// of the engine, on purpose or since a call of its own failed with them. What a code says
// about delivery therefore holds only where the engine says it.
type speaker int

const (
	byNobody speaker = iota // something between, or nobody who says so
	byEngine                // the engine or its gateway
	byActor                 // an actor's runtime, or its own code
)

// speakerOf reads the gateway's marks. On everything that came from an actor, raw answers
// included, it sets X-Rivet-Actor, which an actor can neither change nor leave out; on what
// it says itself it sets X-Rivet-Error, and X-Rivet-Actor never. One answer has neither: the
// runtime's actor.stopping (all seen on engine 2.3.19, by actors that throw and send
// whatever they can).
func speakerOf(h http.Header) speaker {
	switch {
	case h.Get("X-Rivet-Actor") != "":
		return byActor
	case h.Get("X-Rivet-Error") != "":
		return byEngine
	default:
		return byNobody
	}
}

// meaning is what a code of Rivet's tells.
type meaning struct {
	is       error    // the sentinel
	anyone   bool     // the sentinel holds also where an actor says it
	delivery Delivery // of a call, where the engine says it
	passes   bool     // a moment later it may be otherwise
	unready  bool     // it says no more than that the actor did not come up: see explain
}

// codes are those that mean more than their HTTP status (wire reference, section 8;
// RivetKit's src/client/lifecycle-errors.ts).
//
// RivetKit's own client sends a call again after actor.restarting, and after actor.stopping
// unless the message says that a running action met it; but the runtime masks the message,
// so that both leave it in doubt, as does what else a runtime says of an actor that ends: a
// message that was answered with actor.dropped_reply had been worked on (engine 2.3.19, an
// actor that was put to sleep). The last three only end WebSockets.
//
// The pegboard.route_ timeouts are of an engine that is too busy to find the way to an actor, or to wake it.
var codes = map[string]meaning{
	"actor.not_found":                         {is: ErrNotFound, delivery: NotDelivered},
	"actor.destroyed_while_waiting_for_ready": {is: ErrNotFound, delivery: NotDelivered},
	"actor.duplicate_key":                     {is: ErrExists, delivery: NotDelivered},
	"actor.destroyed_during_creation":         {is: ErrExists, delivery: NotDelivered},
	"api.forbidden":                           {is: ErrForbidden, delivery: NotDelivered},
	"auth.forbidden":                          {is: ErrForbidden, anyone: true},
	"inspector.unauthorized":                  {is: ErrForbidden, anyone: true},
	"inspector.invalid_protocol_version":      {is: errors.ErrUnsupported, anyone: true},
	"actor.action_timed_out":                  {is: ErrResultLost, anyone: true},
	"message.outgoing_too_long":               {is: ErrResultLost, anyone: true},
	"actor.dropped_reply":                     {is: ErrResultLost, anyone: true},
	"actor.destroying":                        {is: ErrResultLost, anyone: true},
	"actor.shutdown_timeout":                  {is: ErrResultLost, anyone: true},
	"actor.restarting":                        {is: ErrResultLost, anyone: true, passes: true},
	"actor.stopping":                          {is: ErrResultLost, anyone: true, passes: true},
	"envoy.actor_not_found":                   {delivery: NotDelivered, passes: true},
	"envoy.actor_generation_mismatch":         {delivery: NotDelivered, passes: true},
	"guard.rate_limit":                        {delivery: NotDelivered, passes: true},
	"guard.actor_ready_timeout":               {passes: true, unready: true},
	"guard.route_dispatch_timeout":            {passes: true, unready: true},
	"guard.actor_wake_retries_exceeded":       {unready: true},
	"guard.actor_stopped_while_waiting":       {passes: true},
	"guard.service_unavailable":               {passes: true},
	"guard.gateway_response_start_timeout":    {passes: true},
	"guard.tunnel_request_aborted":            {passes: true},
	"guard.tunnel_response_closed":            {passes: true},
	"guard.tunnel_message_timeout":            {passes: true},
	"pegboard.route_auth_check_timeout":       {passes: true},
	"pegboard.route_fetch_actor_timeout":      {passes: true},
	"pegboard.route_resolve_query_timeout":    {passes: true},
	"pegboard.route_subscribe_timeout":        {passes: true},
	"pegboard.route_wake_signal_timeout":      {passes: true},
	"guard.websocket_garbage_collected":       {passes: true},
	"actor.stopped":                           {passes: true},
	"ws.going_away":                           {passes: true},
}

// meaning looks the error's code up; what is not in the table means nothing special.
func (e *Error) meaning() (m meaning, known bool) {
	m, known = codes[e.Group+"."+e.Code]
	return m, known
}

// passes says that what refused a request may not do so a moment later.
func (e *Error) passes() bool {
	m, _ := e.meaning()
	return m.passes || e.Status == http.StatusTooManyRequests
}
