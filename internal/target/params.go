package target

import (
	"context"
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"riveter/client"
)

// ParamsSource gives the connection parameters of actors that have none of their own. It may be called concurrently.
type ParamsSource interface {
	// Params returns the parameters, and a number that tells them from others.
	Params(ctx context.Context) (params any, generation int, err error)
	// Refused says that an actor refused the parameters of a generation, so that the next ones are to be others.
	Refused(generation int)
}

// UseParams takes connection parameters from source. It must be called before anything else.
func (t *Target) UseParams(source ParamsSource) { t.params = source }

// with addresses an actor by its id, since the gateway confuses some keys, with the parameters that are declared. Where there
// are none and those of the source are refused, what do does is done once more with fresh ones: the actor answered that it
// let nobody in.
func (t *Target) with(ctx context.Context, actorID string, declared cty.Value, do func(*client.Handle) error, options ...client.CallOption) error {
	if declared != cty.NilVal {
		params, err := toGo(declared)
		if err != nil {
			return fmt.Errorf("params: %w", err)
		}
		return do(t.client.ForID(actorID, append(options, client.WithParams(params))...))
	}
	if t.params == nil {
		return do(t.client.ForID(actorID, options...))
	}
	var err error
	for range 2 {
		params, generation, missing := t.params.Params(ctx)
		if missing != nil {
			return missing
		}
		err = do(t.client.ForID(actorID, append(options, client.WithParams(params))...))
		if !isRefusal(err) {
			break
		}
		t.params.Refused(generation)
	}
	return err
}

// refusals are the codes by which actors say that they let nobody in with these parameters. The words are theirs to choose
// (wire reference, section 10); these are usual.
var refusals = map[string]bool{
	"unauthorized": true, "unauthenticated": true, "forbidden": true, "access_denied": true, "permission_denied": true,
	"expired": true, "token_expired": true, "invalid_token": true, "invalid_params": true,
}

func isRefusal(err error) bool {
	answer, ok := errors.AsType[*client.Error](err)
	return ok && answer.Group == "user" && refusals[answer.Code]
}

// Prepare asks for connection parameters, so that a source that has none fails before anything is sent.
func (t *Target) Prepare(ctx context.Context) error {
	if t.params == nil {
		return nil
	}
	_, _, err := t.params.Params(ctx)
	return err
}
