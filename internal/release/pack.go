package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// sources is the folder with the package itself, from the repository's root.
const sources = "internal/release/npm"

// A pack makes the packages of npm.
type pack struct {
	files    map[string][]byte // of the package itself
	manifest manifest
}

// manifest is a package.json.
type manifest map[string]any

// readPack reads the sources, as those of a version.
func readPack(version string) (*pack, error) {
	p := &pack{files: map[string][]byte{}}
	paths, err := filepath.Glob(filepath.Join(sources, "*"))
	if err != nil {
		return nil, err
	}
	for _, file := range append(paths, "LICENSE") {
		if p.files[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(p.files["package.json"], &p.manifest); err != nil {
		return nil, err
	}
	p.manifest["version"] = version
	return p, nil
}

// of is the name of the package of a platform.
func (p *pack) of(t platform) string { return fmt.Sprintf("%s-%s-%s", p.manifest["name"], t.os, t.cpu) }

// main packs the package itself, which has those of all platforms as dependencies that may be missing.
func (p *pack) main(into *folder) error {
	binaries := map[string]any{}
	for _, t := range platforms() {
		binaries[p.of(t)] = p.manifest["version"]
	}
	m := maps.Clone(p.manifest)
	m["optionalDependencies"] = binaries
	return p.write(into, m, p.files, m["bin"].(map[string]any)["riveter"].(string))
}

// platform packs a binary that was built.
func (p *pack) platform(into *folder, t platform) error {
	binary, err := os.ReadFile(into.join(t.binary()))
	if err != nil {
		return err
	}
	return p.write(into, manifest{
		"name":            p.of(t),
		"version":         p.manifest["version"],
		"description":     "The binary of " + p.manifest["name"].(string) + " for " + t.String(),
		"license":         p.manifest["license"],
		"os":              []string{t.os},
		"cpu":             []string{t.cpu},
		"preferUnplugged": true, // for yarn, which runs nothing that lies in an archive
	}, map[string][]byte{t.executable(): binary, "LICENSE": p.files["LICENSE"]}, t.executable())
}

// write writes a package, one file of which can be executed.
func (p *pack) write(into *folder, m manifest, files map[string][]byte, executable string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	contents := maps.Clone(files)
	contents["package.json"] = append(text, '\n')
	archive, err := tarball(contents, path.Clean(executable))
	if err != nil {
		return err
	}
	name := strings.NewReplacer("@", "", "/", "-").Replace(m["name"].(string))
	return into.write(fmt.Sprintf("%s-%s.tgz", name, m["version"]), archive)
}
