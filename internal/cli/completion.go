package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/help"
	"riveter/internal/operate"
)

func (a *app) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print what makes a shell complete commands, flags and addresses: bash, zsh or fish",
		ArgsUsage: "SHELL",
		Action: func(c *cli.Context) error {
			script := help.Completion(c.Args().First())
			if script == "" || c.NArg() != 1 {
				return usageError(c, fmt.Errorf("completion takes the name of a shell: %s", strings.Join(help.Shells(), ", ")), false)
			}
			_, err := fmt.Fprint(a.env.Stdout, script)
			return err
		},
	}
}

// printCandidates is for the scripts, which give the words up to the cursor, as their shell divides them.
func (a *app) printCandidates(ctx context.Context, words []string) error {
	for _, candidate := range a.candidates(ctx, words) {
		if _, err := fmt.Fprintln(a.env.Stdout, candidate); err != nil {
			return err
		}
	}
	return nil
}

// candidates lists what the last of some words may become; nothing where that is a file.
func (a *app) candidates(ctx context.Context, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	root := a.commands()
	commands, flags, path := root.Commands, root.Flags, ""
	last := len(words) - 1
	words[last] = strings.TrimLeft(words[last], `'"`) // of a quotation that is still open
	for _, word := range words[:last] {
		if c := find(commands, word); c != nil {
			commands, flags, path = c.Subcommands, append(c.Flags, root.Flags...), strings.TrimSpace(path+" "+c.Name)
		}
	}
	word := words[last]
	if flag, prefix, ok := flagOf(words, flags); ok {
		return matching(prefix, a.valuesOf(ctx, flag.Names()[0]))
	}
	if flag, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(flag, "-") {
		var whole []string
		for _, candidate := range matching(value, a.valuesOf(ctx, strings.TrimLeft(flag, "-"))) {
			whole = append(whole, flag+"="+candidate)
		}
		return whole
	}
	switch {
	case strings.HasPrefix(word, "-"):
		return matching(word, spelled(flags, word))
	case len(commands) > 0:
		return matching(word, namesOf(commands))
	default:
		return matching(word, a.argumentsOf(ctx, path))
	}
}

// flagOf returns the flag whose value is being typed as a word of its own, and that word without quotation. Some shells make
// words of "=" too.
func flagOf(words []string, flags []cli.Flag) (flag cli.Flag, value string, ok bool) {
	value, before := words[len(words)-1], words[:len(words)-1]
	if value == "=" {
		value = ""
	} else if n := len(before); n > 0 && before[n-1] == "=" {
		before = before[:n-1]
	}
	if len(before) == 0 || !strings.HasPrefix(before[len(before)-1], "-") {
		return nil, "", false
	}
	flag = findFlag(flags, before[len(before)-1])
	return flag, value, takesNext(flag, before[len(before)-1])
}

func namesOf(commands []*cli.Command) []string {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name
	}
	return names
}

// spelled returns flags with as many dashes as the word has, and with the sign behind which a value is to come.
func spelled(flags []cli.Flag, word string) (names []string) {
	dashes := "-"
	if strings.HasPrefix(word, "--") {
		dashes = "--"
	}
	for _, flag := range flags {
		name := dashes + flag.Names()[0]
		if takesNext(flag, name) {
			name += "="
		}
		names = append(names, name)
	}
	return names
}

func matching(prefix string, candidates []string) []string {
	return slices.DeleteFunc(slices.Sorted(slices.Values(candidates)), func(c string) bool { return !strings.HasPrefix(c, prefix) })
}

// valuesOf lists what may be said with a flag.
func (a *app) valuesOf(ctx context.Context, flag string) []string {
	switch flag {
	case "target", "exclude", "replace":
		return a.addresses(ctx, false)
	case "rerun", "mark-done", "invoke", "ignore":
		return a.addresses(ctx, true)
	case "on-unknown":
		return []string{"run", "done", "skip"}
	default:
		return nil
	}
}

// argumentsOf lists what may be an argument of a command.
func (a *app) argumentsOf(ctx context.Context, command string) []string {
	switch command {
	case "get", "call", "ledger list", "ledger show", "ledger rm":
		return a.addresses(ctx, false)
	case "ledger mv":
		return a.addresses(ctx, true)
	case "completion":
		return help.Shells()
	default:
		return nil
	}
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
