// Package ledgertest is for tests of what keeps a ledger and of what uses one: [TestHome] is the contract that every home
// passes, and [Home] is a home in memory whose writes fail as a test wants.
package ledgertest
