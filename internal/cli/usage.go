package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl/syntax"
	"riveter/internal/cli/help"
	"riveter/internal/operate"
)

// usageError says what is wrong with how a command was called, and what was perhaps meant.
func usageError(c *cli.Context, err error, _ bool) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		text = unknownFlag(c, name)
	}
	more := `"riveter help" lists the commands, "riveter COMMAND -help" the flags of one`
	if c.Command.HelpName != c.App.HelpName {
		more = fmt.Sprintf("%q says how it is used", c.Command.HelpName+" -help")
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return operate.At(hcl2.Range{}, "Wrong usage", fmt.Errorf("%s %s", text, more))
}

// refuseEmpty refuses flags whose text is empty, as where a script has found none: nobody means by that what is meant where the flag is
// left out, such as another namespace or other actors.
func refuseEmpty(c *cli.Context, flags []cli.Flag) error {
	for _, flag := range flags {
		if text, ok := flag.(*cli.StringFlag); ok && c.IsSet(text.Name) && c.String(text.Name) == "" {
			return usageError(c, fmt.Errorf("-%s is empty; leave it out, or say what is meant", text.Name), false)
		}
	}
	return nil
}

func unknownFlag(c *cli.Context, name string) string {
	text := fmt.Sprintf("there is no flag -%s.", name)
	if instead := help.InsteadOfFlag(name); instead != "" {
		return text + " " + instead
	}
	var known []string
	for _, flag := range slices.Concat(c.Command.Flags, c.App.Flags) {
		known = append(known, flag.Names()...)
	}
	if near := syntax.Nearest(name, known); near != "" {
		text += fmt.Sprintf(" Did you mean -%s?", near)
	}
	return text
}

// noCommand runs when the first argument is the name of none of the commands that there are.
func (a *app) noCommand(c *cli.Context) error {
	if c.Args().Present() {
		return usageError(c, errors.New(unknownCommand(c)), false)
	}
	show := cli.ShowSubcommandHelp
	if c.Command.HelpName == c.App.HelpName {
		show = cli.ShowAppHelp
	}
	if err := show(c); err != nil {
		return err
	}
	return exit(exitError)
}

func unknownCommand(c *cli.Context) string {
	words := c.Args().Slice()
	text := fmt.Sprintf("there is no command %q.", words[0])
	if c.Command.HelpName == c.App.HelpName {
		if instead := help.InsteadOfCommand(words); instead != "" {
			return text + " " + instead
		}
	}
	var known []string
	for _, command := range c.Command.Subcommands {
		known = append(known, command.Name)
	}
	return text + syntax.DidYouMean(words[0], known)
}

// complete gives commands what all of them have: how a wrong use is told, and examples in their help.
func complete(commands []*cli.Command, parent string) {
	for _, c := range commands {
		name := parent + c.Name
		c.OnUsageError = usageError
		c.Before = func(context *cli.Context) error { return refuseEmpty(context, c.Flags) }
		if c.Description != "" {
			c.Description += "\n\n"
		}
		c.Description += "Examples:\n  " + strings.Join(help.Examples(name), "\n  ")
		complete(c.Subcommands, name+" ")
	}
}

// asksForJSON reports whether there is a flag among the arguments that asks for JSON, also where they are wrong.
func asksForJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.ContainsFunc(args, func(arg string) bool {
		return slices.Contains([]string{"-json", "--json", "-json=true", "--json=true"}, arg)
	})
}
