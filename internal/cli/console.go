package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/urfave/cli/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/plan/value"
	"riveter/plan/view"
)

func (a *app) consoleCommand() *cli.Command {
	o := &runOptions{refresh: true}
	return &cli.Command{
		Name:      "console",
		Usage:     "evaluate expressions, one a line, against the configuration, the ledger and the server",
		ArgsUsage: "[PATH]",
		Flags: slices.Concat(o.source.flags(), o.ledgerFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "no-color", Usage: "print without colour", Destination: &o.view.noColor},
		}),
		Action: o.source.atPath(func(ctx context.Context) error { return a.console(ctx, o) }),
	}
}

// console answers expressions until the input ends. On a terminal it prompts for them; elsewhere one that cannot be
// evaluated makes the exit code 1.
func (a *app) console(ctx context.Context, o *runOptions) error {
	lines := bufio.NewScanner(a.env.Stdin)
	var failed error
	for {
		question, ok := a.readQuestion(lines)
		if !ok {
			break
		}
		if question == "" {
			continue
		}
		once := *o
		once.source.question = question
		if err := a.answer(ctx, &once); err != nil {
			failed = exit(a.exitCode(err)) // shown at once, as more questions may follow
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	if a.env.StdinIsTerminal {
		return nil
	}
	return failed
}

// readQuestion reads a line, and more of them while a bracket is open.
func (a *app) readQuestion(lines *bufio.Scanner) (string, bool) {
	var question strings.Builder
	a.prompt("> ")
	for lines.Scan() {
		question.WriteString(lines.Text() + "\n")
		text := strings.TrimSpace(question.String())
		if text == "exit" || text == "quit" {
			return "", false
		}
		if !isOpen(text) {
			return text, true
		}
		a.prompt("  ")
	}
	text := strings.TrimSpace(question.String())
	return text, text != ""
}

func (a *app) prompt(text string) {
	if a.env.StdinIsTerminal {
		fmt.Fprint(a.env.Stderr, text)
		flush(a.env.Stderr)
	}
}

// isOpen reports whether a text has brackets that are not closed, so that it goes on.
func isOpen(text string) bool {
	tokens, _ := hclsyntax.LexExpression([]byte(text), "", hcl2.InitialPos)
	depth := 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCHeredoc:
			depth--
		default:
		}
	}
	return depth > 0
}

// answer evaluates the question and prints its value. It asks the server only where the question needs it.
func (a *app) answer(ctx context.Context, o *runOptions) (err error) {
	s, err := a.load(ctx, o, a.newScreen(o.view), hcl.VariableSources{})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	val, ok := s.evaluation.ExpressionValue()
	if !ok {
		if val, err = s.ask(ctx); err != nil {
			return err
		}
	}
	s.app.secrets.Add(value.Secrets(val)...)
	if err := view.DrawValue(a.env.Stdout, val, view.Options{Width: a.env.Width, Color: a.colour(o.view, a.env.StdoutIsTerminal)}); err != nil {
		return err
	}
	flush(a.env.Stdout)
	return nil
}

// ask evaluates what needs the server or the ledger.
func (s *session) ask(ctx context.Context) (cty.Value, error) {
	if err := s.open(ctx, "console", true); err != nil {
		return cty.NilVal, err
	}
	s.recalled, _ = s.recalled.Move(s.config.Moves())
	if err := s.observe(ctx, s.server(nil)); err != nil {
		return cty.NilVal, err
	}
	value, _ := s.evaluation.ExpressionValue()
	return value, nil
}
