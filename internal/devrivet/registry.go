package devrivet

import "context"

// startRegistry starts the registry, and returns when actors can be created.
func (r *Rivet) startRegistry(ctx context.Context) error {
	environment := []string{
		"RIVET_ENDPOINT=" + r.Endpoint(),
		"RIVET_RUN_SERVICES=0", // no actors of Rivet's own beside the user's
	}
	if r.options.AdminToken != "" {
		environment = append(environment, "RIVET_TOKEN="+r.options.AdminToken)
	}
	var err error
	r.registry, err = launch(ctx, program{
		name: "registry",
		argv: []string{r.packages.node, r.packages.entry},
		dir:  r.packages.dir,
		env:  cleanEnvironment(environment...),
		log:  r.options.RegistryLog,
		hold: r.folder.hold,
	})
	if err != nil {
		return err
	}
	return r.awaitActors(ctx)
}

func (r *Rivet) awaitActors(ctx context.Context) error {
	return r.await(ctx, r.createsActors)
}
