package plan

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Surroundings is what a server has besides actors, as far as it is declared or remembered.
type Surroundings struct {
	Namespaces map[string]string    // how they are called for people, by name
	Pools      map[string]cty.Value // by name, as [DesiredRunnerConfig.Datacenters]
}

// surroundAll plans namespaces and pools, which come before the actors.
func (b *builder) surroundAll(actors []*Change) []*Change {
	var changes []*Change
	for _, d := range b.Namespaces {
		if b.isSelected(d.Address) {
			changes = append(changes, b.namespace(d))
		}
	}
	for _, d := range b.RunnerConfigs {
		if b.isSelected(d.Address) {
			changes = append(changes, b.pool(d))
		}
	}
	var first []Address
	for _, c := range changes {
		if c.Action != ActionNoOp {
			first = append(first, c.Address)
		}
	}
	if len(first) > 0 {
		for _, c := range actors {
			c.DependsOn = slices.SortedFunc(slices.Values(slices.Concat(first, c.DependsOn)), Address.Compare)
		}
	}
	return append(changes, b.undeclaredPools()...)
}

func (b *builder) namespace(d *DesiredNamespace) *Change {
	c := &Change{Address: d.Address, Name: d.Address.Label, Place: d.Range, Action: ActionNoOp}
	c.Input.After = cty.ObjectVal(map[string]cty.Value{"display_name": cty.StringVal(d.DisplayName)})
	name, exists := b.Surroundings.Namespaces[d.Address.Label]
	if !exists {
		c.Action, c.Reason = ActionCreate, ReasonAbsent
		return c
	}
	c.Input.Before = cty.ObjectVal(map[string]cty.Value{"display_name": cty.StringVal(name)})
	if name != d.DisplayName {
		b.diags = append(b.diags, &hcl2.Diagnostic{
			Severity: hcl2.DiagWarning,
			Summary:  "Namespace has another display name",
			Detail:   "The namespace is called " + quote(name) + " for people, and a server has no way to change that. Write that as its display_name.",
			Subject:  d.Range.Ptr(),
		})
	}
	return c
}

// pool compares what the author wrote, and nothing that the server adds.
func (b *builder) pool(d *DesiredRunnerConfig) *Change {
	c := &Change{Address: d.Address, Name: d.Address.Label, Place: d.Range, Action: ActionNoOp}
	c.Input.After = d.Datacenters
	seen, exists := b.Surroundings.Pools[d.Address.Label]
	if !exists {
		c.Action, c.Reason = ActionCreate, ReasonAbsent
		return c
	}
	settings := &Fact{Value: seen, Want: d.Datacenters}
	c.Input.Before = settings.Seen()
	if !settings.Holds().True() {
		c.Action, c.Reason, c.Input.Differs = ActionUpdate, "its settings differ", true
	}
	return c
}

// undeclaredPools lists the pools that the ledger remembers and nobody declares any more.
func (b *builder) undeclaredPools() []*Change {
	var changes []*Change
	for address, entry := range b.Recalled.Entries {
		declared := slices.ContainsFunc(b.RunnerConfigs, func(d *DesiredRunnerConfig) bool { return d.Address == address })
		if address.Kind != KindRunnerConfig || declared || !b.isSelected(address) {
			continue
		}
		c := &Change{Address: address, Name: entry.Name, Action: ActionForget, Reason: "it is not declared any more; the pool itself stays"}
		if _, exists := b.Surroundings.Pools[entry.Name]; !exists {
			c.Reason = "it does not exist any more"
		} else if b.Orders.Prune && entry.Created {
			c.Action, c.Reason = ActionDestroy, "it is not declared any more"
		}
		changes = append(changes, c)
	}
	return changes
}

// destroyPools plans to delete the declared pools that riveter created, when the actors are gone.
func (b *builder) destroyPools(actors []*Change) []*Change {
	var first []Address
	for _, c := range actors {
		if c.Action == ActionDestroy {
			first = append(first, c.Address)
		}
	}
	var changes []*Change
	for _, d := range b.RunnerConfigs {
		entry := b.Recalled.Entries[d.Address]
		_, exists := b.Surroundings.Pools[d.Address.Label]
		if !b.isSelected(d.Address) || !exists && entry == nil {
			continue
		}
		c := &Change{Address: d.Address, Name: d.Address.Label, Place: d.Range, DependsOn: first}
		switch {
		case !exists:
			c.Action, c.Reason = ActionForget, "it does not exist any more"
		case entry != nil && entry.Created:
			c.Action, c.Reason = ActionDestroy, ReasonCreated
		default:
			c.Action, c.Reason = ActionNoOp, "riveter did not create it"
		}
		changes = append(changes, c)
	}
	return changes
}
