package apply

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// PanicError is the error of a change or step at which riveter itself went wrong. It loses nobody else's outcome.
type PanicError struct {
	Said  string // what is wrong; secrets are taken out
	Where string // the calls that led there, one a line, the innermost first
}

// Error says what is wrong and what to report.
func (e *PanicError) Error() string {
	return "this is a bug in riveter, and everything else goes on as it would have. Please report it with these lines:\n" + e.Said + "\n" + e.Where
}

// safely does something, and makes an error of its panic.
func (o *Options) safely(do func() error) (err error) {
	defer func() {
		if said := recover(); said != nil {
			err = &PanicError{o.Redact(fmt.Sprint(said)), callers()}
		}
	}()
	return do()
}

// callers lists the calls that led to a panic. It has no arguments, so that no value is among them.
func callers() string {
	const most, deferred = 12, 4 // itself, the deferred function, and what the runtime calls it by
	counters := make([]uintptr, most)
	frames := runtime.CallersFrames(counters[:runtime.Callers(deferred, counters)])
	var lines []string
	for {
		frame, more := frames.Next()
		lines = append(lines, fmt.Sprintf("  %s (%s:%d)", path.Base(frame.Function), path.Base(frame.File), frame.Line))
		if !more {
			return strings.Join(lines, "\n")
		}
	}
}
