package cli

import (
	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/operate"
	"riveter/plan/view"
)

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
