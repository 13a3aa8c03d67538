package cli

import (
	"fmt"
	"runtime"

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
		return view.WriteJSON(a.env.Stdout, map[string]string{"riveter_version": Version, "platform": platform})
	}
	_, err := fmt.Fprintf(a.env.Stdout, "Riveter v%s\non %s\n", Version, platform)
	return err
}
