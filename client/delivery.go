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

// deliveryOfAnswer judges an error that came as an HTTP answer.
func deliveryOfAnswer(e *Error) Delivery {
	m, known := e.meaning()
	switch {
	case e.speaker == byActor:
		return Delivered
	case e.speaker == byEngine && known:
		return m.delivery
	case e.speaker == byNobody && e.Code != "":
		return e.unmarkedDelivery()
	case e.isRefusal() && (e.speaker == byEngine || isOfRequest(e.Status)):
		return NotDelivered
	default:
		return InDoubt
	}
}

// isRefusal reports whether an answer says that the request, as it is, will not be answered otherwise.
func (e *Error) isRefusal() bool {
	return e.Status >= 300 && e.Status < 500 && e.Status != http.StatusRequestTimeout && e.Status != http.StatusTooManyRequests
}

// isOfRequest reports whether a status is said of a request before it is passed on, whoever says it, as HTTP has it: of 401, "the request has not
// been applied" (RFC 9110, 15.5.2). What else something between
// answers may be what it makes of the actor's answer: a filter that inspects answers says 403 or 404, or leads to a page of its
// own, after the actor was called.
func isOfRequest(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect, http.StatusUnauthorized, http.StatusProxyAuthRequired, http.StatusLengthRequired,
		http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusExpectationFailed, http.StatusMisdirectedRequest,
		http.StatusUpgradeRequired, http.StatusRequestHeaderFieldsTooLarge:
		return true
	default:
		return false
	}
}

// unmarkedDelivery judges an answer in Rivet's words that nobody marked: by the runtime of
// RivetKit 2.2, whose answers the gateway does not mark, or one on its way to stop.
func (e *Error) unmarkedDelivery() Delivery {
	if e.Group == "user" || e.Group == "action" {
		return Delivered
	}
	return InDoubt
}

// isDialError recognizes failures to get a connection at all.
func isDialError(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns || errors.Is(err, syscall.ECONNREFUSED)
}
