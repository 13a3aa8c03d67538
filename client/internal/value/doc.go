// Package value has JavaScript's values in Go, and writes and reads them as RivetKit does.
//
// A value takes one of two ways. [Marshal] and [Unmarshal] go by CBOR, which carries everything. Where a value passes through JSON's model,
// [Model] makes what [encoding/json] or [EncodeCBOR] then writes, and [Read] takes what [DecodeJSON] or [DecodeCBOR] has read. What the
// one or the other lacks travels as an array that begins with a marker, such as ["$BigInt","5"].
//
// Any Go value can be written; the documentation of package client says what becomes of each, and which ones are read. The package
// knows no messages.
package value
