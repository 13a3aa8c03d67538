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

	"riveter/internal/redact"
	"riveter/plan/view"
)

// consoleOptions are the flags of console.
type consoleOptions struct {
	view   viewOptions
	source sourceOptions
	ledger ledgerOptions
}

func (a *app) consoleCommand() *cli.Command {
	o := &consoleOptions{}
	return &cli.Command{
		Name:        "console",
		Usage:       "evaluate expressions, one a line, against the configuration, the ledger and the server",
		ArgsUsage:   "[PATH]",
		Description: `At a terminal it prompts; otherwise it reads standard input. Expressions may name everything that those of an output may. It changes nothing.`,
		Flags:       slices.Concat(o.source.flags(), o.ledger.flags(), []cli.Flag{o.source.keyPrefixFlag(), noColorFlag(&o.view)}),
		Action:      o.source.atPath(func(ctx context.Context) error { return a.console(ctx, o) }),
	}
}

// console answers expressions until the input ends. On a terminal it prompts for them; elsewhere one that cannot be
// evaluated makes the exit code 1.
func (a *app) console(ctx context.Context, o *consoleOptions) error {
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
		if err := a.answer(ctx, o, question); err != nil {
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
		redact.Flush(a.env.Stderr)
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

// answer evaluates a question and prints its value.
func (a *app) answer(ctx context.Context, o *consoleOptions, question string) (err error) {
	loading := o.source.loading(o.source.path)
	loading.Question = question
	s, err := a.load(ctx, a.newScreen(o.view), loading)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	val, err := s.ask(ctx, o.ledger)
	if err != nil {
		return err
	}
	if err := view.DrawValue(a.env.Stdout, val, a.drawing(o.view)); err != nil {
		return err
	}
	redact.Flush(a.env.Stdout)
	return nil
}

// ask asks the server and the ledger only where the question needs them.
func (s *session) ask(ctx context.Context, l ledgerOptions) (cty.Value, error) {
	if val, ok := s.config.Answer(); ok {
		return val, nil
	}
	if err := s.open(ctx, l, "console", true); err != nil {
		return cty.NilVal, err
	}
	val, diags := s.Ask(ctx)
	return val, s.show(diags)
}
