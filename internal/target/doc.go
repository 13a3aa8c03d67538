// Package target makes package client serve package operate: it is their one adapter to a real Rivet. It
// turns declarations into requests, cty values into Go values and back, and the client's errors into what an apply needs
// to know of them. It decides nothing; the one judgement of its own is how to look up many actors cheaply.
package target
