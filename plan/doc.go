// Package plan holds the model of Riveter and its decisions.
//
// The model is [Desired] (what a configuration declares), [Observed] (what the server says exists) and [Recalled] (what
// the ledger remembers). The decision is [Build], a pure function of the three: it reads no clock, no network and no
// environment, and gives the same [Plan] for the same input, with a reason for every change and step.
//
//	hcl ──► Desired ──┐
//	server ► Observed ┼─► Build ─► Plan ─► view, apply
//	ledger ► Recalled ┘
//
// The words in which all of this is said are those of the packages address and value below it; nothing else of Riveter is
// imported. The package neither talks to a server ([Observer] is implemented elsewhere), nor writes a ledger, nor draws
// anything.
package plan
