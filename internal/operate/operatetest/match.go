package operatetest

import (
	"errors"
	"strings"

	"riveter/apply"
)

func isInDoubt(err error) bool    { return errors.Is(err, apply.ErrInDoubt) }
func isUnexpected(err error) bool { return errors.Is(err, apply.ErrUnexpected) }

func isSaid(err error, group, code string) bool {
	said, ok := errors.AsType[*apply.ActorError](err)
	return ok && said.Group == group && said.Code == code
}

func isStartFailure(err error, because string) bool {
	return errors.Is(err, apply.ErrStartFailed) && strings.Contains(err.Error(), because)
}
