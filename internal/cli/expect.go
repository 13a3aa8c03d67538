package cli

import (
	"bytes"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"riveter/internal/operate"
	"riveter/internal/planfile"
	"riveter/plan/transition"
	"riveter/plan/view"
)

// expectation is the plan that was approved, as flags say it.
type expectation struct {
	transition transitionFlag
	plan       string // the file with its document
}

func (e *expectation) flags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "expect", Usage: "refuse any plan but the one with the transition `DIGEST`, of which 12 digits are enough", Value: &e.transition},
		&cli.StringFlag{Name: "expect-plan", Usage: "refuse any plan but the one in `FILE`, the output of plan -json, and show the difference", Destination: &e.plan},
	}
}

// transitionFlag is a transition. An empty one is refused, so that a script that has found none approves nothing.
type transitionFlag string

// Set implements cli.Generic.
func (f *transitionFlag) Set(text string) error {
	parsed, err := transition.Parse(text)
	*f = transitionFlag(parsed)
	return err
}

// String implements cli.Generic.
func (f *transitionFlag) String() string { return string(*f) }

// read returns what was approved.
func (e *expectation) read(env *Env) (a operate.Approved, err error) {
	a.Transition = string(e.transition)
	if e.plan == "" {
		return a, nil
	}
	if a.Document, err = readDocument(env, e.plan); err != nil {
		return a, err
	}
	switch is := a.Document.Transition; {
	case is == "":
		return a, operate.Problemf("Plan cannot be approved", "%s has no transition: the plan had errors, or is a report of something else.", e.plan)
	case !transition.Matches(is, a.Transition):
		return a, operate.Problemf("Conflicting flags", "-expect is %s, and the plan in %s is %s.", a.Transition, e.plan, is)
	case a.Transition == "":
		a.Transition = is
	}
	return a, nil
}

// readDocument reads a plan or report from a file, which may be a saved plan, or from standard input for "-".
func readDocument(env *Env, path string) (*view.Document, error) {
	data, err := readInput(env, path)
	if err != nil {
		return nil, err
	}
	if planfile.IsPlan(data) {
		f, err := decodePlanFile(path, data)
		if err != nil {
			return nil, err
		}
		data = f.Plan
	}
	d, err := view.Read(bytes.NewReader(data))
	if err != nil {
		return nil, operate.Problemf("File holds no plan", "%s: %s.", path, err)
	}
	return d, nil
}

// readInput reads a file, or standard input for "-", unsealed if it is a sealed plan.
func readInput(env *Env, path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if path == "-" {
		data, err = io.ReadAll(env.Stdin)
	}
	if err != nil {
		return nil, operate.Problemf("File cannot be read", "%s.", err)
	}
	identity, _ := env.lookup("RIVETER_AGE_IDENTITY_FILE")
	opened, err := planfile.Open(data, identity)
	if err != nil {
		return nil, operate.Problemf("Plan cannot be opened", "%s: %s.", path, err)
	}
	return opened, nil
}
