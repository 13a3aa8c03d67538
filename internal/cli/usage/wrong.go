package usage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl/syntax"
	"riveter/internal/operate"
)

// Error says what is wrong with how a command was called, and what was perhaps meant.
func Error(c *cli.Context, err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		text = unknownFlag(c, name)
	}
	if added := c.App.Metadata[usual]; added != nil {
		text = end(text) + fmt.Sprintf(" Every command gets %q as well, from %s.", added, usual)
	}
	more := `"riveter help" lists the commands, "riveter COMMAND -help" the flags of one`
	if c.Command.HelpName != c.App.HelpName {
		more = fmt.Sprintf("%q says how it is used", c.Command.HelpName+" -help")
	}
	return operate.At(hcl2.Range{}, "Wrong usage", fmt.Errorf("%s %s", end(text), more))
}

// end makes a sentence of a text that is none.
func end(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// onUsageError is [Error] as the library calls it.
func onUsageError(c *cli.Context, err error, _ bool) error { return Error(c, err) }

// refuseEmpty refuses flags whose text is empty, as where a script has found none: nobody means by that what is meant where the flag is
// left out, such as another namespace or other actors.
func refuseEmpty(c *cli.Context, flags []cli.Flag) error {
	for _, flag := range flags {
		if text, ok := flag.(*cli.StringFlag); ok && c.IsSet(text.Name) && c.String(text.Name) == "" {
			return Error(c, fmt.Errorf("-%s is empty; leave it out, or say what is meant", text.Name))
		}
	}
	return nil
}

func unknownFlag(c *cli.Context, name string) string {
	text := fmt.Sprintf("there is no flag -%s.", name)
	if instead := insteadOfFlag(name); instead != "" {
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

// NoCommand is for a first argument that is the name of none of the commands that there are, which it refuses. Where there is no argument,
// it shows the help.
func NoCommand(c *cli.Context) error {
	if c.Args().Present() {
		return Error(c, errors.New(unknownCommand(c, c.Args().Slice())))
	}
	show := cli.ShowSubcommandHelp
	if c.Command.HelpName == c.App.HelpName {
		show = cli.ShowAppHelp
	}
	return show(c)
}

func unknownCommand(c *cli.Context, words []string) string {
	text := fmt.Sprintf("there is no command %q.", words[0])
	if c.Command.HelpName == c.App.HelpName {
		if instead := insteadOfCommand(words); instead != "" {
			return text + " " + instead
		}
	}
	var known []string
	for _, command := range c.Command.Subcommands {
		known = append(known, command.Name)
	}
	return text + syntax.DidYouMean(words[0], known)
}

// Prepare gives a program, which has a Before, and its commands what all of them have: how a wrong use is told, and examples in their help.
func Prepare(app *cli.App) {
	enter := app.Before
	app.OnUsageError = onUsageError
	app.Before = func(c *cli.Context) error {
		if err := refuseEmpty(c, app.Flags); err != nil {
			return err
		}
		if words := c.Args().Tail(); c.Args().First() == "help" && len(words) > 0 && find(app.Commands, words[0]) == nil {
			return Error(c, errors.New(unknownCommand(c, words)))
		}
		return enter(c)
	}
	prepare(app.Commands, "")
}

func prepare(commands []*cli.Command, parent string) {
	for _, c := range commands {
		name := parent + c.Name
		c.OnUsageError = onUsageError
		c.Before = func(context *cli.Context) error { return refuseEmpty(context, c.Flags) }
		if c.Description != "" {
			c.Description += "\n\n"
		}
		c.Description += beforeExamples + strings.Join(examples(name), "\n  ")
		prepare(c.Subcommands, name+" ")
	}
}

// beforeExamples is what stands between the words of a description and its examples.
const beforeExamples = "Examples:\n  "

// Reflow has the paragraphs of what the commands that are named in the arguments say of themselves be broken into lines by wrap, which is given
// each as one line. Examples stay as they are. The library moves all of it to the right by [Indent].
func Reflow(commands []*cli.Command, args []string, wrap func(paragraph string) string) {
	for _, c := range commands {
		if !slices.ContainsFunc(args, c.HasName) {
			continue
		}
		words, examples, _ := strings.Cut(c.Description, beforeExamples)
		paragraphs := strings.Split(words, "\n\n")
		for i, paragraph := range paragraphs {
			paragraphs[i] = wrap(strings.ReplaceAll(paragraph, "\n", " "))
		}
		c.Description = strings.Join(paragraphs, "\n\n") + beforeExamples + examples
		Reflow(c.Subcommands, args, wrap)
	}
}

// Indent is how many columns the library puts before a description.
const Indent = 3
