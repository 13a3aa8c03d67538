package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/process"
	"riveter/internal/cli/usage"
	"riveter/internal/devrivet"
	"riveter/internal/operate"
	"riveter/internal/redact"
)

// devOptions are the flags of dev.
type devOptions struct {
	run      applyOptions
	registry string
	command  string // that starts the registry
	once     bool
	serve    bool
	stdin    bool     // to serve for as long as it is open
	program  []string // to run against the Rivet; none to watch the files instead
}

const devDescription = `Starts an engine and a registry of actors, and applies the configuration to it. Then it applies it again whenever a
file changes that it was read from, until Ctrl-C. With a PROGRAM, it runs that instead, and leaves with its exit code; standard
output is the program's alone. The program is told where the Rivet is, in RIVET_ENDPOINT and RIVET_NAMESPACE, and in RIVETER_OUTPUTS
the path of a JSON file with the outputs, sensitive ones included. The Rivet and all that is in it are gone at the end.

The registry is started as its own project starts it: by -registry-command, by the script dev or start of its package.json where
that runs a file, such as "tsx src/index.ts", or by node with its main, or server.mjs.`

func (a *app) devCommand() *cli.Command {
	o := &devOptions{}
	return &cli.Command{
		Name:        "dev",
		Usage:       "apply the configuration to a throw-away Rivet on this machine",
		ArgsUsage:   "[PATH] " + usage.Program,
		Description: devDescription,
		Flags: append(o.run.source.flags(),
			&cli.StringFlag{Name: "registry", Usage: "`DIR` of the registry of actors; by default the folder registry in PATH or beside it, PATH, or the folder above it", Destination: &o.registry},
			&cli.StringFlag{Name: "registry-command", Usage: "`COMMAND` that starts the registry, in its folder", Destination: &o.command},
			&cli.BoolFlag{Name: "once", Usage: "leave after the apply", Destination: &o.once},
			&cli.BoolFlag{Name: "serve", Usage: "apply nothing: run the PROGRAM, or print the address on standard output and stay until Ctrl-C", Destination: &o.serve},
			&cli.BoolFlag{Name: "stdin", Usage: "with -serve, stay until standard input ends, as it does when the process that holds a pipe is gone", Destination: &o.stdin},
			&cli.BoolFlag{Name: "concise", Usage: "print one line for each change", Destination: &o.run.view.concise},
			&cli.BoolFlag{Name: "quiet", Usage: "print only what is wrong", Destination: &o.run.view.quiet},
			noColorFlag(&o.run.view),
		),
		Action: func(c *cli.Context) error {
			args := c.Args().Slice()
			if i := slices.Index(args, "--"); i >= 0 {
				if args, o.program = args[:i], args[i+1:]; len(o.program) == 0 {
					return usage.Error(c, errors.New("there is no program behind --"))
				}
			}
			if o.once && (o.serve || len(o.program) > 0) {
				return usage.Error(c, errors.New("dev leaves -once it has applied, or it stays: with -serve, or as long as a program runs"))
			}
			if o.stdin && (!o.serve || len(o.program) > 0) {
				return usage.Error(c, errors.New("-stdin says how long -serve stays, where no program does"))
			}
			return o.run.source.at(c, args, func(ctx context.Context) error { return a.dev(ctx, o) })
		},
	}
}

// dev starts a Rivet, applies the configuration to it, and stops it when that is all, or when it is interrupted.
func (a *app) dev(ctx context.Context, o *devOptions) (err error) {
	if len(o.program) > 0 { // standard output is the program's
		a.env.Stdout, a.env.StdoutIsTerminal = a.env.Stderr, a.env.StderrIsTerminal
	}
	registry, err := a.foresee(ctx, o)
	if err != nil {
		return err
	}
	a.interrupts.Hold()
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: registry, Command: o.command, Progress: o.progress(&a.env)})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return operate.At(hcl2.Range{}, "Rivet cannot be started", err)
	}
	defer func() { err = errors.Join(err, rivet.Stop()) }()
	a.pointTo(rivet.Endpoint())
	switch {
	case !o.serve:
		return a.use(ctx, o, rivet.Folder())
	case len(o.program) > 0:
		return a.runProgram(ctx, o.program)
	default:
		return a.serve(ctx, o)
	}
}

// progress is where a person is told what takes long.
func (o *devOptions) progress(e *process.Env) io.Writer {
	if o.run.view.quiet {
		return io.Discard
	}
	return e.Stderr
}

// foresee finds what can be found before anything is started, and the folder of the registry.
func (a *app) foresee(ctx context.Context, o *devOptions) (registry string, err error) {
	if len(o.program) > 0 {
		if _, err := exec.LookPath(o.program[0]); err != nil {
			return "", operate.Problemf("Program cannot be run", "%s.", err)
		}
	}
	if registry, err = findRegistry(o); err != nil || o.serve {
		return registry, err
	}
	loading, err := a.loading(operate.LoadOptions{Path: o.run.source.path, Variables: o.run.source.variables})
	if err != nil {
		return "", err
	}
	config, diags := operate.Load(ctx, loading)
	if !diags.HasErrors() {
		diags = append(diags, config.Validate(ctx)...)
	}
	if !diags.HasErrors() { // warnings are shown with the plan
		return registry, nil
	}
	s := &session{app: a, screen: a.newScreen(o.run.view), config: config}
	return "", s.show(diags)
}

// use applies the configuration, and does with it what the options say. What is remembered lies in a folder.
func (a *app) use(ctx context.Context, o *devOptions, memory string) error {
	o.run.orders.refresh, o.run.orders.ownLedger = true, true
	o.run.ledger = ledgerOptions{lock: true, path: filepath.Join(memory, "ledger.json")}
	o.run.approval.auto = true
	if !o.once && len(o.program) == 0 {
		return a.applyChanges(ctx, &o.run)
	}
	config, err := a.apply(ctx, &o.run)
	if err = cmp.Or(err, a.goOn()); err != nil {
		return err
	}
	if o.once {
		return a.plan(ctx, &o.run.planOptions)
	}
	outputs := filepath.Join(memory, "outputs.json")
	if err := writeOutputs(outputs, config); err != nil {
		return err
	}
	return a.runProgram(ctx, o.program, "RIVETER_OUTPUTS="+outputs)
}

// serve prints the address and stays.
func (a *app) serve(ctx context.Context, o *devOptions) error {
	fmt.Fprintln(a.env.Stdout, a.global.endpoint)
	redact.Flush(a.env.Stdout)
	if o.stdin {
		ctx = a.process.Listen(ctx, func() {})
	}
	<-ctx.Done()
	if a.interrupts.Happened() {
		a.newScreen(viewOptions{}).Note("Interrupted: the Rivet is stopped.")
	}
	return nil
}

// pointTo makes a throw-away Rivet the one that everything is about, whatever the configuration and the environment say. It has
// one namespace that its actors run in.
func (a *app) pointTo(endpoint string) {
	a.global.endpoint, a.global.namespace = endpoint, "default"
	a.env.Environ = devrivet.WithoutRivet(a.env.Environ)
}

// findRegistry returns the folder of the registry.
func findRegistry(o *devOptions) (string, error) {
	dir := o.run.source.path
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	registry := cmp.Or(o.registry, devrivet.FindRegistry(dir))
	if registry == "" {
		return "", operate.Problemf("No registry", "There is no package.json that depends on rivetkit in %s, in the folder above it, or in a folder registry in one of them. Say -registry=DIR.", dir)
	}
	return registry, nil
}

// applyChanges applies the configuration, and again whenever a file changes that it was read from, until it is interrupted.
// What is wrong with the files is shown, and can be mended then.
func (a *app) applyChanges(ctx context.Context, o *applyOptions) error {
	for {
		config, err := a.apply(ctx, o)
		err = cmp.Or(err, a.goOn())
		if err != nil && (config == nil || len(config.Folders()) == 0 || a.interrupts.Happened()) {
			return err
		}
		if code := exit(0); err != nil && !errors.As(err, &code) {
			a.newScreen(o.view).Diagnostics(operate.Diagnose(err), nil)
		}
		display := a.newScreen(o.view)
		display.Note("Rivet is running at " + a.global.endpoint + ". Waiting for a file to change; Ctrl-C stops it.")
		changed, err := awaitChange(ctx, config.Config)
		if err != nil {
			return err
		}
		if changed == "" {
			display.Note("Interrupted: the Rivet is stopped.")
			return nil
		}
		display.Note("")
		display.Note(changed + " has changed.")
	}
}

// quiet is how long nothing must have changed, since programs write files in several steps.
const quiet = 50 * time.Millisecond

// awaitChange waits until something changes that a configuration was read from, and returns its name; nothing when ctx ends.
func awaitChange(ctx context.Context, config *hcl.Config) (changed string, err error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return "", fmt.Errorf("watch for changes: %w", err)
	}
	defer watcher.Close()
	for _, dir := range config.Folders() {
		if err := watcher.Add(dir); err != nil {
			return "", fmt.Errorf("watch %s: %w", dir, err)
		}
	}
	settled := time.NewTimer(0) // what changed before anybody watched
	for {
		select {
		case <-ctx.Done():
			return "", nil
		case <-watcher.Events:
			settled.Reset(quiet)
		case err := <-watcher.Errors:
			return "", fmt.Errorf("watch for changes: %w", err)
		case <-settled.C:
			if changed := config.Changed(); changed != "" {
				return changed, nil
			}
		}
	}
}

// signalled is added to the number of a signal that ended a program, as shells do.
const signalled = 128

// runProgram runs a program against the Rivet that a run is about, with more environment than ours, and ends as it ends. An interrupt is for the program: a
// terminal sends it one itself, and otherwise it is passed on. A second one kills it.
func (a *app) runProgram(ctx context.Context, program []string, environ ...string) error {
	redact.Flush(a.env.Stdout)
	redact.Flush(a.env.Stderr)
	run := exec.CommandContext(ctx, program[0], program[1:]...)
	run.Stdin, run.Stdout, run.Stderr = a.process.Stdin, a.process.Stdout, a.process.Stderr
	run.Env = append(slices.Concat(a.env.Environ, environ), "RIVET_ENDPOINT="+a.global.endpoint, "RIVET_NAMESPACE="+a.global.namespace)
	stop := a.interrupts.Graceful(func() {})
	defer a.interrupts.Abrupt()
	if err := a.goOn(); err != nil {
		return err
	}
	if err := run.Start(); err != nil {
		return operate.Problemf("Program cannot be run", "%s: %s.", program[0], err)
	}
	release, err := devrivet.Tether(ctx, run.Process.Pid)
	if err != nil {
		return errors.Join(err, run.Process.Kill(), run.Wait())
	}
	defer release()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-stop:
			if !a.env.StdinIsTerminal {
				_ = run.Process.Signal(os.Interrupt) // it may have ended meanwhile
			}
		case <-ended:
		}
	}()
	err = run.Wait()
	failure, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return err
	}
	if status, ok := failure.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exit(signalled + int(status.Signal()))
	}
	return exit(failure.ExitCode())
}
