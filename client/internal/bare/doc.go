// Package bare reads and writes the primitives of the BARE message encoding that
// Rivet's protocols use: uint, u64, bool, str, data and optional.
//
// It knows no message: the structs are put together by its user, field by field. A
// [Reader] keeps its first error and returns zero values afterwards, so that a message
// is read in one go and checked once, at the end.
package bare
