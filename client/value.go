package client

import "riveter/client/internal/value"

// The JavaScript values that have no counterpart in Go.
type (
	// Undefined is JavaScript's undefined, which nil, its null, is not. In JSON it is null, as there is nothing nearer.
	Undefined = value.Undefined
	// Set is a JavaScript Set, in its order: a slice of any.
	Set = value.Set
	// InvalidDate is a JavaScript Date that holds no time, as new Date("nonsense") makes it. In JSON it is null, as in JavaScript.
	InvalidDate = value.InvalidDate
	// Tag is a JavaScript value that Go has no counterpart for, as RivetKit tags it in CBOR, with a Number and a Content: a Map is
	// 259, a typed array is 64 to 87, a regular expression or an Error is 27.
	Tag = value.Tag
)
