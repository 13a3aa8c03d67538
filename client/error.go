package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What an [Error] can mean, to be asked with [errors.Is].
var (
	// ErrNotFound means that there is no such actor: never created, destroyed, or
	// in another namespace.
	ErrNotFound = errors.New("actor not found")
	// ErrExists means that an actor with this name and key exists already.
	ErrExists = errors.New("actor exists already")
	// ErrForbidden means that Rivet, or an actor's access control, lets nobody in with
	// this token or these parameters.
	ErrForbidden = errors.New("access denied")
	// ErrResultLost means that the actor or its runtime got the call, but what became of it is not
	// known: it takes longer than the actor allows and may still go on, or its result was
	// too long, torn or not readable.
	ErrResultLost = errors.New("the result is lost")
	// ErrClosed means that the client, the connection or the subscription was closed.
	ErrClosed = errors.New("closed")
	// ErrInsecure means that a token would go to another machine in the clear: see
	// [AllowInsecureHTTP].
	ErrInsecure = errors.New("the token would travel over plain HTTP")
	// ErrUntrusted means that the token, or headers of one's own, would go to a host at another
	// site, which the endpoint's metadata names: see [WithTrustedHosts].
	ErrUntrusted = errors.New("the host is not trusted")
	// ErrSlowConsumer means that a subscription ended since its events were not read: see
	// [WithEventBuffer].
	ErrSlowConsumer = errors.New("the events of the subscription were not read")
)

// Error is how every failed request, call and connection ends. Group and Code say
// what went wrong in Rivet's words; both are empty where no answer of Rivet's was
// received, and Err has the cause then.
//
// An Error holds no header and no token, and no more of a body than its words. Its texts come from the server
// as they are; only [Error.Error] makes them fit for a terminal.
type Error struct {
	Group   string // "user" for an error that an action threw on purpose
	Code    string
	Message string
	// Metadata is what a UserError carries, as a value like a call's result.
	Metadata any

	// Method and Path, below the endpoint and without query, are those of the request;
	// for a call over a connection, those that it would have over HTTP.
	Method, Path string

	Status int    // HTTP status; 0 without an answer, and on connections
	RayID  string // finds the request in the engine's own log

	ActorID    string
	Generation uint64 // which of the actor's runs answered, from 1; 0 where none is known to have
	Key        Key    // of the actor that answered; nil where that is not known

	Err error

	speaker  speaker
	delivery Delivery
}

// maxErrorText is how much of a server's text [Error.Error] repeats, in bytes.
const maxErrorText = 2000

// Error describes the failure in one line, without control characters and of
// bounded length.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Method != "" {
		fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, "%s.%s: %s", e.Group, e.Code, e.Message)
	} else if e.Message != "" {
		b.WriteString(e.Message)
	}
	if e.Err != nil {
		if e.Message != "" || e.Code != "" {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	text := printable(b.String(), maxErrorText)
	if e.RayID != "" {
		text += " (ray " + printable(e.RayID, 100) + ")"
	}
	return text
}

// Unwrap returns the cause, so that [errors.Is] finds a cancelled context.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the error has one of the meanings above, or that of
// [errors.ErrUnsupported].
func (e *Error) Is(target error) bool {
	if m, known := e.meaning(); known {
		return m.is == target && (m.anyone || e.speaker == byEngine) && !e.missesRoute()
	}
	return target == ErrForbidden && e.Code == "" && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

func (e *Error) is(group, code string) bool { return e.Group == group && e.Code == code }

// endedBy adds that the caller's context ended while another attempt was due.
func (e *Error) endedBy(ctx context.Context) *Error {
	if ctx.Err() == nil || errors.Is(e.Err, context.Cause(ctx)) {
		return e
	}
	e.Err = errors.Join(context.Cause(ctx), e.Err)
	return e
}

// missesRoute tells a path that the actor does not serve from a missing actor.
func (e *Error) missesRoute() bool {
	metadata, ok := e.Metadata.(map[string]any)
	return ok && metadata["resource"] == "route"
}

// printable bounds text and replaces what could act on a terminal.
func printable(text string, limit int) string {
	end := min(len(text), limit)
	for range utf8.UTFMax - 1 { // a secret is not known any more by half a letter
		if end < len(text) && !utf8.RuneStart(text[end]) {
			end--
		}
	}
	clean := strings.Map(printableRune, text[:end])
	if end < len(text) || len(clean) > limit {
		return strings.ToValidUTF8(clean[:min(len(clean), limit)], "") + "…"
	}
	return clean
}

func printableRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return unicode.ReplacementChar
	}
	return r
}
