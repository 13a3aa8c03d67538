// Package declare holds the blocks of a configuration as they are written, and checks all that needs no value.
//
// [Load] decodes the files of a directory, and of the modules that it calls, by [ModuleSchema] and the schemas of the blocks
// in it. It gives a [Config]: a [Tree] of modules with their declarations, whose references are resolved. Each declaration has
// stages, which can be evaluated one after the other, and each [Stage] says what it needs. Expressions that see the same names
// are in one [Scope].
package declare
