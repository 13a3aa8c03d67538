// Package cli is Riveter's command line. Each command has a file: its flags fill an options struct, one call does the work,
// and a view shows the result. [Run] is the whole program but for what only a process can do, which package main hands it
// in an [Env].
//
// Human and JSON output are two implementations of one interface, chosen in one place; no command asks which it is.
// Everything passes through package redact on its way out.
package cli
