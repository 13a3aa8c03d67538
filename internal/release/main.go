package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"

	"riveter/internal/cli"
)

func main() {
	out := flag.String("out", "dist", "`FOLDER` to write to")
	only := flag.String("only", "", "build for this `GOOS/GOARCH` alone")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := release(ctx, *out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1) //nolint:forbidigo // this is a main
	}
}

// release writes to a folder, for one platform or all.
func release(ctx context.Context, out, only string) error {
	platforms := slices.DeleteFunc(platforms(), func(p platform) bool { return only != "" && p.String() != only })
	if len(platforms) == 0 {
		return fmt.Errorf("there is no platform %q", only)
	}
	built := &folder{path: out}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	pack, err := readPack(cli.Version)
	if err != nil {
		return err
	}
	for _, p := range platforms {
		if err := p.build(ctx, built.join(p.binary())); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if err := errors.Join(built.add(p.binary()), pack.platform(built, p)); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return errors.Join(pack.main(built), built.writeSums())
}
