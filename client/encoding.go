package client

import "riveter/client/internal/wire"

// Encoding is how values travel between this package and an actor.
type Encoding = wire.Encoding

const (
	// Bare is lossless, small and the same over HTTP and connections: the default.
	Bare Encoding = wire.Bare
	// CBOR carries no more than JSON does, but for results and events over a connection.
	CBOR Encoding = wire.CBOR
	// JSON cannot carry times, NaN and infinities: as arguments they are errors, and an
	// action that returns one gives nil instead, or breaks the connection.
	JSON Encoding = wire.JSON
)
