// Package plan holds Riveter's words and its decisions.
//
// The words are [Address], [Desired] (what a configuration declares), [Observed] (what the server says exists) and
// [Recalled] (what the ledger remembers). The decision is [Build], a pure function of the three: it reads no clock, no
// network and no environment, and gives the same [Plan] for the same input, with a reason for every change and step.
//
//	hcl ──► Desired ──┐
//	server ► Observed ┼─► Build ─► Plan ─► view, apply
//	ledger ► Recalled ┘
//
// The package imports nothing else of Riveter. It neither talks to a server ([Observer] is implemented elsewhere), nor
// writes a ledger, nor draws anything.
package plan
