package target

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"riveter/client"
	"riveter/internal/export"
)

// Names implements operate.Server.
func (t *Target) Names(ctx context.Context) ([]string, error) {
	names := []string{}
	for name, err := range t.api.ActorNames(ctx) {
		if err != nil {
			return nil, fmt.Errorf("list the names of actors: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

// List returns the actors of the names that exist, of all names that registries have announced where none is given, whose
// keys begin with the parts of prefix. It wakes none of them.
func (t *Target) List(ctx context.Context, names, prefix []string) ([]export.Actor, error) {
	if len(names) == 0 {
		var err error
		if names, err = t.Names(ctx); err != nil {
			return nil, err
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	found := make([][]export.Actor, len(names))
	lists, ctx := errgroup.WithContext(ctx)
	lists.SetLimit(t.lookups)
	for i, name := range names {
		lists.Go(func() error {
			for actor, err := range t.api.Actors(ctx, name, client.ListOptions{}) {
				if err != nil {
					return fmt.Errorf("list the actors named %q: %w", name, err)
				}
				if hasPrefix(actor.Key, prefix) {
					found[i] = append(found[i], t.existing(actor))
				}
			}
			return nil
		})
	}
	err := lists.Wait()
	return slices.Concat(found...), err
}

func hasPrefix(key, prefix []string) bool {
	return len(key) >= len(prefix) && slices.Equal(key[:len(prefix)], prefix)
}

// existing describes an actor by what differs from the defaults.
func (t *Target) existing(actor client.Actor) export.Actor {
	a := export.Actor{Name: actor.Name, Key: actor.Key, ID: actor.ID, Unfit: unfit(actor)}
	if actor.Pool != t.client.Pool() {
		a.Pool = actor.Pool
	}
	if actor.CrashPolicy != client.CrashSleep {
		a.CrashPolicy = string(actor.CrashPolicy)
	}
	return a
}

// unfit says why a declaration could not stand for an actor. One that is failing now may have been well before, and
// stays declared; one that never was well might as well not be there.
func unfit(actor client.Actor) string {
	switch {
	case actor.Key == nil:
		return "it has no key"
	case actor.WireKey != actor.Key.String():
		return fmt.Sprintf("its key %q is not spelt as riveter would spell it, so it could not be found", actor.WireKey)
	case actor.StartedAt.IsZero() && actor.Failure.IsCrash():
		return "it has never started: " + ownWords(actor.Failure)
	default:
		return ""
	}
}
