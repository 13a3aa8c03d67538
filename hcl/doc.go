// Package hcl is Riveter's configuration language: it reads files, checks them, and evaluates them to what is desired.
//
//	files ──Load──► Config ──Evaluate──► Evaluation ──Observe──► plan.Desired, plan.Observed
//	                          (offline)      │  ▲
//	                                Resolve  ▼  │ Settle
//	                                        apply
//
// [Load] is total: it returns what it could read and every problem it found. It decodes in two stages: the headers and
// attributes of blocks by a fixed schema, while every expression stays unevaluated. It then resolves all references, so
// that misspelt names and cycles are found before anything is evaluated.
//
// [Config.Evaluate] and [Evaluation.Observe] go through the graph of references once. What is declared is a list of
// stages, each of which is evaluated when what it needs is there; an actor's key is a stage of its own, so that the server
// can be asked about many actors at once. What nobody knows yet is unknown, and apply fills it in: it says with Settle
// that an actor is there, asks with Look about data blocks whose keys this makes known, and evaluates with Resolve what
// depends on it.
//
// An expression that names neither each, count nor the actor itself is evaluated once for all instances of its block, and
// they share its value. One that refers to a single instance of another block, as in actor.a.b[each.key].id, depends on
// that one and sees only that one, so that many instances cost no more than their number.
//
// Every problem is a diagnostic with its place, and says what is wrong, why, and what to do. What the library says in its own
// terms is reworded, and what only follows from another problem is left out. testdata/messages.txt shows them all.
//
// The package talks to no server, writes nothing, and decides nothing: what is to be done about a difference is the
// business of package plan. It has the name of the library that it is built on, which is imported as hcl2.
package hcl
