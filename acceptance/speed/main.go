//go:build linux

// Command speed measures riveter beside what else could seed the same actors, on a real engine that starts anew for each of them:
// the limit (Go's net/http with the requests that have to be made, 16 at a time) and a script with RivetKit's own client. It prints
// medians of interleaved rounds, the ratios that riveter is held to, and how each time grows with the number of actors.
//
//	go run ./acceptance/speed -sizes 100,1000 -rounds 5
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

type settings struct {
	sizes, offline []int
	rounds         int
	registry       string
	folder         string // for what is built and written, gone at the end
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1) //nolint:forbidigo // this is a main
	}
}

func run() (err error) {
	if len(os.Args) > 1 && os.Args[1] == limitCommand {
		return runLimit(os.Args[2:])
	}
	var s settings
	sizes := flag.String("sizes", "100,1000", "numbers of actors")
	offline := flag.String("offline", "10000,100000", "numbers of instances that are only validated")
	flag.IntVar(&s.rounds, "rounds", 3, "how often everything is measured")
	flag.StringVar(&s.registry, "registry", filepath.Join("examples", "registry"), "the folder of the registry of actors")
	flag.Parse()
	if s.sizes, err = numbers(*sizes); err != nil {
		return err
	}
	if s.offline, err = numbers(*offline); err != nil {
		return err
	}
	if len(s.sizes) == 0 {
		return errors.New("-sizes has no number of actors")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return compare(ctx, s)
}

func numbers(list string) ([]int, error) {
	var all []int
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of actors", word)
		}
		all = append(all, n)
	}
	return all, nil
}

// compare measures everything, and prints it.
func compare(ctx context.Context, s settings) (err error) {
	if s.folder, err = os.MkdirTemp("", "riveter-speed-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.folder)) }()
	if s.registry, err = filepath.Abs(s.registry); err != nil {
		return err
	}
	all, err := contenders(ctx, s)
	if err != nil {
		return err
	}
	r := newResults()
	for round := range s.rounds {
		for _, n := range s.sizes {
			for i := range all {
				c := all[(i+round)%len(all)]
				fmt.Fprintf(os.Stderr, "round %d, %d actors: %s\n", round+1, n, c.name)
				if err := s.measure(ctx, c, n, r); err != nil {
					return fmt.Errorf("%s, %d actors: %w", c.name, n, err)
				}
			}
		}
		if err := s.measureOffline(ctx, r); err != nil {
			return err
		}
	}
	for _, c := range all {
		if err := s.countRequests(ctx, c, s.sizes[0], r); err != nil {
			return fmt.Errorf("%s, counting: %w", c.name, err)
		}
	}
	r.print(ctx, os.Stdout, s, all)
	return nil
}

// build builds riveter as it is released.
func build(ctx context.Context, folder string) (string, error) {
	path := filepath.Join(folder, "riveter")
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "riveter").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build riveter: %w\n%s", err, out)
	}
	return path, nil
}
