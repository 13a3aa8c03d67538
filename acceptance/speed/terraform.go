//go:build linux

package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"riveter/acceptance/speed/results"
)

//go:embed terraform.tf
var resources string

// provider is the name of the program by which Terraform speaks HTTP: github.com/Mastercard/terraform-provider-restapi.
const provider = "terraform-provider-restapi"

// terraform returns Terraform with the provider that is in PATH beside it. It asks no registry for it.
func (s settings) terraform() (contender, error) {
	binary, err := exec.LookPath("terraform")
	if err != nil {
		return contender{}, err
	}
	speaks, err := exec.LookPath(provider)
	if err != nil {
		return contender{}, err
	}
	config := filepath.Join(s.folder, "terraform.rc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides { \"Mastercard/restapi\" = %q }\n  direct {}\n}\n", filepath.Dir(speaks))
	if err := os.WriteFile(config, []byte(overrides), 0o600); err != nil {
		return contender{}, err
	}
	words := map[results.Task][]string{
		results.Apply: {"apply", "-auto-approve"}, results.Again: {"apply", "-auto-approve"}, results.Plan: {"plan", "-detailed-exitcode"},
		results.Destroy: {"destroy", "-auto-approve"},
	}
	command := func(j job) []string {
		argv := []string{"env", "TF_CLI_CONFIG_FILE=" + config, "CHECKPOINT_DISABLE=1", binary, "-chdir=" + filepath.Join(j.folder, "terraform")}
		argv = append(argv, words[j.task]...)
		return append(argv, "-input=false", "-no-color", "-var=endpoint="+j.endpoint, fmt.Sprintf("-var=actors=%d", j.actors))
	}
	return contender{results.Terraform, []results.Task{results.Apply, results.Again, results.Plan, results.Destroy}, command}, nil
}
