package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"riveter/internal/operate"
	"riveter/internal/redact"
	"riveter/plan"
)

// approval asks the person at the terminal whether a plan may be applied.
type approval struct {
	auto  bool // -auto-approve
	input bool // -input
}

// check fails before anything is sent where nobody could answer.
func (a approval) check(e *Env, json bool, command string) error {
	if a.auto {
		return nil
	}
	if json {
		return operate.Problemf("Approval is needed", "With -json, riveter %s cannot ask before it changes anything. Add -auto-approve to go on without asking.", command)
	}
	if !a.input || e.isOff("RIVETER_INPUT") {
		return operate.Problemf("Approval is needed", "riveter %s asks before it changes anything, and -input=false forbids to ask. Add -auto-approve to go on without asking.", command)
	}
	if !e.StdinIsTerminal {
		return operate.Problemf("Approval is needed", "riveter %s asks before it changes anything, and standard input is not a terminal. Add -auto-approve to go on without asking.", command)
	}
	return nil
}

// ask returns nil when the person approves.
func (a approval) ask(ctx context.Context, e *Env, p *plan.Plan) error {
	if a.auto {
		return nil
	}
	question, want := "Do you want to perform these actions?", "yes"
	if p.Mode == plan.ModeDestroy {
		question, want = "Do you really want to destroy these actors? There is no undo.", p.Target.Namespace
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

// ask asks the person at the terminal a question, and returns the line that is the answer.
func ask(ctx context.Context, e *Env, question string) (string, error) {
	fmt.Fprint(e.Stderr, question)
	redact.Flush(e.Stderr)
	answer, err := readLine(ctx, e)
	fmt.Fprintln(e.Stderr)
	return answer, err
}

// readLine leaves a goroutine behind when it is cancelled: nothing can end a read of a terminal.
func readLine(ctx context.Context, e *Env) (string, error) {
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
