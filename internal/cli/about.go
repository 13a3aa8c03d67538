package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/manual"
	"riveter/internal/operate"
	"riveter/internal/redact"
	"riveter/plan/view"
)

// Version is the version of riveter, which required_version is compared to.
const Version = "0.1.0"

func (a *app) versionCommand() *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name:   "version",
		Usage:  "print the version",
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print a JSON object", Destination: &asJSON}},
		Action: func(*cli.Context) error { return a.printVersion(asJSON) },
	}
}

func (a *app) printVersion(asJSON bool) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	if asJSON {
		commit, date := builtFrom()
		return view.WriteJSON(a.env.Stdout, map[string]string{"format_version": "1.0", "riveter_version": Version, "platform": platform, "commit": commit, "date": date})
	}
	_, err := fmt.Fprintf(a.env.Stdout, "Riveter v%s\non %s\n", Version, platform)
	return err
}

// builtFrom returns the commit that the program was built from, with -dirty where files differed from it, and when that was made.
// Both are empty where it was built elsewhere than in the repository.
func builtFrom() (commit, date string) {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return "", ""
	}
	dirty := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.time":
			date = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	return commit + dirty, date
}

func (a *app) schemaCommand() *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name:  "schema",
		Usage: "print the configuration language as data, for editors and other tools",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "as JSON, which has to be asked for", Destination: &asJSON}},
		Action: func(*cli.Context) error {
			if !asJSON {
				return operate.Problemf("Format is missing", "riveter schema prints JSON only, which is not for people to read: say -json if that is wanted.")
			}
			return view.WriteJSON(a.env.Stdout, hcl.Describe())
		},
	}
}

// Manual returns what there is to write about the language and the commands.
func Manual() *manual.Manual {
	return (&app{secrets: &redact.Set{}}).manual()
}

func (a *app) manual() *manual.Manual {
	return &manual.Manual{Language: hcl.Describe(), Program: a.commands()}
}
