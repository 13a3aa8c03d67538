package value

import (
	"github.com/fxamacker/cbor/v2"
)

// Undefined is JavaScript's undefined, which nil, its null, is not.
type Undefined struct{}

// MarshalJSON writes null: JSON has nothing nearer.
func (Undefined) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Set is a JavaScript Set, in its order.
type Set []any

// Tag is a JavaScript value that Go has no counterpart for, as RivetKit tags it in
// CBOR: a Map is 259, a typed array is 64 to 87, a regular expression or an Error is 27.
type Tag struct {
	Number  uint64
	Content any
}

// MarshalCBOR keeps the tag where it stands inside a Go struct.
func (t Tag) MarshalCBOR() ([]byte, error) { return goCBOR.Marshal(cbor.Tag(t)) }
