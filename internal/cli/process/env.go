// Package process is what a run of Riveter knows of the process that it lives in: its arguments and environment, its streams, and
// the signals that interrupt it. It knows no command.
package process

import (
	"bufio"
	"context"
	"io"
	"os"
	"slices"
	"strings"
)

// Env is the process that a run lives in, as package main hands it over. Nothing else asks the operating system for any of it.
type Env struct {
	Args    []string // without the program's name
	Environ []string // NAME=value
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer

	StdinIsTerminal  bool
	StdoutIsTerminal bool
	StderrIsTerminal bool
	Width            int // of the terminal in columns; zero where there is none

	// Interrupts delivers SIGINT, SIGTERM and SIGHUP. Release gives the signals back, so that the next one kills the process.
	Interrupts <-chan os.Signal
	Release    func()

	Chdir func(dir string) error // changes the working directory of the process
}

// Lookup returns an environment variable, and whether it is there. Of several with one name, the last one counts.
func (e *Env) Lookup(name string) (string, bool) {
	for _, variable := range slices.Backward(e.Environ) {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// IsSet reports whether an environment variable has a value that means yes.
func (e *Env) IsSet(name string) bool {
	value, _ := e.Lookup(name)
	return value != "" && !e.IsOff(name)
}

// IsOff reports whether an environment variable says no.
func (e *Env) IsOff(name string) bool {
	value, _ := e.Lookup(name)
	return value == "0" || strings.EqualFold(value, "false")
}

// IsDumb reports whether the terminal, if there is one, can only add lines.
func (e *Env) IsDumb() bool {
	term, _ := e.Lookup("TERM")
	return term == "dumb"
}

// ReadFile reads a file, or standard input for "-".
func (e *Env) ReadFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(e.Stdin)
	}
	return os.ReadFile(path)
}

// ReadLine reads the first line of standard input, which ends with it.
func (e *Env) ReadLine() []byte {
	in := bufio.NewReader(e.Stdin)
	e.Stdin = in
	line, _ := in.ReadBytes('\n') // what is missing of it, its reader misses
	return line
}

// Listen calls line for each line of standard input, from one goroutine, and returns a context that ends with the input. The
// goroutine is left behind, since nothing can end a read.
func (e *Env) Listen(ctx context.Context, line func()) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		for in := bufio.NewScanner(e.Stdin); in.Scan(); {
			line()
		}
	}()
	return ctx
}
