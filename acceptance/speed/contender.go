//go:build linux

package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"riveter/acceptance/speed/results"
)

// A job is a task on so many counters of a Rivet, in its folder. Their name is that of the contender who created them.
type job struct {
	task                   results.Task
	actors                 int
	name, folder, endpoint string
}

// A contender is a program that does the tasks with the counters of a Rivet.
type contender struct {
	name    string
	tasks   []results.Task
	command func(job) []string
}

// scripted are the tasks of RivetKit's client, which cannot destroy.
var scripted = []results.Task{results.Apply, results.Again, results.Plan, results.Verify}

//go:embed script.mjs
var script []byte

// contenders returns the chosen ones, or all that can be had here.
func (s settings) contenders() ([]contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := []contender{
		{results.Riveter, results.Tasks, s.riveterCommand},
		{results.Limit, []results.Task{results.Apply, results.Verify, results.Destroy}, func(j job) []string {
			return []string{self, limitCommand, string(j.task), strconv.Itoa(j.actors), j.name}
		}},
	}
	scripts, err := s.scripts()
	if err != nil {
		return nil, err
	}
	all = append(all, scripts...)
	terraform, err := s.terraform()
	if err != nil {
		fmt.Fprintln(os.Stderr, "terraform is left out:", err)
	} else {
		all = append(all, terraform)
	}
	return chosen(all, s.names)
}

func chosen(all []contender, names []string) ([]contender, error) {
	if len(names) == 0 {
		return all, nil
	}
	var some []contender
	for _, name := range names {
		i := slices.IndexFunc(all, func(c contender) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no contender %q here", name)
		}
		some = append(some, all[i])
	}
	return some, nil
}

func (s settings) scripts() ([]contender, error) {
	path := filepath.Join(s.folder, "script.mjs")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		return nil, err
	}
	if err := os.Symlink(filepath.Join(s.registry, "node_modules"), filepath.Join(s.folder, "node_modules")); err != nil {
		return nil, err
	}
	var all []contender
	for _, width := range []string{"1", "16", "64"} {
		all = append(all, contender{results.Script + width, scripted, func(j job) []string {
			return []string{"node", path, string(j.task), strconv.Itoa(j.actors), width}
		}})
	}
	return all, nil
}

// build builds riveter as it is released.
func build(ctx context.Context, folder string) error {
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", filepath.Join(folder, "riveter"), "riveter").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build riveter: %w\n%s", err, out)
	}
	return nil
}

// riveterCommand names one of the two configurations: facts are verified without a call in between.
func (s settings) riveterCommand(j job) []string {
	words := map[results.Task]string{
		results.Apply: "apply -auto-approve -concise", results.Again: "apply -auto-approve -concise", results.Plan: "plan -concise",
		results.Verify: "verify", results.Destroy: "destroy -auto-approve -concise",
	}[j.task]
	configuration := "seed"
	if j.task == results.Verify {
		configuration = "facts"
	}
	argv := append([]string{filepath.Join(s.folder, "riveter")}, strings.Fields(words)...)
	return append(argv, "-var", fmt.Sprintf("actors=%d", j.actors), filepath.Join(j.folder, configuration))
}

// declarations are the configurations of riveter, and Terraform's, by their path.
var declarations = map[string]string{
	"seed/main.rivet.hcl": `
variable "actors" { type = number }

actor "riveter" "many" {
  count = var.actors
  key   = ["speed", count.index]
  action "increment" {}
}
`,
	"facts/main.rivet.hcl": `
variable "actors" { type = number }

actor "riveter" "many" {
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
	"terraform/main.tf": resources,
}

func declare(folder string) error {
	for name, content := range declarations {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}
