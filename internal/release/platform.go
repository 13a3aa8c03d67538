package main

import (
	"context"
	"os"
	"os/exec"
	"path"
)

// A platform is what binaries are built for, in Go's words and in Node's.
type platform struct{ goos, goarch, os, cpu string }

func platforms() []platform {
	return []platform{
		{"linux", "amd64", "linux", "x64"},
		{"linux", "arm64", "linux", "arm64"},
		{"darwin", "amd64", "darwin", "x64"},
		{"darwin", "arm64", "darwin", "arm64"},
		{"windows", "amd64", "win32", "x64"},
		{"windows", "arm64", "win32", "arm64"},
	}
}

// String is how Go writes it.
func (p platform) String() string { return p.goos + "/" + p.goarch }

// executable is the name of the binary where it is installed.
func (p platform) executable() string {
	if p.goos == "windows" {
		return "riveter.exe"
	}
	return "riveter"
}

// binary is the path of the binary among those of other platforms, which is where docker looks for it.
func (p platform) binary() string { return path.Join(p.goos, p.goarch, p.executable()) }

// build builds the binary. It says which commit it is of, and nothing of the machine.
func (p platform) build(ctx context.Context, to string) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=auto", "-ldflags=-s -w -buildid=", "-o", to, "riveter")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS="+p.goos, "GOARCH="+p.goarch)
	build.Stderr = os.Stderr
	return build.Run()
}
