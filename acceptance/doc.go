// Package acceptance holds the promises that Riveter makes to its users, as scripts that read like a session at a
// terminal. Each runs the real binary against a real engine of its own; see testdata, and rivet_test.go for the commands
// that scripts have besides testscript's.
package acceptance
