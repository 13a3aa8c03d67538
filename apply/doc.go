// Package apply carries out a plan.
//
// A change starts in [Run] when everything that it depends on is done, in the order of addresses, as many at a time as the
// server takes: whoever has ended one goes on with the next. Workers create, call and destroy through an [Executor],
// fill in what was unknown while planning through a [Resolver], and remember each step in a [Ledger] before and after it
// is sent. What happens is told by [Event] as it happens, and by the returned plan.Report in the end, in which every
// change and step has exactly one outcome.
//
// The package knows package plan and nothing else of Riveter. It never decides what to do, and it never sends a step
// again: whether a call may be repeated is the executor's business.
package apply
