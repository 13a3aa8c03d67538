// Package instances is what a configuration comes to: instances of its modules and blocks, with the values that they have so far, and
// what expressions see of them.
//
// A [Module] holds what is declared in it: values ([Binding]), blocks ([Block]) with their instances ([Instance]), and calls of other
// modules ([Call]). An expression is evaluated in the [Frame] of its scope, which its instances share, so that what is the same for all of
// them is evaluated once; a [Reader] evaluates the attributes of a block. On the way it is noted what a value depends on
// ([Dependencies]), how it is made where it is not known, and which secrets it holds and what these are made of ([Outside]). When which
// of them is evaluated, and what a server says, is the business of package evaluate.
package instances
