package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/client"
	"riveter/internal/export"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/view"
)

// exportOptions are the flags of export.
type exportOptions struct {
	view   viewOptions
	source sourceOptions
	ledger ledgerOptions
	names  cli.StringSlice
	prefix []string
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
		Flags: slices.Concat(o.source.flags(), o.ledger.flags(), []cli.Flag{
			&cli.StringSliceFlag{Name: "name", Usage: "only actors named `NAME`; may be repeated", Destination: &o.names},
			&cli.GenericFlag{Name: "key-prefix", Usage: "only actors whose key begins with the parts `A/B`" + keyPrefixSpelling, Value: keyPrefix(&o.prefix)},
			&cli.BoolFlag{Name: "state", Usage: "add the live state of each actor as a comment; wakes the actors", Destination: &o.state},
			&cli.BoolFlag{Name: "read-inputs", Usage: "add the input that each actor was created with; wakes the actors", Destination: &o.inputs},
			noColorFlag(&o.view),
		}),
		Action: o.source.atPath(func(ctx context.Context) error { return a.export(ctx, o) }),
	}
}

// export declares actors that exist and are not declared yet.
func (a *app) export(ctx context.Context, o *exportOptions) (err error) {
	if o.source.path == "-" {
		o.source.path, o.print = ".", true
	} else if dir := o.source.path; !exists(dir) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		defer os.Remove(dir) // which fails once something is in it
	}
	s, isNew, err := a.exportInto(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.open(ctx, o.ledger, "export", o.print); err != nil {
		return err
	}
	options := operate.ExportOptions{Names: o.names.Value(), Prefix: o.prefix, State: o.state, Inputs: o.inputs, Write: !o.print}
	if isNew {
		options.Endpoint, options.Namespace = a.whereabouts(s.Environment())
	}
	exported, diags := s.Export(ctx, options)
	s.exported(exported, o)
	return s.show(diags)
}

// whereabouts are where a new configuration is to look for its actors: where the flags of this run said, which the next
// run need not repeat then.
func (a *app) whereabouts(environment plan.Target) (endpoint, namespace string) {
	if a.global.endpoint != "" {
		endpoint = environment.Endpoint
	}
	if u, err := url.Parse(a.global.endpoint); a.global.namespace != "" || err == nil && u.User != nil {
		namespace = environment.Namespace
	}
	return endpoint, namespace
}

// exportInto loads the configuration of a directory, or begins one.
func (a *app) exportInto(ctx context.Context, o *exportOptions) (s *session, isNew bool, err error) {
	display, dir := a.newScreen(o.view), o.source.path
	loading := operate.LoadOptions{Path: dir, Variables: o.source.variables, OnlyExisting: true}
	declared, err := configurationIn(dir)
	switch {
	case err != nil:
		return nil, false, err
	case declared != "":
		s, err = a.load(ctx, display, loading)
	default:
		s, err = a.begin(display, loading)
	}
	return s, declared == "", err
}

// exported shows what was found; nil where nothing was.
func (s *session) exported(e *operate.Exported, o *exportOptions) {
	switch {
	case e == nil:
		return
	case len(e.Declared)+len(e.Omitted) == 0:
		s.screen.Note("Nothing to export: every actor that is asked for is declared already.")
	case o.state || o.inputs:
		s.screen.Note(fmt.Sprintf("Read from %s, which woke them.", view.Count(e.Woken, "actor")))
	}
	s.screen.Diagnostics(leftOut(e.Omitted), nil)
	switch {
	case o.print:
		for i, f := range e.Files {
			text := strings.TrimSuffix(strings.Repeat("\n", min(i, 1))+string(f.Content), "\n")
			if o.state || o.inputs { // not names and keys alone
				text = s.app.secrets.Redact(text)
			}
			s.screen.Result(text)
		}
	case len(e.Written) > 0:
		s.screen.Note(s.app.andThen(fmt.Sprintf("Wrote %s with %s.", strings.Join(e.Written, ", "), view.Count(len(e.Declared), "actor")), `"riveter plan" finds nothing to do.`))
	}
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
	summary := fmt.Sprintf("%s left out", view.Count(len(omitted), "actor"))
	return hcl2.Diagnostics{{Severity: hcl2.DiagWarning, Summary: summary, Detail: strings.Join(lines, "\n")}}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
