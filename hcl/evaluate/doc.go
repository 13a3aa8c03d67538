// Package evaluate gives values to what is declared: to every instance of every block, with what nobody knows yet unknown.
//
// An [Evaluation] goes through the stages of a [declare.Config] once, each as soon as what it needs is there, and asks the
// server in between ([Evaluation.Observe]). While a plan is applied it is told what has become known (Settle, Renew,
// SettleStep), and evaluates what depends on it again (Look, Resolve, ResolveStep). What all of it is about,
// and the values, are in package instances.
package evaluate
