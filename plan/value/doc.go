// Package value has JavaScript's values in cty: what HCL lacks ([BigInt], [Bytes], [Date], [Undefined]), how values are
// written down ([Encode], [Decode]) and compared ([Match], [Same]), the marks of what is not to be shown or kept
// ([Sensitive], [Ephemeral]), and what a ledger remembers of a value ([Memo]).
//
// Values are those of expressions: they may be unknown or marked, in whole or in part, where a function does not say
// otherwise. All functions are pure.
package value
