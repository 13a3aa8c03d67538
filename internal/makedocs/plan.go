package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"riveter/internal/cli"
	"riveter/internal/cli/process"
	"riveter/internal/devrivet"
	"riveter/internal/makedocs/picture"
)

// planPicture is drawn from a plan of the configuration beside it.
const planPicture = "docs/picture/plan.svg"

// tale is what happens before the plan of the picture, whose command is the last one.
var tale = []string{
	`apply -auto-approve`,
	`call actor.chatRoom.room["general"] setTopic "off-topic"`,
	`plan -var-file=more.rivetvars.hcl`,
}

// drawPlan draws a plan that a real engine was asked for. root is that of the repository.
func drawPlan(ctx context.Context, root string) (drawn []byte, err error) {
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: filepath.Join(root, "examples", "registry"), Progress: os.Stderr})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rivet.Stop()) }()
	scratch, err := os.MkdirTemp("", "riveter-picture-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	common := []string{"-chdir=" + filepath.Join(root, filepath.Dir(planPicture)), "-endpoint=" + rivet.Endpoint()}
	ledger := "-ledger=" + filepath.Join(scratch, "ledger.json")
	var shown string
	for _, command := range tale {
		if shown, err = run(slices.Concat(common, strings.Fields(command), []string{ledger})); err != nil { //nolint:contextcheck // a run of riveter has its own
			return nil, fmt.Errorf("%s: %w", command, err)
		}
	}
	lines := append([]string{"\x1b[2m$ riveter " + tale[len(tale)-1] + "\x1b[0m", ""}, strings.Split(strings.TrimSpace(shown), "\n")...)
	return picture.Draw(lines, "What riveter plan shows"), nil
}

// What is another one each time, or whenever something is added to a digest.
var (
	seconds = regexp.MustCompile(`in \d+\.\ds`)
	actorID = regexp.MustCompile(`\b[0-9a-z]{30}\b`)
	digest  = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
)

// run runs a command of riveter and returns what it prints, in colours, with nothing that is another one each time.
func run(args []string) (string, error) {
	var stdout, stderr bytes.Buffer
	code := cli.Run(process.Env{
		Args: args, Environ: []string{"CLICOLOR_FORCE=1"},
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Interrupts: make(chan os.Signal), Release: func() {}, Chdir: os.Chdir,
	})
	if code != 0 {
		return "", errors.New(stderr.String())
	}
	shown := seconds.ReplaceAllString(stdout.String(), "in 0.1s")
	shown = digest.ReplaceAllString(shown, "sha256:d5f3626131e06e1689e68d622e535910abf13acf0a085a26e24dcefb72ec4cc2")
	return actorID.ReplaceAllString(shown, "5fiva50nilil7qfn1cqft7nsa9bl00"), nil
}
