// Package operate has the use cases: what can be done with a configuration, a server and a ledger.
//
// [Load] reads and evaluates a configuration as far as that needs nobody else. [Open] makes a [Session] of it, with a
// [Server] and a ledger that are given. The session then plans and applies, verifies, exports, or answers a question; each
// of these returns documents and diagnostics, and draws nothing.
//
// Every error becomes a diagnostic here, with its place in the configuration where it has one, and with the secrets of the
// run taken out. The package knows no command line, no terminal and no HTTP: internal/cli has the former, and
// internal/target makes package client serve [Server].
package operate
