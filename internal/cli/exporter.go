package cli

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"riveter/hcl"
	"riveter/internal/export"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// exporter is one export into a configuration that there may have been before.
type exporter struct {
	*session
	options *exportOptions
	isNew   bool // there was no configuration

	declared []address.Address
	orphans  map[string]address.Address // by actor id: what the ledger remembers and nothing declares any more
}

// undeclared lists the actors that were asked for and are not declared. Where there is none, it says so.
func (e *exporter) undeclared(ctx context.Context, prefix []string) ([]export.Actor, error) {
	server := hcl.Server{Observer: e.target, Recalled: e.recalled, Namespace: e.environment.NamespaceID}
	if err := e.observe(ctx, server); err != nil {
		return nil, err
	}
	actors, err := e.target.List(ctx, e.options.names.Value(), prefix)
	if err != nil {
		return nil, e.refuse(err)
	}
	if len(actors) == 0 {
		return nil, e.fail(problem("No actors", "In the namespace %q there is no actor that is asked for.", e.environment.Namespace))
	}
	e.keepSecrets(e.evaluation.Desired(), nil)
	isDeclared := e.compare()
	actors = slices.DeleteFunc(actors, func(a export.Actor) bool { return isDeclared[a.ID] })
	if len(actors) == 0 {
		e.screen.note("Nothing to export: every actor that is asked for is declared already.")
	}
	return actors, nil
}

// compare finds out which actors are declared, by their ids, and what the ledger knows besides.
func (e *exporter) compare() (isDeclared map[string]bool) {
	isDeclared, addresses := map[string]bool{}, map[address.Address]bool{}
	observed := e.evaluation.Observed()
	for i, d := range e.evaluation.Desired() {
		e.declared = append(e.declared, d.Address)
		addresses[d.Address] = true
		isDeclared[observed[i].ActorID] = true
	}
	e.orphans = map[string]address.Address{}
	for address, entry := range e.recalled.Entries {
		if !addresses[address] {
			e.orphans[entry.ActorID] = address
		}
	}
	return isDeclared
}

// orphan returns what the ledger remembers of an actor that is not declared, or nil.
func (e *exporter) orphan(actorID string) *plan.Entry {
	return e.recalled.Entry(e.orphans[actorID])
}

// look completes the actors with what is asked for beyond their keys.
func (e *exporter) look(ctx context.Context, actors []export.Actor) error {
	for i := range actors {
		a := &actors[i]
		if orphan := e.orphan(a.ID); orphan != nil && orphan.Input.Value != nil {
			value, err := value.Decode(orphan.Input.Value)
			a.Input, a.InputKnown = value, err == nil
		}
	}
	if !e.options.state && !e.options.inputs {
		return nil
	}
	done := e.screen.observe(e.target.Stats)
	err := e.target.Inspect(ctx, actors, e.options.state, e.options.inputs)
	done()
	e.screen.note(fmt.Sprintf("Read from %d %s, which woke them.", e.target.Stats().Woken, plural(e.target.Stats().Woken, "actor")))
	for i := range actors {
		e.hide(&actors[i])
	}
	if err != nil {
		return e.refuse(err)
	}
	return nil
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
	a.StateFault, a.InputFault = e.app.secrets.Redact(a.StateFault), e.app.secrets.Redact(a.InputFault)
}

func (e *exporter) redacted(v cty.Value) cty.Value {
	v, _ = cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if part.Type() == cty.String && !part.IsNull() {
			return cty.StringVal(e.app.secrets.Redact(part.AsString())), nil
		}
		return part, nil
	}) // what never fails gives no error
	return v
}

// surroundings say where a new configuration is to look for its actors: where the flags of this run said, which the next
// run need not repeat then.
func (e *exporter) surroundings() export.Options {
	o := export.Options{Taken: e.declared}
	if !e.isNew {
		return o
	}
	if e.app.global.endpoint != "" {
		o.Endpoint = e.environment.Endpoint
	}
	if u, err := url.Parse(e.app.global.endpoint); e.app.global.namespace != "" || err == nil && u.User != nil {
		o.Namespace = e.environment.Namespace
	}
	return o
}

// records is how many actors are recorded at a time, which share the flushes of the disk.
const records = 64

// record remembers the actors as adopted, or as what they were under another address.
func (e *exporter) record(declared []export.Declared) error {
	memory := e.memory()
	var group errgroup.Group
	group.SetLimit(records)
	for _, d := range declared {
		group.Go(func() error {
			entry := plan.Entry{Name: d.Actor.Name, Key: d.Actor.Key, Address: d.Address, ActorID: d.Actor.ID}
			if orphan := e.orphan(d.Actor.ID); orphan != nil {
				entry.Created = orphan.Created
			}
			if d.Actor.InputKnown {
				input, err := value.Remember(e.recalled.DigestKey, d.Actor.Input)
				if err != nil {
					return err
				}
				entry.Input = input
			}
			return memory.Bind(entry)
		})
	}
	return group.Wait()
}
