package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/hcl/syntax"
	"riveter/internal/atomicfile"
	"riveter/internal/devrivet"
	"riveter/internal/export"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// initOptions are the flags of init.
type initOptions struct {
	run  devOptions // which registry, and how it is started
	name string     // of the actor to declare
	ask  bool
	// skill asks for instructions for coding agents, in place of a configuration.
	skill bool
}

const initDescription = `Writes main.rivet.hcl into DIR, by default the working directory, with one actor of a name that registries have announced to
the server. Where no server can be reached, or with -registry, the registry on the disk is started for a moment and asked instead. Of
several names, a person at a terminal is asked which one; elsewhere it is the first. A file that exists is never overwritten.

With -skill, it writes SKILL.md into DIR in place of all that: what a coding agent has to know to write configurations and to run riveter. It
asks no server.`

func (a *app) initCommand() *cli.Command {
	o := &initOptions{}
	return &cli.Command{
		Name:        "init",
		Usage:       "write a small configuration to begin with",
		ArgsUsage:   "[DIR]",
		Description: initDescription,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Usage: "declare an actor named `NAME`", Destination: &o.name},
			&cli.StringFlag{Name: "registry", Usage: "`DIR` of the registry to ask, in place of a server", Destination: &o.run.registry},
			&cli.StringFlag{Name: "registry-command", Usage: "`COMMAND` that starts the registry, in its folder", Destination: &o.run.command},
			&cli.BoolFlag{Name: "skill", Usage: "write instructions for coding agents, in place of a configuration", Destination: &o.skill},
			&cli.BoolFlag{Name: "input", Usage: "ask where an answer is needed", Value: true, Destination: &o.ask},
		},
		Action: o.run.run.source.atPath(func(ctx context.Context) error { return a.initialize(ctx, o) }),
	}
}

// initialize writes a configuration where there is none.
func (a *app) initialize(ctx context.Context, o *initOptions) error {
	dir := o.run.run.source.path
	if o.skill {
		return a.writeSkill(dir)
	}
	declared, err := configurationIn(dir)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case declared != "":
		return operate.Problemf("Configuration exists", "%s is there already. \"riveter plan\" shows what it means, and \"riveter export\" adds actors that exist.", declared)
	}
	names, server, err := a.registered(ctx, o)
	if err != nil {
		return err
	}
	names, unfit := apart(names)
	if err := o.possible(names, unfit); err != nil {
		return err
	}
	name, err := a.chooseName(ctx, o, names)
	if err != nil {
		return err
	}
	endpoint, namespace := a.whereabouts(server)
	first := export.First(name, names, export.Options{Endpoint: endpoint, Namespace: namespace})
	path := filepath.Join(dir, first.Name)
	if err := create(path, first.Content); err != nil {
		return err
	}
	display := a.newScreen(viewOptions{})
	if len(unfit) > 0 {
		display.Diagnostics(hcl2.Diagnostics{{Severity: hcl2.DiagWarning, Summary: view.Count(len(unfit), "name") + " left out", Detail: cannotBeDeclared(unfit)}}, nil)
	}
	display.Note(a.andThen(fmt.Sprintf("Wrote %s with 1 actor.", path), `"riveter plan" shows what it means.`))
	return nil
}

// apart sorts names, and tells those that can be declared from the others.
func apart(names []string) (fit, unfit []string) {
	for _, name := range slices.Sorted(slices.Values(names)) {
		if export.CanBeNamed(name) {
			fit = append(fit, name)
		} else {
			unfit = append(unfit, name)
		}
	}
	return fit, unfit
}

// possible returns why nothing can be declared of what is asked for.
func (o *initOptions) possible(fit, unfit []string) error {
	switch {
	case slices.Contains(unfit, o.name):
		return operate.Problemf("Invalid actor name", "%s", cannotBeDeclared([]string{o.name}))
	case len(fit) == 0:
		return operate.Problemf("Nothing to begin with", "%s", cannotBeDeclared(unfit))
	default:
		return nil
	}
}

func cannotBeDeclared(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = address.Quote(name)
	}
	return fmt.Sprintf("Actors named %s cannot be declared: a name is 1 to 64 letters, digits, underscores and dashes.", strings.Join(quoted, ", "))
}

// writeSkill writes instructions for coding agents.
func (a *app) writeSkill(dir string) error {
	path := filepath.Join(dir, "SKILL.md")
	err := create(path, []byte(a.manual().Skill()))
	if errors.Is(err, fs.ErrExist) {
		return operate.Problemf("File exists", "%s is there already. Where nobody has changed it, remove it first.", path)
	}
	if err != nil {
		return err
	}
	a.newScreen(viewOptions{}).Note(a.andThen("Wrote "+path+".", "Coding agents look for it in .claude/skills/riveter, or are told of it in AGENTS.md."))
	return nil
}

// registered returns the names of actors that there are, with the server that knows them; from a registry on the disk where none
// can be reached.
func (a *app) registered(ctx context.Context, o *initOptions) ([]string, plan.Target, error) {
	inRegistry := func() ([]string, plan.Target, error) {
		names, err := a.inRegistry(ctx, o)
		return names, plan.Target{}, err
	}
	if o.run.registry != "" {
		return inRegistry()
	}
	names, server, err := a.announced(ctx)
	if reached := !errors.Is(err, errUnreachable); err == nil && len(names) > 0 || err != nil && reached {
		return names, server, err
	}
	var none error
	if o.run.registry, none = findRegistry(&o.run); none == nil {
		return inRegistry()
	}
	if err == nil {
		err = errors.New("no registry has announced any actors to it")
	}
	return nil, server, operate.Problemf("Nothing to begin with", "The server does not tell which actors there are: %s. %s", strings.TrimSuffix(err.Error(), "."), operate.Diagnose(none)[0].Detail)
}

// errUnreachable is the error of a server that has not answered at all.
var errUnreachable = errors.New("no server answers")

// announced asks the server for the names of actors that registries have announced to it.
func (a *app) announced(ctx context.Context) (names []string, at plan.Target, err error) {
	s, err := a.dial(&hcl.Rivet{})
	if err != nil {
		return nil, at, err
	}
	defer s.Close()
	at, err = s.Environment(ctx)
	if err == nil && at.NamespaceID == "" {
		return nil, at, operate.Problemf("Namespace does not exist", "The server has no namespace %q.", at.Namespace)
	}
	if err == nil {
		names, err = s.Names(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return names, at, cmp.Or(ctx.Err(), err)
	}
	explained := s.Explain(err)
	if explained.Kind == operate.ErrorUnreachable {
		return nil, at, fmt.Errorf("%w: %s", errUnreachable, explained.Text)
	}
	return nil, at, operate.Problemf("Server cannot be asked", "%s.", strings.TrimSuffix(explained.Text, "."))
}

// inRegistry starts the registry beside a throw-away engine, and asks that.
func (a *app) inRegistry(ctx context.Context, o *initOptions) (names []string, err error) {
	a.interrupts.Hold()
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: o.run.registry, Command: o.run.command, Progress: a.env.Stderr})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, operate.At(hcl2.Range{}, "Rivet cannot be started", err)
	}
	defer func() { err = errors.Join(err, rivet.Stop()) }()
	asking := *a
	asking.pointTo(rivet.Endpoint())
	asking.dial = asking.connect
	names, _, err = asking.announced(ctx)
	if err == nil && len(names) == 0 {
		err = operate.Problemf("Nothing to begin with", "The registry in %s has no actors.", o.run.registry)
	}
	return names, err
}

// chooseName returns the name that is asked for, or else what a person says or, without one, the first. The names are sorted.
func (a *app) chooseName(ctx context.Context, o *initOptions, names []string) (string, error) {
	name := o.name
	if name == "" && len(names) > 1 && a.env.StdinIsTerminal && o.ask && !a.env.IsOff("RIVETER_INPUT") {
		var err error
		if name, err = ask(ctx, &a.env, fmt.Sprintf("There are actors named %s.\n\n  Enter the name of the one to begin with: ", strings.Join(names, ", "))); err != nil {
			return "", err
		}
	}
	switch {
	case name == "":
		return names[0], nil
	case !slices.Contains(names, name):
		return "", operate.Problemf("Unknown actor name", "There is no actor named %q.%s", name, syntax.SuggestMember(name, names))
	default:
		return name, nil
	}
}

// create makes a file that does not exist yet, in a folder that may not either.
func create(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return atomicfile.Create(path, content)
}
