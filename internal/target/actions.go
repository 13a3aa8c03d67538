package target

import (
	"context"
	"fmt"
)

// Actions implements operate.Server.
func (t *Target) Actions(ctx context.Context, actorID string) ([]string, error) {
	ctx, cancel := within(ctx, noAnswer, callLimit)
	defer cancel()
	t.meter.reads.Add(1)
	actions, err := t.client.Inspector(actorID).Actions(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the actions of the actor %s: %w", actorID, err)
	}
	return actions, nil
}
