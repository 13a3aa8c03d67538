package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

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
