//go:build linux

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"riveter/acceptance/speed/results"
)

// setup says where it is measured, with what.
func (s settings) setup(ctx context.Context, all []contender) (results.Setup, error) {
	binary, err := os.ReadFile(filepath.Join(s.folder, "riveter"))
	if err != nil {
		return results.Setup{}, err
	}
	digest := sha256.Sum256(binary)
	setup := results.Setup{
		System: runtime.GOOS, Cores: runtime.NumCPU(), Processor: processor(),
		Go: runtime.Version(), Node: firstLine(ctx, "node", "--version"), Rivetkit: s.rivetkit(), Build: hex.EncodeToString(digest[:4]),
		LostAfter: lostAfter,
	}
	if slices.ContainsFunc(all, func(c contender) bool { return c.name == results.Terraform }) {
		setup.Terraform = firstLine(ctx, "terraform", "version")
	}
	return setup, nil
}

// processor is what Linux calls it.
func processor() string {
	content, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(content)) {
		if name, is := strings.CutPrefix(line, "model name\t: "); is {
			return strings.TrimSpace(name)
		}
	}
	return runtime.GOARCH
}

// firstLine is the first one that a program prints.
func firstLine(ctx context.Context, name string, args ...string) string {
	out, _ := exec.CommandContext(ctx, name, args...).Output()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line
}

// rivetkit is the version of the registry's rivetkit.
func (s settings) rivetkit() string {
	content, _ := os.ReadFile(filepath.Join(s.registry, "node_modules", "rivetkit", "package.json"))
	var pack struct{ Version string }
	_ = json.Unmarshal(content, &pack)
	return pack.Version
}
