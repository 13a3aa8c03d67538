package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/internal/cli/process"
	"riveter/internal/operate"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/transition"
	"riveter/plan/view"
)

// approval asks the person at the terminal whether a plan may be applied.
type approval struct {
	auto  bool // -auto-approve
	input bool // -input
}

// check fails before anything is sent where nobody could answer.
func (a approval) check(e *process.Env, json bool, command string) error {
	if a.auto {
		return nil
	}
	if json {
		return operate.Problemf("Approval is needed", "With -json, riveter %s cannot ask before it changes anything. Add -auto-approve to go on without asking.", command)
	}
	if !a.input || e.IsOff("RIVETER_INPUT") {
		return operate.Problemf("Approval is needed", "riveter %s asks before it changes anything, and -input=false forbids to ask. Add -auto-approve to go on without asking.", command)
	}
	if !e.StdinIsTerminal {
		return operate.Problemf("Approval is needed", "riveter %s asks before it changes anything, and standard input is not a terminal. Add -auto-approve to go on without asking.", command)
	}
	return nil
}

// ask returns nil when the person approves.
func (a approval) ask(ctx context.Context, e *process.Env, p *plan.Plan) error {
	if a.auto {
		return nil
	}
	question, want := "Do you want to perform these actions?", "yes"
	if p.Mode == plan.ModeDestroy {
		question, want = "Do you really want to destroy these actors? There is no undo.", p.Target.Namespace
	}
	if n := p.Strangers(); n > 0 {
		question += fmt.Sprintf("\n  They destroy %s that riveter did not create.", view.Count(n, "actor"))
	}
	answer, err := ask(ctx, e, fmt.Sprintf("\n%s\n  Namespace %q on %s.\n  Only %q will be accepted to approve.\n\n  Enter a value: ",
		question, p.Target.Namespace, p.Target.Endpoint, want))
	if err != nil {
		return err
	}
	if answer != want {
		return operate.Problemf("Not approved", "The answer was not %q. Nothing was changed.", want)
	}
	return nil
}

// expectation is the plan that was approved, as flags say it.
type expectation struct {
	transition string
	plan       string // the file with its document
}

func (e *expectation) flags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "expect", Usage: "refuse any plan but the one with the transition `DIGEST`, of which 12 digits are enough", Value: read(e.readTransition)},
		&cli.StringFlag{Name: "expect-plan", Usage: "refuse any plan but the one in `FILE`, the output of plan -json, and show the difference", Destination: &e.plan},
	}
}

// readTransition refuses an empty one, so that a script that has found none approves nothing.
func (e *expectation) readTransition(text string) (err error) {
	e.transition, err = transition.Parse(text)
	return err
}

// read returns what was approved.
func (e *expectation) read(env *process.Env) (a operate.Approved, err error) {
	a.Transition = e.transition
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

// ask asks the person at the terminal a question, and returns the line that is the answer.
func ask(ctx context.Context, e *process.Env, question string) (string, error) {
	fmt.Fprint(e.Stderr, question)
	redact.Flush(e.Stderr)
	answer, err := readLine(ctx, e)
	fmt.Fprintln(e.Stderr)
	return answer, err
}

// readLine leaves a goroutine behind when it is cancelled: nothing can end a read of a terminal.
func readLine(ctx context.Context, e *process.Env) (string, error) {
	type answer struct {
		line string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(e.Stdin).ReadString('\n')
		answers <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-answers:
		if a.err != nil && a.line == "" {
			return "", operate.Problemf("Not approved", "There was no answer. Nothing was changed.")
		}
		return a.line, nil
	case <-ctx.Done():
		return "", operate.Problemf("Not approved", "The run was interrupted. Nothing was changed.")
	}
}
