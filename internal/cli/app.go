// Package cli is Riveter's command line: app.go is the program, session.go what most commands work with, flags.go and orders.go the flags
// that several have. Every other file is a command, or a few that belong together: flags fill an options struct, one call does the work,
// and a view shows the result. [Run] is the whole program but for what only a process can do, which package main hands it in a
// [process.Env].
//
// Human and JSON output are two implementations of one interface, chosen in one place; no command asks which it is.
// Everything passes through package redact on its way out.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/connect"
	"riveter/internal/cli/outfile"
	"riveter/internal/cli/process"
	"riveter/internal/cli/usage"
	"riveter/internal/operate"
	"riveter/internal/redact"
	"riveter/plan/view"
)

// app is one run of the program.
type app struct {
	env         process.Env
	process     process.Env // as it was given, without redaction
	secrets     *redact.Set
	interrupts  *process.Interrupts
	global      globalOptions
	parallelism int // how many actors at a time; 0 where nobody has said
	log         outfile.Log
	into        jsonInto
	unopened    error          // why one of these two cannot be written, which was told
	guard       *outfile.Guard // of all that is written beside the screen
	// dial returns the server that the flags, the rivet block and the environment describe. It sends nothing.
	dial func(r *hcl.Rivet) (server, error)
}

// server is a server that is given back in the end.
type server interface {
	operate.Server
	Close()
}

// globalOptions are the flags of every command.
type globalOptions struct {
	chdir     string
	endpoint  string
	namespace string
	version   bool
}

// Run runs the program and returns its exit code.
func Run(env process.Env) int {
	a := &app{env: env, process: env, secrets: &redact.Set{}, guard: &outfile.Guard{}}
	a.dial = a.connect
	return a.run()
}

// connector connects with what the flags and the environment say.
func (a *app) connector() *connect.Connector {
	return &connect.Connector{
		Lookup: a.env.Lookup, Environ: a.env.Environ, Stderr: a.env.Stderr, Secrets: a.secrets,
		Version: Version, Log: a.log.Logger, Lookups: a.parallelism, Endpoint: a.global.endpoint, Namespace: a.global.namespace,
	}
}

// connect implements dial with a real server.
func (a *app) connect(r *hcl.Rivet) (server, error) {
	t, err := a.connector().Server(r)
	if err != nil {
		return nil, err // rather than an interface that holds nothing
	}
	return t, nil
}

func (a *app) run() int {
	ctx, interrupts, done := a.env.Watch()
	defer done()
	stdout := redact.NewWriter(a.env.Stdout, a.secrets, interrupts.Unread)
	stderr := redact.NewWriter(a.env.Stderr, a.secrets, interrupts.Unread)
	a.env.Stdout, a.env.Stderr = stdout, stderr
	defer stderr.Flush()
	a.interrupts = interrupts
	err := a.command(ctx)
	code := a.exitCode(err)
	if errors.Is(err, process.ErrAbandoned) {
		return code // what it has to write may wait for a reader
	}
	return a.close(code, err, stdout)
}

// close closes what was written to. What could not be written is told where it can still be read, unless told is that already, and no
// exit code says that all is there.
func (a *app) close(code int, told error, stdout *redact.Writer) int {
	asked := usage.AsksForJSON(a.env.Args)
	lost := stdout.Flush()
	var err error
	if lost != nil && (asked || !errors.Is(told, lost)) {
		err = fmt.Errorf("write to standard output: %w", lost)
	}
	if unwritten := errors.Join(a.into.close(), a.log.Close()); a.unopened == nil {
		err = errors.Join(err, unwritten)
	}
	switch {
	case err == nil:
		return code
	case a.interrupts.Happened():
		return cmp.Or(code, exitInterrupted)
	}
	a.newScreen(viewOptions{json: asked && lost == nil}).Diagnostics(operate.Diagnose(err), nil)
	return exitError
}

// openOutlets returns why something cannot be written that is to be written beside the screen.
func (a *app) openOutlets() error {
	a.unopened = a.into.file.Open()
	if a.unopened == nil {
		a.unopened = a.log.Open()
	}
	return a.unopened
}

// command runs the command that the arguments name.
func (a *app) command(ctx context.Context) (err error) {
	if a.log, err = outfile.NewLog(&a.env, a.secrets, a.guard); err != nil {
		return err
	}
	if len(a.env.Args) > 0 && a.env.Args[0] == usage.CandidatesCommand {
		return a.printCandidates(ctx, a.env.Args[1:])
	}
	commands := a.commands()
	if a.env.Args, err = usage.WithUsual(commands, a.env.Args, &a.env); err != nil {
		return err
	}
	args := append([]string{"riveter"}, usage.Arrange(commands, a.env.Args)...)
	var help strings.Builder // which is all that the library writes
	commands.Writer = &help
	page := a.drawing(viewOptions{})
	if !page.Wrap || page.Width == 0 {
		page.Width = pageWidth
	}
	usage.Reflow(commands.Commands, args, func(paragraph string) string {
		return view.Wrap(paragraph, view.Options{Width: max(page.Width-usage.Indent, 1), Wrap: true})
	})
	return a.interrupts.Run(ctx, func(ctx context.Context) error {
		err := commands.RunContext(ctx, args)
		fmt.Fprint(a.env.Stdout, view.Wrap(help.String(), page))
		return err
	})
}

// pageWidth is how wide the words of a help are that is shown on no terminal.
const pageWidth = 80

func (a *app) commands() *cli.App {
	commands := &cli.App{
		Name:            "riveter",
		Usage:           "declare Rivet Actors in files, see what would change, and seed them",
		HideVersion:     true,
		HideHelpCommand: false,
		ErrWriter:       a.env.Stderr,
		ExitErrHandler:  func(*cli.Context, error) {},
		Action:          a.noCommand,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "chdir", Usage: "work in `DIR`", Destination: &a.global.chdir},
			&cli.StringFlag{Name: "endpoint", Usage: "`URL` of the engine, in place of the configuration's", Destination: &a.global.endpoint},
			&cli.StringFlag{Name: "namespace", Usage: "`NAME` of the namespace, in place of the configuration's", Destination: &a.global.namespace},
			&cli.BoolFlag{Name: "version", Aliases: []string{"v"}, Usage: "print the version", Destination: &a.global.version},
		},
		Before:   a.enter,
		Commands: []*cli.Command{a.initCommand(), a.validateCommand(), a.planCommand(), a.applyCommand(), a.destroyCommand(), a.verifyCommand(), a.outputCommand(), a.showCommand(), a.getCommand(), a.callCommand(), a.consoleCommand(), a.fmtCommand(), a.graphCommand(), a.schemaCommand(), a.exportCommand(), a.ledgerCommand(), a.devCommand(), a.fixtureCommand(), a.completionCommand(), a.versionCommand()},

		DisableSliceFlagSeparator: true,
	}
	usage.Prepare(commands)
	return commands
}

// noCommand is the action where the arguments name no command.
func (a *app) noCommand(c *cli.Context) error {
	return cmp.Or[error](usage.NoCommand(c), exit(exitError))
}

// enter runs before every command.
func (a *app) enter(c *cli.Context) error {
	if a.global.version {
		return cmp.Or[error](a.printVersion(false), exit(exitOK))
	}
	if a.global.chdir == "" {
		return nil
	}
	return a.env.Chdir(a.global.chdir)
}

// exitCode shows what has not been shown yet of an error, and returns the code that says what kind it is.
func (a *app) exitCode(err error) int {
	var code exit
	if err == nil || errors.As(err, &code) {
		return int(code)
	}
	a.newScreen(viewOptions{json: usage.AsksForJSON(a.env.Args)}).Diagnostics(operate.Diagnose(err), nil)
	return a.failed()
}

// goOn returns nil unless there was an interrupt. A run that does more than apply asks: where it came while the last calls ran, they were let finish, and
// nothing is missing that would have ended the run.
func (a *app) goOn() error {
	if a.interrupts.Happened() {
		return exit(exitInterrupted)
	}
	return nil
}

// failed is the exit code of a run that did not succeed.
func (a *app) failed() int {
	if a.interrupts.Happened() {
		return exitInterrupted
	}
	return exitError
}

// The exit codes. A code that a script does not know means failure.
const (
	exitOK          = 0
	exitError       = 1
	exitChanges     = 2   // with -detailed-exitcode: the plan has changes
	exitUnformatted = 3   // with fmt -check: something differs
	exitInterrupted = 130 // stopped by a signal
)

// exit is an error that says nothing but the exit code: everything else was shown already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }
