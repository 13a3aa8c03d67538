package devrivet

import (
	"context"
	"os"
)

// Install installs a registry's packages, for the tests that need them without a Rivet.
func Install(registry string) error {
	_, err := findPackages(context.Background(), Options{Registry: registry, Progress: os.Stderr})
	return err
}

// EngineEnvironment is what an engine would be started with.
func EngineEnvironment() []string { return cleanEnvironment() }
