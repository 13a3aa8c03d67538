package devrivet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"unicode"
)

// packages are a registry whose npm packages are all there.
type packages struct {
	dir     string  // the registry's folder, absolute
	command command // that starts it
	engine  string  // the engine's binary
}

// A manifest is what matters of a package.json.
type manifest struct {
	Main            string
	Scripts         map[string]string
	Version         string
	Dependencies    map[string]string
	DevDependencies map[string]string
}

// findPackages finds what a registry needs to run, and installs its packages if they are
// missing.
func findPackages(ctx context.Context, options Options) (packages, error) {
	if !supported {
		return packages{}, fmt.Errorf("a Rivet cannot be started on %s; use WSL", runtime.GOOS)
	}
	dir, err := filepath.Abs(options.Registry)
	if err != nil {
		return packages{}, err
	}
	registry, err := readManifest(dir)
	if err != nil {
		return packages{}, fmt.Errorf("read the registry: %w", err)
	}
	node, err := findNode(ctx)
	if err != nil {
		return packages{}, err
	}
	start, err := chooseCommand(dir, node, options.Command, registry)
	if err != nil {
		return packages{}, err
	}
	engine, err := install(ctx, dir, registry.Dependencies["rivetkit"], options.Progress)
	if err != nil {
		return packages{}, err
	}
	start.tell(options.Progress)
	return packages{dir: dir, command: start, engine: engine}, nil
}

// findEngine finds the engine's binary that came with the registry's rivetkit, of the
// wanted version if that is an exact one. It looks where node would.
func findEngine(dir, wanted string) (string, error) {
	kit, err := resolve(dir, "rivetkit")
	if err != nil {
		return "", err
	}
	found, err := readManifest(kit)
	if err != nil {
		return "", err
	}
	if wanted != "" && unicode.IsDigit(rune(wanted[0])) && found.Version != wanted {
		return "", fmt.Errorf("rivetkit %s is installed, not %s", found.Version, wanted)
	}
	platform, err := enginePackage()
	if err != nil {
		return "", err
	}
	cli, err := resolve(kit, "@rivetkit/engine-cli")
	if err != nil {
		return "", err
	}
	home, err := resolve(cli, platform)
	if err != nil {
		return "", err
	}
	return filepath.Join(home, "rivet-engine"), nil
}

// enginePackage is the npm package that has the engine's binary for this machine.
func enginePackage() (string, error) {
	names := map[string]string{
		"linux/amd64":  "linux-x64-musl", // linked statically: right for glibc too
		"linux/arm64":  "linux-arm64-musl",
		"darwin/amd64": "darwin-x64",
		"darwin/arm64": "darwin-arm64",
	}
	machine := runtime.GOOS + "/" + runtime.GOARCH
	name, ok := names[machine]
	if !ok {
		return "", fmt.Errorf("npm has no Rivet engine for %s", machine)
	}
	return "@rivetkit/engine-cli-" + name, nil
}

// resolve finds an installed package as node does: in the node_modules of dir and of every
// folder above it. The answer has no symbolic links, because pnpm puts a package's own
// dependencies beside its real place.
func resolve(dir, name string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		candidate := filepath.Join(at, "node_modules", name)
		if _, err := os.Stat(filepath.Join(candidate, "package.json")); err == nil {
			return filepath.EvalSymlinks(candidate)
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("the npm package %s is not installed for %s", name, dir)
		}
	}
}

// FindRegistry returns the folder of the registry that belongs to a folder: the first of the folder registry in it or beside it, the folder
// itself, and the one above, that has a package.json that depends on rivetkit. It returns nothing where none of them has.
func FindRegistry(dir string) string {
	for _, candidate := range []string{"registry", filepath.Join("..", "registry"), ".", ".."} {
		if candidate = filepath.Join(dir, candidate); isRegistry(candidate) {
			return candidate
		}
	}
	return ""
}

func isRegistry(dir string) bool {
	m, err := readManifest(dir)
	return err == nil && m.Dependencies["rivetkit"]+m.DevDependencies["rivetkit"] != ""
}

func readManifest(dir string) (manifest, error) {
	content, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return manifest{}, fmt.Errorf("%s has no package.json", dir)
	}
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", filepath.Join(dir, "package.json"), err)
	}
	return m, nil
}
