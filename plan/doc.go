// Package plan is the model of Riveter: the words in which its other packages speak with each other.
//
// A configuration declares a [Desired] for each actor, the server says what is [Observed], the ledger what is [Recalled], and a person
// gives [Orders]. Package decide makes a [Plan] of these, which says of each [Change] and step what is to become of it, and why. A [Report]
// says what became of it.
//
//	hcl ──► Desired ──┐
//	server ► Observed ┼─► decide ─► Plan ─► view, apply ─► Report
//	ledger ► Recalled ┘
//
// What follows from one of these alone is said here: what a step sends, by what it is known again, whether a fact holds, what a plan changes.
// The words for addresses and values are those of the packages address and value below; nothing else of Riveter is imported. The package
// decides nothing, talks to no server ([Observer] is implemented elsewhere), and draws nothing.
package plan
