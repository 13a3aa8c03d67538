// Package client talks to Rivet Actors from Go: it calls actions, listens to events,
// sends to queues, and knows which actors exist.
//
// A [Client], made by [New], stands for one namespace of one Rivet. From it come
// handles, which address actors:
//
//	c, err := client.New(client.WithEnvironment(os.LookupEnv))
//	room := c.GetOrCreate("chatRoom", client.Key{"org-acme", "general"})
//	topic, err := client.Call[string](ctx, room, "getTopic")
//
// and the [Management] API, which lists, creates and destroys actors without waking
// them.
//
// # Values
//
// What an action takes and gives is a JavaScript value. In Go it is
//
//	null           nil                       undefined    Undefined
//	boolean        bool                      BigInt       *big.Int
//	number         float64                   Uint8Array   []byte
//	string         string                    Date         time.Time, to the millisecond
//	Array          []any                     Set          Set
//	object         map[string]any            all others   Tag
//
// Arguments may also be other Go numbers, which arrive as numbers, and structs, maps
// and slices of all kinds, with the names that json tags give. An integer that a
// JavaScript number cannot hold exactly is an error, unless it is a *big.Int. Results
// are turned into Go values of one's own by [Call] and [Convert].
//
// # Connections
//
// [Handle.Connect] opens a connection, over which an actor also sends events. It stays:
// when it breaks it is opened again, with its subscriptions.
//
// # Errors
//
// Every failure is an [*Error], which [errors.As] finds. What matters most after a
// failed call is whether the actor got it: [DeliveryOf] tells. The client itself sends a
// call again only if that surely repeats nothing.
//
// # What it does not do
//
// It runs no actors: that is RivetKit's. It keeps nothing but the ids that it found, and
// waits for nothing unasked: an actor that was created may start a moment later. The
// engine itself may deliver a call twice when a registry dies in the middle of it.
package client
