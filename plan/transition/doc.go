// Package transition gives what a plan would send a digest, by which it is approved.
//
// The digest is the SHA-256 of the canonical JSON (RFC 8785) of what would be sent: the mode, the selection, and for each
// change its address, name, key, action and input, and the address, decision, call and arguments, or the wanted value, of
// each step that is due, with what an actor is made with and how a step is made: its run policy, what it accepts and expects,
// what it waits for, and as whom. A value that is not known yet enters as how it is made: what its expression says, and what
// that refers to. What only says where and when is left out: endpoint, namespace, actor ids, times, counts, reasons.
// So the same change of two environments in the same state has one transition, and one approval. The id of an actor of the
// plan enters as the address of that actor, and step.id as that of its step, wherever in a value they are.
//
// Sensitive values enter as HMACs under the ledger's key, so that nobody can guess one from a digest. Before there is a
// ledger, there is no key that lasts: then it enters only that there is a sensitive value, and what was approved then says
// nothing of which one. Of connection parameters it never says which secret: those are another one in each environment.
package transition
