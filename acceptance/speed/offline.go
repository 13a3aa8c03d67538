//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// nowhere is the endpoint of what asks none.
const nowhere = "http://127.0.0.1:1"

// sources are the configurations that are only validated. The first one only reads the data of the second.
var sources = []struct{ name, content string }{
	{"the data alone", `
variable "instances" { type = number }
output "rows" { value = length(jsondecode(file("${path.module}/rows.json"))) }
`},
	{"from a data file", `
variable "instances" { type = number }
locals { rows = jsondecode(file("${path.module}/rows.json")) }

actor "counter" "row" {
  for_each = { for row in local.rows : row.id => row }
  key      = ["rows", each.key]
  input    = { start = each.value.start }
  action "increment" { args = [each.value.start] }
}
`},
	{"from setproduct", `
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

// measureOffline has riveter validate configurations of many instances.
func (s settings) measureOffline(ctx context.Context, r *results) error {
	for _, n := range s.offline {
		for _, source := range sources {
			spent, err := s.validate(ctx, source.content, n)
			if err != nil {
				return fmt.Errorf("%s, %d instances: %w", source.name, n, err)
			}
			r.add(key{source.name, validate, n}, spent)
		}
	}
	return s.measureStarts(ctx, r)
}

func (s settings) validate(ctx context.Context, content string, n int) (cost, error) {
	dir, err := os.MkdirTemp(s.folder, "offline-")
	if err != nil {
		return cost{}, err
	}
	if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(content), 0o600); err != nil {
		return cost{}, err
	}
	if err := writeRows(filepath.Join(dir, "rows.json"), n); err != nil {
		return cost{}, err
	}
	return spend(ctx, []string{filepath.Join(s.folder, "riveter"), "validate", "-var", fmt.Sprintf("instances=%d", n)}, dir, nowhere)
}

// starts are what riveter does while nobody wants to wait.
var starts = map[string][]string{
	"riveter version":                {"version"},
	"riveter validate, of one block": {"validate", "seed", "-var", "actors=1"},
}

func (s settings) measureStarts(ctx context.Context, r *results) error {
	if err := declare(s.folder); err != nil {
		return err
	}
	for name, args := range starts {
		spent, err := spend(ctx, append([]string{filepath.Join(s.folder, "riveter")}, args...), s.folder, nowhere)
		if err != nil {
			return err
		}
		r.add(key{name, start, 1}, spent)
	}
	return nil
}

func writeRows(path string, n int) error {
	type row struct {
		ID    string `json:"id"`
		Start int    `json:"start"`
	}
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{fmt.Sprintf("row-%d", i), i}
	}
	content, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
