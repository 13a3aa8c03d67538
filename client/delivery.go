package client

import (
	"errors"
	"net"
	"net/http"
	"syscall"
)

// Delivery says whether a request reached the code of an actor.
type Delivery int

const (
	// InDoubt means that the request may have run, wholly or in part: its answer
	// was lost, or the engine gave up on it.
	InDoubt Delivery = iota
	// NotDelivered means that the request surely did not reach the actor's code:
	// sending it again cannot repeat anything.
	NotDelivered
	// Delivered means that the actor surely got it. It may have thrown half-way,
	// or still be running.
	Delivered
)

// String returns "in doubt", "not delivered" or "delivered".
func (d Delivery) String() string {
	switch d {
	case NotDelivered:
		return "not delivered"
	case Delivered:
		return "delivered"
	default:
		return "in doubt"
	}
}

// DeliveryOf says what err, as returned by this package, means for the request:
// Delivered for nil, InDoubt for errors of other origin.
func DeliveryOf(err error) Delivery {
	if err == nil {
		return Delivered
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.delivery
	}
	return InDoubt
}

// deliveries are the answers of the engine and of an actor's runtime that settle
// the question by their code alone.
//
// RivetKit's own client (src/client/lifecycle-errors.ts) sends a call again after
// actor.restarting, and after actor.stopping unless the message says that a running
// action met it; but the runtime masks the message, so that both leave it in doubt.
var deliveries = map[string]Delivery{
	"actor.action_timed_out":          Delivered, // and goes on running
	"message.outgoing_too_long":       Delivered, // the result was too long, after the action
	"actor.internal_error":            Delivered, // the inspector's word for what it cannot do
	"actor.not_found":                 NotDelivered,
	"actor.action_not_found":          NotDelivered,
	"actor.restarting":                InDoubt,
	"actor.stopping":                  InDoubt,
	"actor.overloaded":                NotDelivered,
	"envoy.actor_not_found":           NotDelivered,
	"envoy.actor_generation_mismatch": NotDelivered,
	"guard.rate_limit":                NotDelivered,
	"message.incoming_too_long":       NotDelivered,
}

// deliveryOfAnswer judges an error that came as an HTTP answer. fromActor says
// that the actor's runtime wrote it, rather than the engine.
func deliveryOfAnswer(e *Error, fromActor bool) Delivery {
	if delivery, ok := deliveries[e.Group+"."+e.Code]; ok {
		return delivery
	}
	switch {
	case e.Status == http.StatusRequestTimeout:
		return InDoubt
	case e.Status >= 300 && e.Status < 500:
		return NotDelivered // refused before an action is looked at
	case e.Group == "user" || fromActor && e.Code != "":
		return Delivered
	default:
		return InDoubt
	}
}

// isDialError recognizes failures to get a connection at all.
func isDialError(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns || errors.Is(err, syscall.ECONNREFUSED)
}
