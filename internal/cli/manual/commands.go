package manual

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"
)

// commands writes a table of all commands.
func (m *Manual) commands() string {
	var out strings.Builder
	out.WriteString("| Command | |\n| --- | --- |\n")
	for _, c := range m.all() {
		fmt.Fprintf(&out, "| [`%s`](#%s) | %s |\n", usage("riveter "+c.Name, c), c.Name, cell(c.Usage))
	}
	return out.String()
}

// all returns the commands that somebody has thought of: not the library's own.
func (m *Manual) all() []*cli.Command {
	var all []*cli.Command
	for _, c := range m.Program.Commands {
		if c.Name != "help" && !c.Hidden {
			all = append(all, c)
		}
	}
	return all
}

func usage(name string, c *cli.Command) string {
	return strings.TrimSpace(name + " " + c.ArgsUsage)
}

// command writes how a command is used, with its flags, and those below it.
func (m *Manual) command(name string) (string, error) {
	for _, c := range m.all() {
		if c.Name == name {
			var out strings.Builder
			write(&out, "riveter "+name, c)
			return strings.TrimPrefix(out.String(), "\n"), nil
		}
	}
	return "", fmt.Errorf("there is no such command")
}

func write(out *strings.Builder, name string, c *cli.Command) {
	words, examples, _ := strings.Cut(c.Description, "Examples:\n")
	fmt.Fprintf(out, "\n`%s`: %s.\n", usage(name, c), c.Usage)
	if words = strings.TrimSpace(words); words != "" {
		fmt.Fprintf(out, "\n%s\n", words)
	}
	if examples != "" {
		fmt.Fprintf(out, "\n```sh\n%s\n```\n", strings.ReplaceAll(strings.TrimSpace(examples), "\n  ", "\n"))
	}
	writeFlags(out, c.Flags)
	for _, below := range c.Subcommands {
		if below.Name != "help" {
			write(out, name+" "+below.Name, below)
		}
	}
}

func writeFlags(out *strings.Builder, flags []cli.Flag) {
	var rows strings.Builder
	for _, flag := range flags {
		documented, ok := flag.(cli.DocGenerationFlag)
		if name := flag.Names()[0]; ok && name != "help" {
			placeholder, text := placeholder(documented.GetUsage())
			if documented.GetDefaultText() == "true" {
				placeholder, text = "=false", text+", which is so without it"
			}
			fmt.Fprintf(&rows, "| `-%s` | %s |\n", name+placeholder, cell(text))
		}
	}
	if rows.Len() > 0 {
		fmt.Fprintf(out, "\n| Flag | |\n| --- | --- |\n%s", &rows)
	}
}

var quoted = regexp.MustCompile("`([^`]*)`")

// placeholder takes out of what a flag says the name of its value, which is in backquotes.
func placeholder(text string) (value, without string) {
	if name := quoted.FindStringSubmatch(text); name != nil {
		return "=" + name[1], quoted.ReplaceAllString(text, "$1")
	}
	return "", text
}
