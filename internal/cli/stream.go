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
	file   *os.File // nil where none is asked for
	writer *redact.Writer
	screen screen.Screen
}

func (a *app) jsonIntoFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "json-into", Usage: "write what -json prints to `FILE`, beside what is shown",
		Action: func(_ *cli.Context, path string) error { return a.into.open(path, a.secrets) },
	}
}

func (j *jsonInto) open(path string, secrets *redact.Set) (err error) {
	if err := spare(path); err != nil {
		return err
	}
	if j.file, err = os.Create(path); err != nil {
		return err
	}
	j.writer = redact.NewWriter(j.file, secrets, nil)
	j.screen = screen.JSON(j.writer, Version)
	return nil
}

// close returns the first error that any writing had.
func (j *jsonInto) close() error {
	if j.file == nil {
		return nil
	}
	err := errors.Join(j.writer.Flush(), j.file.Close())
	if err != nil {
		err = fmt.Errorf("write %s: %w", j.file.Name(), err)
	}
	*j = jsonInto{}
	return err
}
