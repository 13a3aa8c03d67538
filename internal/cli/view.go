package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"riveter/internal/cli/outfile"
	"riveter/internal/cli/screen"
	"riveter/internal/redact"
	"riveter/plan/view"
)

// newScreen chooses the view of a run.
func (a *app) newScreen(o viewOptions) screen.Screen {
	if a.into.screen != nil {
		return screen.Both(a.mainScreen(o), a.into.screen)
	}
	return a.mainScreen(o)
}

// mainScreen shows a run on standard output and standard error.
func (a *app) mainScreen(o viewOptions) screen.Screen {
	if o.json {
		return screen.JSON(a.env.Stdout, Version)
	}
	human := screen.Human(screen.Terminal{
		Stdout: a.env.Stdout,
		Stderr: a.env.Stderr,
		Live:   a.env.StderrIsTerminal && !a.env.IsDumb() && !a.log.IsShown,
		Out:    a.drawing(o),
		Errors: a.drawingOn(o, a.env.StderrIsTerminal),
	})
	if o.quiet {
		return screen.Quiet(human)
	}
	return human
}

// drawing says how standard output is drawn on.
func (a *app) drawing(o viewOptions) view.Options { return a.drawingOn(o, a.env.StdoutIsTerminal) }

// drawingOn says how a stream is drawn on, which may be a terminal.
func (a *app) drawingOn(o viewOptions, terminal bool) view.Options {
	return view.Options{
		Width: a.env.Width, Wrap: terminal, Color: a.colour(o, terminal), Concise: o.concise, Verbose: o.verbose, Redact: a.secrets.Redact,
	}
}

// andThen is what to say of something that is done, with what a person may do next, which automation is not told.
func (a *app) andThen(done, next string) string {
	if a.env.IsSet("RIVETER_IN_AUTOMATION") {
		return done
	}
	return done + " " + next
}

// colour follows the flag first, then the environment, then whether there is a terminal.
func (a *app) colour(o viewOptions, terminal bool) bool {
	noColor, _ := a.env.Lookup("NO_COLOR")
	switch {
	case o.noColor || noColor != "":
		return false
	case a.env.IsSet("CLICOLOR_FORCE"):
		return true
	default:
		return terminal && !a.env.IsDumb()
	}
}

// jsonInto is a file that has, beside what is shown to a person, what -json prints.
type jsonInto struct {
	file   *outfile.File // nil where none is asked for
	writer *redact.Writer
	screen screen.Screen
}

func (a *app) jsonIntoFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "json-into", Usage: "write what -json prints to `FILE`, beside what is shown",
		Action: func(_ *cli.Context, path string) error { return a.writeInto(path) },
	}
}

func (a *app) writeInto(path string) error {
	file, err := outfile.New(path, os.O_TRUNC, 0o666, a.guard)
	if err != nil {
		return err
	}
	writer := redact.NewWriter(file, a.secrets, nil)
	a.into = jsonInto{file, writer, screen.JSON(writer, Version)}
	return nil
}

// close returns the first error that any writing had.
func (j *jsonInto) close() error {
	if j.file == nil {
		return nil
	}
	err := errors.Join(j.writer.Flush(), j.file.Close())
	if err != nil {
		err = fmt.Errorf("write %s: %w", j.file.Path(), err)
	}
	*j = jsonInto{}
	return err
}
