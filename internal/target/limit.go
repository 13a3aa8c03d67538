package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// noAnswer is what a call is after its time.
const noAnswer = "no answer"

// within bounds an operation by the first of the limits that is set. Its error then says what it is after that time.
func within(ctx context.Context, otherwise string, limits ...time.Duration) (context.Context, context.CancelFunc) {
	limit := cmp.Or(limits...)
	return context.WithTimeoutCause(ctx, limit, &lateError{otherwise, limit})
}

// isLate reports whether the operation was ended by its limit.
func isLate(ctx context.Context) bool {
	_, late := errors.AsType[*lateError](context.Cause(ctx))
	return late
}

// lateError is the end of an operation by its limit.
type lateError struct {
	otherwise string
	limit     time.Duration
}

// Error implements error.
func (e *lateError) Error() string { return fmt.Sprintf("%s within %s", e.otherwise, e.limit) }

// Unwrap makes it what the standard library calls such an end.
func (e *lateError) Unwrap() error { return context.DeadlineExceeded }
