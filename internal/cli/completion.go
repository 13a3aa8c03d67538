package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/usage"
	"riveter/internal/operate"
)

func (a *app) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print what makes a shell complete commands, flags and addresses: bash, zsh or fish",
		ArgsUsage: "SHELL",
		Action: func(c *cli.Context) error {
			script := usage.Completion(c.Args().First())
			if script == "" || c.NArg() != 1 {
				return usage.Error(c, fmt.Errorf("completion takes the name of a shell: %s", strings.Join(usage.Shells(), ", ")))
			}
			_, err := fmt.Fprint(a.env.Stdout, script)
			return err
		},
	}
}

// printCandidates is for the scripts, which give the words up to the cursor, as their shell divides them.
func (a *app) printCandidates(ctx context.Context, words []string) error {
	if folder := usage.Folder(words); folder != "" {
		if err := a.env.Chdir(folder); err != nil {
			return err
		}
	}
	addresses := func(steps bool) []string { return a.addresses(ctx, steps) }
	for _, candidate := range usage.Candidates(a.commands(), words, addresses) {
		if _, err := fmt.Fprintln(a.env.Stdout, candidate); err != nil {
			return err
		}
	}
	return nil
}

// addresses lists those of the actors that the working directory declares, and of their steps where those are wanted, as far as
// that is known without a server.
func (a *app) addresses(ctx context.Context, steps bool) (addresses []string) {
	loading, err := a.loading(operate.LoadOptions{Path: ".", AllowMissing: true})
	if err != nil {
		return nil
	}
	config, _ := operate.Load(ctx, loading)
	if config.Evaluation == nil {
		return nil
	}
	if _, err := config.Evaluation.Observe(ctx, hcl.Server{}); err != nil {
		return nil
	}
	for _, d := range config.Evaluation.Desired() {
		addresses = append(addresses, d.Address.String())
		for _, step := range d.Steps {
			if steps {
				addresses = append(addresses, step.Address.String())
			}
		}
	}
	return addresses
}
