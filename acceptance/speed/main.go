//go:build linux

// Command speed measures riveter beside what else could seed the same actors, on a real engine that starts anew for each round:
// the limit (Go's net/http with the requests that have to be made, 16 at a time), a script with RivetKit's own client, and
// Terraform where it and its provider restapi are in PATH. It prints medians of interleaved rounds, what riveter is held to, and how
// each time grows with the number of actors.
//
//	go run ./acceptance/speed -sizes 100,1000 -rounds 5 -results /tmp/results.jsonl
//
// Each measurement is told when it is there, and added to the file of results. The same command goes on where it was interrupted;
// more rounds, other sizes or contenders add to what is there; and -rounds 0 prints it again. A contender that fails is
// counted, and leaves the round to the next one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"riveter/acceptance/speed/results"
)

type settings struct {
	sizes, offline []int
	rounds         int
	names          []string // of contenders; none for all
	registry       string
	results        string // the file, or nothing
	folder         string // for what is built and written, gone at the end
}

func main() {
	run := run
	if len(os.Args) > 1 && os.Args[1] == limitCommand {
		run = func() error { return runLimit(os.Args[2:]) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1) //nolint:forbidigo // this is a main
	}
}

func run() error {
	s, err := parse()
	if err != nil {
		return err
	}
	log, err := results.Open(s.results)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if s.rounds > 0 {
		err = s.compare(ctx, log)
	}
	log.WriteMarkdown(os.Stdout)
	return errors.Join(err, log.Close())
}

func parse() (s settings, err error) {
	sizes := flag.String("sizes", "100,1000", "numbers of actors")
	offline := flag.String("offline", "10000,100000", "numbers of instances that are only validated")
	names := flag.String("contenders", "", "only these, such as riveter,limit,script-16")
	flag.IntVar(&s.rounds, "rounds", 3, "how often everything is measured; 0 prints what the results have")
	flag.StringVar(&s.registry, "registry", filepath.Join("examples", "registry"), "the folder of a registry, for its npm packages")
	flag.StringVar(&s.results, "results", "", "the file to which measurements are added")
	flag.Parse()
	s.names = words(*names)
	if s.sizes, err = numbers(*sizes); err != nil {
		return s, err
	}
	if s.offline, err = numbers(*offline); err != nil {
		return s, err
	}
	s.registry, err = filepath.Abs(s.registry)
	return s, err
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

func numbers(list string) ([]int, error) {
	var all []int
	for _, word := range words(list) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of actors", word)
		}
		all = append(all, n)
	}
	return all, nil
}
