// Package syntax reads configuration files and says what is wrong with how they are written. It knows no block of ours: what
// blocks there are, it is told by a [Schema].
//
// [Sources] is what files are read from: the disk, or a saved copy. [Parse] parses one, [Schema.Decode] splits a body up into
// attributes and blocks whose expressions stay unevaluated. Problems that the library reports in its own terms are reworded,
// so that they say what is wrong, why, and what to do; what only follows from another problem is left out.
package syntax
