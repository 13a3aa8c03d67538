package cli

import (
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"riveter/internal/operate"
	"riveter/plan/transition"
	"riveter/plan/view"
)

// expectation is the plan that was approved, as flags say it.
type expectation struct {
	transition string
	plan       string // path of its document
}

func (e *expectation) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "expect", Usage: "refuse any plan but the one with the transition `DIGEST`, of which 12 digits are enough", Destination: &e.transition},
		&cli.StringFlag{Name: "expect-plan", Usage: "refuse any plan but the one in `FILE`, the output of plan -json, and show the difference", Destination: &e.plan},
	}
}

// read returns what was approved.
func (e *expectation) read(env *Env) (a operate.Approved, err error) {
	if e.plan != "" {
		if a.Document, err = readDocument(env, e.plan); err != nil {
			return a, err
		}
		if a.Transition = a.Document.Transition; a.Transition == "" {
			return a, operate.Problemf("Plan cannot be approved", "%s has no transition: the plan had errors, or is a report of something else.", e.plan)
		}
	}
	if e.transition == "" {
		return a, nil
	}
	expected, err := transition.Parse(e.transition)
	if err != nil {
		return a, operate.Problemf("Invalid flag", "-expect: %s.", err)
	}
	if a.Document != nil && !transition.Matches(a.Transition, expected) {
		return a, operate.Problemf("Conflicting flags", "-expect is %s, and the plan in %s is %s.", expected, e.plan, a.Transition)
	}
	a.Transition = expected
	return a, nil
}

// readDocument reads a plan or report from a file, or from standard input for "-".
func readDocument(env *Env, path string) (*view.Document, error) {
	from, name := env.Stdin, "standard input"
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, operate.Problemf("File cannot be read", "%s.", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		from, name = io.Reader(file), path
	}
	d, err := view.Read(from)
	if err != nil {
		return nil, operate.Problemf("File holds no plan", "%s: %s.", name, err)
	}
	return d, nil
}
