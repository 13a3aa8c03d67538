// Package client talks to Rivet Actors from Go: it calls actions, listens to events,
// sends to queues, and knows which actors exist.
//
// A [Client], made by [New], stands for one namespace of one Rivet. From it come
// handles, which address actors:
//
//	c, err := client.New() // RIVET_ENDPOINT and its like
//	room := c.GetOrCreate("chatRoom", client.Key{"org-acme", "general"})
//	topic, err := client.Call[string](ctx, room, "getTopic")
//
// A [Handle] calls actions, sends to queues ([Handle.Send]), and is the transport of an
// HTTP client ([Handle.RoundTrip]) and the door to WebSockets ([Handle.WebSocket]) that
// the actor serves itself. For that a public token (pk_) is enough. [Management], which
// lists, creates and destroys actors without waking them, takes a secret one (sk_).
//
// # Values
//
// What an action takes and gives is a JavaScript value. In Go it is
//
//	null           nil                       undefined      Undefined
//	boolean        bool                      BigInt         *big.Int
//	number         float64                   Uint8Array     []byte
//	string         string                    Date           time.Time, to the millisecond
//	Array          []any                     invalid Date   InvalidDate
//	object         map[string]any            Set            Set
//	                                         all others     Tag
//
// Arguments may also be other Go numbers, which arrive as numbers, and structs, maps
// and slices of all kinds, with the names that json tags give; a json.Marshaler arrives
// as the JSON that it makes, an error as its text. An integer that a JavaScript number
// cannot hold exactly is an error, unless it is a *big.Int. Results are turned into Go
// values of one's own by [Call], [Next] and [Convert].
//
// # Connections
//
// [Handle.Connect] opens a connection, over which an actor also sends events. It stays:
// when it breaks it is opened again, with its subscriptions. A [Subscription] is made for
// it beforehand, by [On], or later, by [Conn.Subscribe]; it has one name or several, and
// is read event by event. [Conn.Flush] tells when the actor knows of it.
//
// # Errors
//
// Every failure after New is an [*Error], which [errors.As] finds; [errors.Is] tells
// what it means ([ErrNotFound] and its like). What matters most after a failed call is
// whether the actor got it: [DeliveryOf] tells, by who answered and not by words that
// anybody can say. The client itself sends a call again only if that surely repeats
// nothing, or if it may ([Idempotent]).
//
// # What it does not do
//
// It runs no actors: that is RivetKit's, of version 2.3 or 2.2. It waits for nothing
// unasked: an actor that was created may start a moment later. The engine itself may
// deliver a call twice when a registry dies in the middle of it.
package client
