package decide

import (
	"cmp"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// surroundAll plans namespaces and pools, which come before the actors.
func (b *builder) surroundAll(actors []plan.Change) []plan.Change {
	var changes []plan.Change
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
	b.orderAfter(changes, actors)
	return append(changes, b.undeclaredPools()...)
}

// orderAfter has what lives in a namespace or pool that changes come after it.
func (b *builder) orderAfter(surroundings, actors []plan.Change) {
	changed := map[address.Address]bool{}
	for _, c := range surroundings {
		if head := c.Head(); head.Action != plan.ActionNoOp {
			changed[head.Address] = true
		}
	}
	if len(changed) == 0 {
		return
	}
	for _, c := range slices.Concat(surroundings, actors) {
		first := slices.DeleteFunc(slices.Clone(b.homes.of(c)), func(home address.Address) bool { return !changed[home] })
		if len(first) > 0 {
			head := c.Head()
			head.DependsOn = slices.SortedFunc(slices.Values(slices.Concat(first, head.DependsOn)), address.Address.Compare)
		}
	}
}

// homes knows what the declared actors and pools live in, as far as that is declared too.
type homes struct {
	namespace []address.Address            // that of the run, if there is a block of it
	pools     map[string][]address.Address // a pool with what it lives in itself, by its name
	usual     string                       // the pool of actors that name none
}

func newHomes(in *Inputs) homes {
	h := homes{pools: map[string][]address.Address{}, usual: in.Pool}
	for _, n := range in.Namespaces {
		if n.Name == in.Target.Namespace {
			h.namespace = append(h.namespace, n.Address)
		}
	}
	for _, p := range in.RunnerConfigs {
		h.pools[p.Address.Label] = slices.Concat(h.namespace, []address.Address{p.Address})
	}
	return h
}

func (h homes) ofActor(d *plan.Desired) []address.Address {
	if pool, ok := h.pools[cmp.Or(d.Settings.Pool, h.usual)]; ok {
		return pool
	}
	return h.namespace
}

func (h homes) of(c plan.Change) []address.Address {
	switch c := c.(type) {
	case *plan.ActorChange:
		if c.Desired != nil {
			return h.ofActor(c.Desired)
		}
	case *plan.PoolChange:
		return h.namespace
	case *plan.NamespaceChange:
	}
	return nil
}

func (b *builder) namespace(d *plan.DesiredNamespace) *plan.NamespaceChange {
	c := &plan.NamespaceChange{
		ChangeHead: plan.ChangeHead{Address: d.Address, Place: d.Range, Action: plan.ActionNoOp},
		Name:       d.Name, Own: d.Name == b.Target.Namespace, DisplayName: cmp.Or(d.DisplayName, d.Name),
	}
	name, exists := b.Surroundings.Namespaces[d.Name]
	if !exists {
		c.Action, c.Reason = plan.ActionCreate, plan.ReasonAbsent
		return c
	}
	c.Before = name
	if d.DisplayName == "" {
		c.DisplayName = name
	} else if name != d.DisplayName {
		b.report(hcl2.DiagWarning, d.Range.Ptr(), "Namespace has another display name",
			"The namespace is called %s for people, and a server has no way to change that. Write that as its display_name.", address.Quote(name))
	}
	return c
}

// pool compares what the author wrote, and nothing that the server adds.
func (b *builder) pool(d *plan.DesiredRunnerConfig) *plan.PoolChange {
	c := &plan.PoolChange{ChangeHead: plan.ChangeHead{Address: d.Address, Place: d.Range, Action: plan.ActionNoOp}, Name: d.Address.Label, After: d.Datacenters}
	seen, exists := b.Surroundings.Pools[c.Name]
	if !exists {
		c.Action, c.Reason, c.Gone = plan.ActionCreate, plan.ReasonAbsent, b.Recalled.Pools[c.Name]
		return c
	}
	c.Before = withHeaders(value.Project(seen, d.Datacenters), seen)
	c.Seen = c.Before
	if !value.Match(c.Before, d.Datacenters, true).True() {
		c.Action, c.Reason = plan.ActionUpdate, "its settings differ"
	}
	return c
}

// withHeaders adds to a part of a pool's settings all headers that the pool has, as one that is not written any more is to
// go. It may be a secret.
func withHeaders(part, pool cty.Value) cty.Value {
	whole, err := cty.Transform(part, func(at cty.Path, v cty.Value) (cty.Value, error) {
		if len(at) != 3 || at[2] != (cty.GetAttrStep{Name: "headers"}) || v.IsNull() || !value.IsObject(v.Type()) {
			return v, nil
		}
		all, err := at.Apply(pool)
		if err != nil {
			return v, err
		}
		headers := all.AsValueMap()
		for name, header := range headers {
			headers[name] = header.Mark(value.Sensitive)
		}
		maps.Copy(headers, v.AsValueMap())
		return cty.ObjectVal(headers), nil
	})
	if err != nil {
		return part
	}
	return whole
}

// undeclaredPools lists the pools that the ledger remembers and nobody declares any more.
func (b *builder) undeclaredPools() []plan.Change {
	var changes []plan.Change
	for name, entry := range b.Recalled.Pools {
		if _, declared := b.homes.pools[name]; declared || !b.isSelected(entry.Address) || b.isForeign(entry.Project) {
			continue
		}
		c := &plan.PoolChange{ChangeHead: plan.ChangeHead{Address: entry.Address, Action: plan.ActionForget, Reason: "it is not declared any more; the pool itself stays"}, Name: name}
		if seen, exists := b.Surroundings.Pools[name]; !exists {
			c.Reason = "it does not exist any more"
		} else if b.Orders.Prune && entry.Created {
			c.Action, c.Reason, c.Seen = plan.ActionDestroy, "it is not declared any more", withHeaders(seen, seen)
		}
		changes = append(changes, c)
	}
	return changes
}

// destroyPools plans to delete the declared pools that riveter created, each when the actors in it are gone.
func (b *builder) destroyPools() []plan.Change {
	_, inhabitants := b.references()
	var changes []plan.Change
	for _, d := range b.RunnerConfigs {
		entry := b.Recalled.Pools[d.Address.Label]
		seen, exists := b.Surroundings.Pools[d.Address.Label]
		if !b.isSelected(d.Address) || !exists && entry == nil {
			continue
		}
		c := &plan.PoolChange{ChangeHead: plan.ChangeHead{Address: d.Address, Place: d.Range, DependsOn: inhabitants[d.Address]}, Name: d.Address.Label}
		switch {
		case entry != nil && b.isForeign(entry.Project):
			c.Action, c.Reason = plan.ActionNoOp, belongs(entry.Project)
		case !exists:
			c.Action, c.Reason = plan.ActionForget, "it does not exist any more"
		case len(b.KeyPrefix) > 0:
			c.Action, c.Reason = plan.ActionNoOp, "actors with other key prefixes may be in it"
		case entry != nil && entry.Created:
			c.Action, c.Reason, c.Seen = plan.ActionDestroy, plan.ReasonCreated, withHeaders(seen, seen)
		case entry != nil:
			c.Action, c.Reason = plan.ActionNoOp, "riveter was to create it and never heard how that ended, so it may be somebody else's"
		default:
			c.Action, c.Reason = plan.ActionNoOp, "riveter did not create it"
		}
		changes = append(changes, c)
	}
	return changes
}
