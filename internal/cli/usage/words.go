// Package usage is how the commands are called: it puts the words of a command line in order, completes them for a shell, says what is
// wrong with them and what was perhaps meant, also by who knows Terraform, and adds examples to the help. It does nothing of what the
// commands do.
package usage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-shellwords"
	"github.com/urfave/cli/v2"

	"riveter/internal/cli/process"
	"riveter/internal/operate"
)

// Arrange moves flags before the arguments of their command, since urfave/cli takes a flag behind an argument for
// another argument, and global flags before the command. What follows "--" are no flags, and stays behind it where the
// command may be followed by another program.
func Arrange(app *cli.App, args []string) []string {
	var global, command, flags, arguments []string
	known, commands := app.Flags, app.Commands
	before := false // another program
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" {
			flags = append(flags, arg)
			if !before {
				args = args[1:]
			}
			arguments = append(arguments, args...)
			break
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" || isNegative(arg) {
			if sub := find(commands, arg); sub != nil && len(arguments) == 0 {
				command, known, commands = append(command, arg), sub.Flags, sub.Subcommands
				before = strings.Contains(sub.ArgsUsage, Program)
			} else {
				arguments = append(arguments, arg)
			}
			args = args[1:]
			continue
		}
		into := &flags
		flag := findFlag(known, arg)
		if flag == nil || len(command) == 0 {
			if g := findFlag(app.Flags, arg); g != nil {
				flag, into = g, &global
			}
		}
		n := 1
		if takesNext(flag, arg) && len(args) > 1 {
			n = 2
		}
		*into = append(*into, args[:n]...)
		args = args[n:]
	}
	if len(commands) > 0 { // the first argument was to be one of them
		return slices.Concat(global, command, arguments, flags)
	}
	return slices.Concat(global, command, flags, arguments)
}

// isNegative reports whether an argument is a negative number, as no flag begins with a digit.
func isNegative(arg string) bool {
	_, err := strconv.ParseFloat(arg, 64)
	return err == nil && len(arg) > 1 && arg[1] >= '0' && arg[1] <= '9'
}

// usual are the arguments of every command. The library keeps them in the metadata of the program, for who tells of a wrong use.
const usual = "RIVETER_CLI_ARGS"

// WithUsual puts what RIVETER_CLI_ARGS says, split as a shell would, behind the command, so that what is typed comes last and wins.
func WithUsual(app *cli.App, args []string, e *process.Env) ([]string, error) {
	text, _ := e.Lookup(usual)
	words, err := shellwords.Parse(text)
	if err != nil {
		return args, operate.Problemf("Invalid environment", "RIVETER_CLI_ARGS is not what a shell could split: %s.", err)
	}
	if at := behindCommand(app, args); at > 0 && len(words) > 0 {
		app.Metadata = map[string]any{usual: text}
		return slices.Insert(slices.Clone(args), at, words...), nil
	}
	return args, nil
}

// behindCommand returns where the arguments of the command begin; 0 where there is none.
func behindCommand(app *cli.App, args []string) int {
	for i := 0; i < len(args); i++ {
		if strings.HasPrefix(args[i], "-") {
			if takesNext(findFlag(app.Flags, args[i]), args[i]) {
				i++
			}
			continue
		}
		c := find(app.Commands, args[i])
		switch {
		case c == nil:
			return 0
		case i+1 < len(args) && find(c.Subcommands, args[i+1]) != nil:
			return i + 2
		default:
			return i + 1
		}
	}
	return 0
}

// Program is how the arguments of a command end, as its help shows them, that another program may follow.
const Program = "[-- PROGRAM ARG...]"

func find(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

func findFlag(flags []cli.Flag, arg string) cli.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

// takesNext reports whether the value of a flag is the next argument.
func takesNext(flag cli.Flag, arg string) bool {
	if flag == nil || strings.Contains(arg, "=") {
		return false
	}
	_, isBool := flag.(*cli.BoolFlag)
	return !isBool
}

// AsksForJSON reports whether there is a flag among the arguments that asks for JSON, also where they are wrong.
func AsksForJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.ContainsFunc(args, func(arg string) bool {
		return slices.Contains([]string{"-json", "--json", "-json=true", "--json=true"}, arg)
	})
}
