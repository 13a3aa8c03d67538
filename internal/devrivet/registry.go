package devrivet

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// patience is how long a registry may take to connect before a person is told what it says.
const patience = 5 * time.Second

// startRegistry starts a registry beside the one that may be running, stops that one when
// the new one is connected, and returns when actors can be created. If the new one cannot
// start, the old one stays.
func (r *Rivet) startRegistry(ctx context.Context) error {
	before, err := r.api(r.ports.public).connected(ctx)
	if err != nil {
		return err
	}
	old := r.registry
	if r.registry, err = r.launchRegistry(ctx); err != nil {
		r.registry = old
		return err
	}
	if err := r.await(ctx, r.impatiently(func(ctx context.Context) error { return r.joined(ctx, before) })); err != nil {
		r.stopRegistry()
		r.registry = old
		return err
	}
	if old != nil {
		old.stop()
	}
	return r.await(ctx, r.createsActors)
}

func (r *Rivet) launchRegistry(ctx context.Context) (*process, error) {
	environment := []string{
		"PATH=" + binaries(r.packages.dir, os.Getenv("PATH")),
		"RIVET_ENDPOINT=" + r.Endpoint(),
		"RIVET_RUN_SERVICES=0", // no actors of Rivet's own beside the user's
	}
	if r.options.AdminToken != "" {
		environment = append(environment, "RIVET_TOKEN="+r.options.AdminToken)
	}
	return launch(ctx, program{
		name: "registry",
		argv: r.packages.command.argv,
		dir:  r.packages.dir,
		env:  cleanEnvironment(environment...),
		log:  r.options.RegistryLog,
		hold: r.folder.hold,
	})
}

// impatiently also tells a person once what is still missing, since a registry that is run by a watcher fails without an end.
func (r *Rivet) impatiently(ready func(context.Context) error) func(context.Context) error {
	since, told := time.Now(), r.options.Progress == nil
	return func(ctx context.Context) error {
		err := ready(ctx)
		if err != nil && !told && time.Since(since) > patience {
			told = true
			fmt.Fprintf(r.options.Progress, "Still waiting: %v\n", err)
		}
		return err
	}
}

// joined is nil when a registry is connected that was not before.
func (r *Rivet) joined(ctx context.Context, before []envoy) error {
	now, err := r.api(r.ports.public).connected(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(now, func(e envoy) bool { return !slices.Contains(before, e) }) {
		return fmt.Errorf("the registry has not connected to the engine (does it call registry.start()?)%s", r.registry.output.lastWords())
	}
	return nil
}
