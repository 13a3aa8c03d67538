// Package decide makes the decisions of Riveter: what is declared, observed and remembered, and what a person orders, become a plan.
//
// [Plan] is a pure function of its [Inputs]: it reads no clock, no network and no environment, and gives the same plan for the same
// input, with a reason for every change and step. [Replacements] and [Results] answer earlier what the evaluation of a configuration
// depends on, and answer as the plan does: whether an actor is made anew, and what a step gave that is not made again. What cannot be
// decided before its turn is a function in the plan: [plan.ActorChange.Meet] and [plan.StepChange.Instance].
//
// The package looks at nothing itself: [Inputs.Doomed] and [Inputs.Presume] say which actors are to be observed besides those that are
// declared.
package decide
