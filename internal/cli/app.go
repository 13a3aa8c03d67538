package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/connect"
	"riveter/internal/cli/help"
	"riveter/internal/operate"
	"riveter/internal/redact"
)

// app is one run of the program.
type app struct {
	env         Env
	process     Env // as it was given, without redaction
	secrets     *redact.Set
	interrupts  *interrupts
	global      globalOptions
	parallelism int // how many actors at a time; 0 where nobody has said
	logs        logs
	into        jsonInto
	needed      *needed // of all that is written beside the screen
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
func Run(env Env) int {
	a := &app{env: env, process: env, secrets: &redact.Set{}, needed: &needed{}}
	a.dial = a.connect
	return a.run()
}

// connector connects with what the flags and the environment say.
func (a *app) connector() *connect.Connector {
	return &connect.Connector{
		Lookup: a.env.lookup, Environ: a.env.Environ, Stderr: a.env.Stderr, Secrets: a.secrets,
		Version: Version, Log: a.logs.Logger, Lookups: a.parallelism, Endpoint: a.global.endpoint, Namespace: a.global.namespace,
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
	ctx, interrupts, done := a.env.watch()
	defer done()
	stdout := redact.NewWriter(a.env.Stdout, a.secrets, interrupts.unread)
	stderr := redact.NewWriter(a.env.Stderr, a.secrets, interrupts.unread)
	a.env.Stdout, a.env.Stderr = stdout, stderr
	defer stderr.Flush()
	a.interrupts = interrupts
	code := a.exitCode(a.command(ctx))
	err := stdout.Flush()
	if err != nil {
		err = fmt.Errorf("write to standard output: %w", err)
	}
	err = errors.Join(err, a.into.close(), a.logs.close())
	switch {
	case err == nil || code != exitOK:
	case interrupts.happened():
		code = exitInterrupted
	default:
		code = a.exitCode(err)
	}
	return code
}

// openOutlets returns why something cannot be written that is to be written beside the screen.
func (a *app) openOutlets() error {
	if a.into.file != nil {
		if err := a.into.file.open(); err != nil {
			return err
		}
	}
	return a.logs.open()
}

// command runs the command that the arguments name.
func (a *app) command(ctx context.Context) (err error) {
	if a.logs, err = a.openLogs(); err != nil {
		return err
	}
	if len(a.env.Args) > 0 && a.env.Args[0] == help.CandidatesCommand {
		return a.printCandidates(ctx, a.env.Args[1:])
	}
	commands := a.commands()
	if a.env.Args, err = withUsual(commands, a.env.Args, &a.env); err != nil {
		return err
	}
	return commands.RunContext(ctx, append([]string{"riveter"}, arrange(commands, a.env.Args)...))
}

func (a *app) commands() *cli.App {
	commands := &cli.App{
		Name:            "riveter",
		Usage:           "declare Rivet Actors in files, see what would change, and seed them",
		HideVersion:     true,
		HideHelpCommand: false,
		Writer:          a.env.Stdout,
		ErrWriter:       a.env.Stderr,
		ExitErrHandler:  func(*cli.Context, error) {},
		OnUsageError:    usageError,
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
	complete(commands.Commands, "")
	return commands
}

// enter runs before every command.
func (a *app) enter(c *cli.Context) error {
	if err := refuseEmpty(c, c.App.Flags); err != nil {
		return err
	}
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
	a.newScreen(viewOptions{json: asksForJSON(a.env.Args)}).Diagnostics(operate.Diagnose(err), nil)
	return a.failed()
}

// failed is the exit code of a run that did not succeed.
func (a *app) failed() int {
	if a.interrupts.happened() {
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
