package usage_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	riveter "riveter/internal/cli"
	"riveter/internal/cli/usage"
)

// terraforms are the commands of Terraform 1.14.
const terraforms = `apply cloud console destroy env fmt force-unlock get graph import init login logout metadata output plan providers
query refresh show stacks state taint test untaint validate version workspace`

func TestEveryCommandOfTerraformLeadsSomewhere(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(terraforms) {
		exists, instead := usage.Find(newApp().Commands, name) != nil, usage.InsteadOfCommand([]string{name})
		if exists == (instead != "") {
			t.Errorf("%s: exists: %t; instead of it: %q", name, exists, instead)
		}
		namesCommands(t, instead)
	}
	for name := range strings.FieldsSeq("list show rm mv pull push identities replace-provider") {
		namesCommands(t, usage.InsteadOfCommand([]string{"state", name}))
	}
	for name := range strings.FieldsSeq("state refresh-only generate-config-out backend-config force") {
		instead := usage.InsteadOfFlag(name)
		if instead == "" {
			t.Errorf("nothing instead of -%s", name)
		}
		namesCommands(t, instead)
	}
}

func newApp() *cli.App { return riveter.Manual().Program }

var quoted = regexp.MustCompile(`"riveter ([^"]*)"`)

// namesCommands checks that the commands exist that a text tells to use.
func namesCommands(t *testing.T, text string) {
	t.Helper()
	for _, match := range quoted.FindAllStringSubmatch(text, -1) {
		known(t, match[0], strings.Fields(match[1]))
	}
}

// known checks that a command with its flags exists, and returns its name.
func known(t *testing.T, use string, words []string) (name string) {
	t.Helper()
	app := newApp()
	commands, flags := app.Commands, app.Flags
	for _, word := range words {
		if word == "--" {
			break
		}
		switch c := usage.Find(commands, word); {
		case c != nil:
			name, commands, flags = strings.TrimSpace(name+" "+word), c.Subcommands, append(flags, c.Flags...)
		case len(commands) > 0:
			t.Errorf("%s: there is no command %q", use, word)
		case len(word) > 1 && word[0] == '-' && usage.FindFlag(flags, word) == nil:
			t.Errorf("%s: there is no flag %q", use, word)
		}
	}
	return name
}

func TestEveryHelpHasExamplesThatWork(t *testing.T) {
	t.Parallel()
	haveExamples(t, newApp().Commands, "")
}

func haveExamples(t *testing.T, commands []*cli.Command, parent string) {
	t.Helper()
	for _, c := range commands {
		name := parent + c.Name
		uses := usage.Examples(name)
		if len(uses) == 0 {
			t.Errorf("the help of %s has no example", name)
		}
		for _, use := range uses {
			shows := false
			for program := range strings.FieldsFuncSeq(use, func(r rune) bool { return strings.ContainsRune("|<>()", r) }) {
				if arguments, ok := strings.CutPrefix(strings.TrimSpace(program), "riveter "); ok {
					shows = strings.HasPrefix(known(t, use, strings.Fields(arguments)), name) || shows
				}
			}
			if !shows {
				t.Errorf("%q is no use of %s", use, name)
			}
		}
		haveExamples(t, c.Subcommands, name+" ")
	}
}
