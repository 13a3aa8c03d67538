// Package wire is the client protocol of Rivet Actors: what a client and an actor write to each other over HTTP and over a connection, in
// each [Encoding].
//
// Functions that begin with Marshal write what a client says, and those with Unmarshal read what it is told. They send nothing, and judge
// no answer: what a [Failure] means, package client knows.
package wire
