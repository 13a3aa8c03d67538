// Package export writes the configuration that declares actors which exist already, as a person would write it: a file for
// each name, one block for the keys of one shape, and for_each over what varies in them.
//
//	[]Actor ─► fit to be declared? ─► groups of one shape ─► labels ─► blocks ─► files, and the address of each actor
//
// [Write] is pure: it asks no server and touches no disk, and the order of the actors makes no difference to the result.
// Planning with what it wrote finds every actor where it is declared; that the plan has nothing to record either is up to
// the caller, who binds the addresses to the actors in the ledger. [First] writes the configuration to begin with where no actor exists.
package export
