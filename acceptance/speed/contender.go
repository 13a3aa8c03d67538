//go:build linux

package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// A task is what is measured.
type task string

const (
	apply   task = "apply"   // nothing is there: every actor is created, and called once
	again   task = "again"   // all of it is there
	planned task = "plan"    // the same, with nothing to be done afterwards
	verify  task = "verify"  // every actor is asked what the call was for
	destroy task = "destroy" // everything goes

	validate task = "validate" // without a server
	start    task = "start"    // of a process that does nearly nothing
)

// tasks are those on a Rivet, in the order in which they are done.
var tasks = []task{apply, again, planned, verify, destroy}

// A contender is a program that does the tasks with the counters of a Rivet.
type contender struct {
	name string
	// command returns what to run for a task on so many actors, in a folder of this contender's and Rivet's own. It is empty
	// where there is no such thing.
	command func(t task, actors int, folder string) []string
}

//go:embed script.mjs
var script []byte

func contenders(ctx context.Context, s settings) ([]contender, error) {
	riveter, err := build(ctx, s.folder)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(s.folder, "script.mjs")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		return nil, err
	}
	if err := os.Symlink(filepath.Join(s.registry, "node_modules"), filepath.Join(s.folder, "node_modules")); err != nil {
		return nil, err
	}
	all := []contender{
		{"riveter", func(t task, actors int, folder string) []string { return riveterCommand(riveter, t, actors, folder) }},
		{"net/http, 16 at a time", func(t task, actors int, _ string) []string {
			return []string{self, limitCommand, string(t), strconv.Itoa(actors)}
		}},
	}
	for _, width := range []int{1, 16, 64} {
		all = append(all, contender{fmt.Sprintf("rivetkit/client, %d at a time", width), func(t task, actors int, _ string) []string {
			if t == destroy { // which RivetKit's client cannot do
				return nil
			}
			return []string{"node", path, string(t), strconv.Itoa(actors), strconv.Itoa(width)}
		}})
	}
	return all, nil
}

// riveterCommand names one of the two configurations: facts are verified without a call in between.
func riveterCommand(binary string, t task, actors int, folder string) []string {
	count := "actors=" + strconv.Itoa(actors)
	switch seed := filepath.Join(folder, "seed"); t { //nolint:exhaustive // the others are no tasks on a Rivet
	case apply, again:
		return []string{binary, "apply", "-auto-approve", "-concise", "-var", count, seed}
	case planned:
		return []string{binary, "plan", "-concise", "-var", count, seed}
	case verify:
		return []string{binary, "verify", "-var", count, filepath.Join(folder, "facts")}
	case destroy:
		return []string{binary, "destroy", "-auto-approve", "-concise", "-var", count, seed}
	}
	panic("speed: no such task: " + string(t))
}

// declarations are the configurations of riveter, by folder.
var declarations = map[string]string{
	"seed": `
variable "actors" { type = number }

actor "counter" "many" {
  count = var.actors
  key   = ["speed", count.index]
  action "increment" {}
}
`,
	"facts": `
variable "actors" { type = number }

actor "counter" "many" {
  count  = var.actors
  key    = ["speed", count.index]
  create = "never"
  expect "counted" {
    value = read.get
    want  = 1
  }
  read "get" {}
}
`,
}

func declare(folder string) error {
	for name, content := range declarations {
		dir := filepath.Join(folder, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}
