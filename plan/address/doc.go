// Package address has the names of what is declared: an [Address] names an instance of a block, a [StepAddress] a step of an
// actor, and a [Pattern] selects some of them. Each has one spelling, which is read back by [Parse], [ParseStep] and
// [ParsePattern].
//
// Addresses are for people and for references. Which actor of a server one means is not told by its address.
package address
