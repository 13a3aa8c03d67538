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

	"riveter/client"
	"riveter/hcl"
	"riveter/internal/export"
)

// exportOptions are the flags of export.
type exportOptions struct {
	run    runOptions
	names  cli.StringSlice
	prefix string
	state  bool
	inputs bool
	print  bool // instead of writing files
}

const exportDescription = `Writes a file for each name of actors into DIR, by default the working directory, and records in its ledger that the
actors are adopted, so that planning DIR says "No changes". A file that exists is never overwritten. Where DIR is a
configuration already, actors that it declares are left out. With - in place of DIR, prints the configuration and
records nothing: the first plan with it will adopt the actors.

Nothing is sent to any actor, except that -state and -read-inputs read from them, which wakes them. What they say may
be secret: look at it before you commit it.`

func (a *app) exportCommand() *cli.Command {
	o := &exportOptions{}
	return &cli.Command{
		Name:        "export",
		Usage:       "write the configuration of actors that exist",
		ArgsUsage:   "[DIR or -]",
		Description: exportDescription,
		Flags: slices.Concat(o.run.source.flags(), o.run.ledgerFlags(), []cli.Flag{
			&cli.StringSliceFlag{Name: "name", Usage: "only actors named `NAME`; may be repeated", Destination: &o.names},
			&cli.StringFlag{Name: "key-prefix", Usage: "only actors whose key begins with the parts `A/B`; in a part, / is written \\/ and \\ is \\\\", Destination: &o.prefix},
			&cli.BoolFlag{Name: "state", Usage: "add the live state of each actor as a comment; wakes the actors", Destination: &o.state},
			&cli.BoolFlag{Name: "read-inputs", Usage: "add the input that each actor was created with; wakes the actors", Destination: &o.inputs},
			&cli.BoolFlag{Name: "no-color", Usage: "print without colour", Destination: &o.run.view.noColor},
		}),
		Action: o.run.source.atPath(func(ctx context.Context) error { return a.export(ctx, o) }),
	}
}

// export declares actors that exist and are not declared yet.
func (a *app) export(ctx context.Context, o *exportOptions) (err error) {
	prefix, err := keyPrefix(o.prefix)
	if err != nil {
		return err
	}
	if o.run.source.path == "-" {
		o.run.source.path, o.print = ".", true
	} else if dir := o.run.source.path; !exists(dir) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		defer os.Remove(dir) // which fails once something is in it
	}
	e := &exporter{options: o}
	if e.session, e.isNew, err = a.exportInto(ctx, &o.run); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, e.close(ctx)) }()
	if err := e.open(ctx, "export", o.print); err != nil {
		return err
	}
	actors, err := e.undeclared(ctx, prefix)
	if err != nil || len(actors) == 0 {
		return err
	}
	if err := e.look(ctx, actors); err != nil {
		return err
	}
	if err := e.write(export.Write(actors, e.surroundings())); err != nil {
		return e.fail(err)
	}
	return nil
}

// keyPrefix reads the flag, which is spelt as keys are on the wire.
func keyPrefix(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	prefix := client.ParseKey(text)
	if spelling := prefix.String(); spelling != text {
		return nil, problem("Invalid key prefix", `-key-prefix=%s is not how a key is spelt: %q would be %s. Parts are separated by /, an empty part is \0, and inside of a part / is \/ and \ is \\.`,
			text, []string(prefix), spelling)
	}
	return prefix, nil
}

// exportInto loads the configuration of a directory, or begins one.
func (a *app) exportInto(ctx context.Context, o *runOptions) (s *session, isNew bool, err error) {
	screen, dir := a.newScreen(o.view), o.source.path
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, false, err
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() && hcl.IsConfiguration(e.Name()) }) {
		s, err = a.load(ctx, o, screen, hcl.VariableSources{})
		return s, false, err
	}
	config, diags := hcl.LoadSources(dir, map[string][]byte{filepath.Join(dir, "main.rivet.hcl"): nil})
	values, more := config.Variables(hcl.VariableSources{Env: a.env.lookup, Given: o.source.variables})
	diags = append(diags, more...)
	s = &session{app: a, options: o, screen: screen, config: config}
	s.evaluation, more = config.Evaluate(values, hcl.Options{Workdir: dir, Env: a.env.lookup})
	return s, true, s.show(append(diags, more...))
}

// write writes the configuration, and then records what it declares.
func (e *exporter) write(r export.Result) error {
	e.screen.diagnostics(leftOut(r.Omitted), nil)
	if e.options.print {
		for i, f := range r.Files {
			e.screen.result(strings.TrimSuffix(strings.Repeat("\n", min(i, 1))+string(f.Content), "\n"))
		}
		return nil
	}
	if len(r.Declared) == 0 {
		return nil
	}
	names, err := writeNew(e.config.Dir(), r.Files)
	if err != nil {
		return err
	}
	if err := e.record(r.Declared); err != nil {
		return problem("Ledger cannot be written", "The configuration was written, but not that its actors are adopted: %s. The next apply can record it.", err)
	}
	e.screen.note(fmt.Sprintf("Wrote %s with %d %s.", strings.Join(names, ", "), len(r.Declared), plural(len(r.Declared), "actor")))
	return nil
}

// shownOmitted is how many of the actors that are left out may be named.
const shownOmitted = 10

func leftOut(omitted []export.Omitted) hcl2.Diagnostics {
	if len(omitted) == 0 {
		return nil
	}
	var lines []string
	for _, o := range omitted[:min(len(omitted), shownOmitted)] {
		which := o.Actor.ID
		if o.Actor.Key != nil {
			which = client.Key(o.Actor.Key).String()
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s.", o.Actor.Name, which, strings.TrimSuffix(o.Reason, ".")))
	}
	if more := len(omitted) - shownOmitted; more > 0 {
		lines = append(lines, fmt.Sprintf("And %d more.", more))
	}
	summary := fmt.Sprintf("%d %s left out", len(omitted), plural(len(omitted), "actor"))
	return hcl2.Diagnostics{{Severity: hcl2.DiagWarning, Summary: summary, Detail: strings.Join(lines, "\n")}}
}

// writeNew writes files that do not exist yet, all of them or none, and returns their paths.
func writeNew(dir string, files []export.File) (paths []string, err error) {
	defer func() {
		if err != nil {
			for _, path := range paths {
				err = errors.Join(err, os.Remove(path))
			}
		}
	}()
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			return paths, problem("File exists", "%s is there already, and nothing was written. Rename it, which changes no address; move it away; or print with \"riveter export -\".", path)
		}
		if err != nil {
			return paths, err
		}
		paths = append(paths, path)
		if _, err := file.Write(f.Content); err != nil {
			return paths, errors.Join(err, file.Close())
		}
		if err := file.Close(); err != nil {
			return paths, err
		}
	}
	return paths, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
