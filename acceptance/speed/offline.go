//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"riveter/acceptance/speed/results"
)

// nowhere is the endpoint of what asks none.
const nowhere = "http://127.0.0.1:1"

// sources are the configurations that are only validated. The first one only reads the data of the second.
var sources = []struct{ name, content string }{
	{results.DataAlone, `
variable "instances" { type = number }
output "rows" { value = length(jsondecode(file("${path.module}/rows.json"))) }
`},
	{results.FromData, `
variable "instances" { type = number }
locals { rows = jsondecode(file("${path.module}/rows.json")) }

actor "counter" "row" {
  for_each = { for row in local.rows : row.id => row }
  key      = ["rows", each.key]
  input    = { start = each.value.start }
  action "increment" { args = [each.value.start] }
}
`},
	{results.FromProduct, `
variable "instances" { type = number }
locals { pairs = setproduct(range(var.instances / 100), range(100)) }

actor "counter" "pair" {
  for_each = { for pair in local.pairs : "${pair[0]}-${pair[1]}" => pair }
  key      = ["pairs", each.key]
  input    = { start = each.value[0] }
  action "increment" { args = [each.value[1]] }
}
`},
}

// starts are what riveter does while nobody wants to wait.
var starts = []struct {
	name string
	args []string
}{
	{results.Version, []string{"version"}},
	{results.OneBlock, []string{"validate", "seed", "-var", "actors=1"}},
}

// alone has riveter do what needs no server.
func (s suite) alone(ctx context.Context, round int) error {
	for _, n := range s.offline {
		for _, source := range sources {
			dir, err := s.write(source.content, n)
			if err != nil {
				return err
			}
			key := results.Key{Contender: source.name, Task: results.Validate, Size: n}
			if err := s.riveter(ctx, key, round, dir, "validate", "-var", fmt.Sprintf("instances=%d", n)); err != nil {
				return err
			}
		}
	}
	if err := declare(s.folder); err != nil {
		return err
	}
	for _, start := range starts {
		if err := s.riveter(ctx, results.Key{Contender: start.name, Task: results.Start, Size: 1}, round, s.folder, start.args...); err != nil {
			return err
		}
	}
	return nil
}

func (s suite) riveter(ctx context.Context, k results.Key, round int, dir string, args ...string) error {
	if s.log.Done(k, round) {
		return nil
	}
	spent, failure := spend(ctx, append([]string{filepath.Join(s.folder, "riveter")}, args...), dir, nowhere)
	return s.note(ctx, results.Record{Key: k, Round: round, Cost: spent}, failure)
}

// write writes a configuration with the data that it may read.
func (s suite) write(content string, n int) (dir string, err error) {
	type row struct {
		ID    string `json:"id"`
		Start int    `json:"start"`
	}
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{fmt.Sprintf("row-%d", i), i}
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return "", err
	}
	if dir, err = os.MkdirTemp(s.folder, "offline-"); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "rows.json"), encoded, 0o600); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(content), 0o600)
}
