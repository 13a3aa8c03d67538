package cli

import (
	"io"
	"os"
	"slices"
	"strings"
)

// Env is the process that a run lives in.
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

// lookup returns an environment variable.
func (e *Env) lookup(name string) (string, bool) {
	for _, variable := range slices.Backward(e.Environ) {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// isSet reports whether an environment variable has a value that means yes.
func (e *Env) isSet(name string) bool {
	value, _ := e.lookup(name)
	return value != "" && !e.isOff(name)
}

// isOff reports whether an environment variable says no.
func (e *Env) isOff(name string) bool {
	value, _ := e.lookup(name)
	return value == "0" || strings.EqualFold(value, "false")
}

// isDumb reports whether the terminal, if there is one, can only add lines.
func (e *Env) isDumb() bool {
	term, _ := e.lookup("TERM")
	return term == "dumb"
}
