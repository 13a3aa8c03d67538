package operate

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"riveter/internal/atomicfile"
	"riveter/internal/export"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// ExportOptions say which actors are declared, and how much of them.
type ExportOptions struct {
	Names  []string // all where there are none
	Prefix []string // of the keys
	State  bool     // the live state, as a comment; wakes the actors
	Inputs bool     // what they were created with; wakes the actors
	Write  bool     // write files beside the configuration, and record that the actors are adopted
	// Endpoint and Namespace are put into the first file, where they are not empty.
	Endpoint, Namespace string
}

// Exported is what an export has found.
type Exported struct {
	export.Result
	Written []string // paths
	Woken   int      // actors
}

// Export declares the actors that are asked for and that exist, but for those that are declared already.
func (s *Session) Export(ctx context.Context, o ExportOptions) (*Exported, hcl2.Diagnostics) {
	e := &exporter{Session: s, options: o}
	diags := s.observe(ctx, s.against(PlanOptions{Mode: plan.ModeApply, Orders: plan.Orders{NoRefresh: true}}, nil))
	for _, d := range s.evaluation.Desired() {
		if d.Key == nil { // and nobody can tell whether it is one of those that exist
			diags = append(diags, s.evaluation.WhyKeyUnknown(d.Address)...)
		}
	}
	if diags.HasErrors() {
		return nil, distinct(diags)
	}
	actors, err := e.undeclared(ctx)
	exported := &Exported{Woken: s.server.Stats().Woken}
	if err != nil {
		return nil, append(diags, s.refuse(err)...)
	}
	exported.Result = export.Write(actors, export.Options{Taken: e.declared, Endpoint: o.Endpoint, Namespace: o.Namespace})
	if o.Write && len(exported.Declared) > 0 {
		if exported.Written, err = e.keep(exported.Result); err != nil {
			diags = append(diags, Diagnose(err)...)
		}
	}
	return exported, diags
}

// exporter is one export into a configuration that there may have been before.
type exporter struct {
	*Session
	options ExportOptions

	declared []address.Address
}

// undeclared lists the actors that are asked for and are not declared, and looks at them.
func (e *exporter) undeclared(ctx context.Context) ([]export.Actor, error) {
	defer e.watcher.Observe(e.server.Stats)()
	actors, err := e.list(ctx, e.options.Names, e.options.Prefix)
	if err != nil {
		return nil, err
	}
	if len(actors) == 0 {
		return nil, Problemf("No actors", "In the namespace %q there is no actor that is asked for.", e.environment.Namespace)
	}
	e.keepSecrets(e.evaluation.Desired())
	isDeclared := e.compare()
	actors = slices.DeleteFunc(actors, func(a export.Actor) bool { return isDeclared[a.ID] })
	return actors, e.look(ctx, actors)
}

// compare finds out which actors are declared, by their ids.
func (e *exporter) compare() (isDeclared map[string]bool) {
	isDeclared = map[string]bool{}
	observed := e.evaluation.Observed()
	for i, d := range e.evaluation.Desired() {
		e.declared = append(e.declared, d.Address)
		isDeclared[observed[i].ActorID] = true
	}
	return isDeclared
}

// remembered returns what the ledger remembers of the very actor, or nil.
func (e *exporter) remembered(a *export.Actor) *plan.Entry {
	entry := e.recalled.Actors[plan.IdentityOf(a.Name, a.Key)].Of(a.ID)
	if entry == nil || entry.ActorID != a.ID {
		return nil
	}
	return entry
}

// look completes the actors with what is asked for beyond their keys.
func (e *exporter) look(ctx context.Context, actors []export.Actor) error {
	for i := range actors {
		a := &actors[i]
		if entry := e.remembered(a); entry != nil && entry.Input.Value != nil {
			value, err := value.Decode(entry.Input.Value)
			a.Input, a.InputKnown = value, err == nil
		}
	}
	if !e.options.State && !e.options.Inputs {
		return nil
	}
	err := e.server.Inspect(ctx, actors, e.options.State, e.options.Inputs)
	for i := range actors {
		e.hide(&actors[i])
	}
	return err
}

// hide takes the secrets of this run out of what an actor says. An input without them would be another one.
func (e *exporter) hide(a *export.Actor) {
	if a.State != cty.NilVal {
		a.State = e.redacted(a.State)
	}
	if a.InputKnown && a.Input != cty.NilVal && !e.redacted(a.Input).RawEquals(a.Input) {
		a.Input, a.InputKnown = cty.NilVal, false
		a.InputFault = "it holds a secret that this run knows"
	}
	a.StateFault, a.InputFault = e.secrets.Redact(a.StateFault), e.secrets.Redact(a.InputFault)
}

func (e *exporter) redacted(v cty.Value) cty.Value {
	v, _ = cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		switch {
		case part.IsNull():
		case part.Type() == cty.String:
			return cty.StringVal(e.secrets.Redact(part.AsString())), nil
		case part.Type() == cty.Number && e.secrets.Hides(value.NumberText(part.AsBigFloat())):
			return cty.StringVal(e.secrets.Redact(value.NumberText(part.AsBigFloat()))), nil
		}
		return part, nil
	}) // what never fails gives no error
	return v
}

// keep writes the configuration, and then records what it declares.
func (e *exporter) keep(r export.Result) (written []string, err error) {
	if written, err = createAll(e.config.Dir(), r.Files); err != nil {
		return nil, err
	}
	if err := e.record(r.Declared); err != nil {
		return written, Problemf("Ledger cannot be written", "The configuration was written, but not that its actors are adopted: %s. The next apply can record it.", err)
	}
	return written, nil
}

// records is how many actors are recorded at a time, which share the flushes of the disk.
const records = 64

// record remembers the actors as adopted, or as what they were under another address.
func (e *exporter) record(declared []export.Declared) error {
	var group errgroup.Group
	group.SetLimit(records)
	for _, d := range declared {
		group.Go(func() error { return e.adopt(d) })
	}
	return group.Wait()
}

func (e *exporter) adopt(d export.Declared) error {
	entry := plan.Entry{Name: d.Actor.Name, Key: d.Actor.Key, Address: d.Address, ActorID: d.Actor.ID}
	if known := e.remembered(&d.Actor); known != nil {
		entry.Created = known.Created
	}
	if d.Actor.InputKnown {
		input, err := value.Remember(e.recalled.DigestKey, d.Actor.Input)
		if err != nil {
			return err
		}
		entry.Input = input
	}
	return e.memory().Bind(entry)
}

// createAll makes files that do not exist yet, all of them or none, and returns their paths.
func createAll(dir string, files []export.File) (paths []string, err error) {
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		err := atomicfile.Create(path, f.Content)
		if errors.Is(err, fs.ErrExist) {
			err = Problemf("File exists", "%s is there already, and nothing was written. Rename it, which changes no address; move it away; or print with \"riveter export -\".", path)
		}
		if err != nil {
			for _, made := range paths {
				err = errors.Join(err, os.Remove(made))
			}
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}
