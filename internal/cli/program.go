package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"syscall"

	"riveter/internal/operate"
	"riveter/internal/redact"
)

// signalled is added to the number of a signal that ended a program, as shells do.
const signalled = 128

// runProgram runs a program against the Rivet that a run is about, with more environment than ours, and ends as it ends. An interrupt is for the program: a
// terminal sends it one itself, and otherwise it is passed on. A second one kills it.
func (a *app) runProgram(ctx context.Context, program []string, environ ...string) error {
	redact.Flush(a.env.Stdout)
	redact.Flush(a.env.Stderr)
	run := exec.CommandContext(ctx, program[0], program[1:]...)
	run.Stdin, run.Stdout, run.Stderr = a.process.Stdin, a.process.Stdout, a.process.Stderr
	run.Env = append(slices.Concat(a.env.Environ, environ), "RIVET_ENDPOINT="+a.global.endpoint)
	stop := a.interrupts.graceful(func() {})
	defer a.interrupts.abrupt()
	if err := run.Start(); err != nil {
		return operate.Problemf("Program cannot be run", "%s: %s.", program[0], err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-stop:
			if !a.env.StdinIsTerminal {
				_ = run.Process.Signal(os.Interrupt) // it may have ended meanwhile
			}
		case <-ended:
		}
	}()
	err := run.Wait()
	failure, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return err
	}
	if status, ok := failure.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exit(signalled + int(status.Signal()))
	}
	return exit(failure.ExitCode())
}
