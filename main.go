// Riveter declares Rivet Actors in files, shows what would change, and seeds them.
package main

import (
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"riveter/internal/cli"
	"riveter/internal/cli/process"
)

func main() {
	log.SetOutput(io.Discard) // net/http quotes there what a server sends unasked
	process.LeaveRoom()
	process.TrustRoots()
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		signal.Notify(interrupts, syscall.SIGHUP)
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a write that nobody reads fails, and is then like an interrupt
	os.Exit(cli.Run(process.Env{
		Args:             os.Args[1:],
		Environ:          os.Environ(),
		Stdin:            os.Stdin,
		Stdout:           os.Stdout,
		Stderr:           os.Stderr,
		StdinIsTerminal:  isTerminal(os.Stdin),
		StdoutIsTerminal: isTerminal(os.Stdout),
		StderrIsTerminal: isTerminal(os.Stderr),
		Width:            width(),
		Interrupts:       interrupts,
		Release:          func() { signal.Stop(interrupts) },
		Chdir:            os.Chdir,
	}))
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// width is that of the terminal, in columns.
func width() int {
	columns, _, err := term.GetSize(int(os.Stderr.Fd()))
	if err != nil {
		columns, _, err = term.GetSize(int(os.Stdout.Fd()))
	}
	switch {
	case err != nil:
		return 0
	case columns == 0: // a terminal that nobody has told how wide it is
		return 80
	default:
		return columns
	}
}
