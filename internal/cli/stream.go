package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"riveter/internal/cli/screen"
	"riveter/internal/redact"
)

// jsonInto is a file that has, beside what is shown to a person, what -json prints.
type jsonInto struct {
	file   *outlet // nil where none is asked for
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
	file, err := a.newOutlet(path, os.O_TRUNC, 0o666)
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
		err = fmt.Errorf("write %s: %w", j.file.path, err)
	}
	*j = jsonInto{}
	return err
}
