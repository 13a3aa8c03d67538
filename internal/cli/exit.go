package cli

import "fmt"

// The exit codes. A code that a script does not know means failure.
const (
	exitOK          = 0
	exitError       = 1
	exitChanges     = 2   // with -detailed-exitcode: the plan has changes
	exitUnformatted = 3   // with fmt -check: something differs
	exitInterrupted = 130 // stopped by a signal
)

// exit is an error that says nothing but the exit code: everything else was shown already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }
