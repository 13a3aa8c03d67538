// Package operatetest is for tests of what works with a server: a [Rivet] is one in memory, whose requests fail as a test
// wants, and [TestServer] is the contract that it keeps together with the real one.
//
// The fake is as strict as an engine in what use cases depend on: the answer to a creation says whether the actor is new,
// and an input is dropped where it is not; an actor that does not start stays and keeps its key; one that is made anew has
// another id; what is asked of an actor wakes it. It has the actors of examples/registry, as far as tests need them, with the
// same answers.
package operatetest
