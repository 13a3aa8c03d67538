package plan

import (
	"cmp"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Surroundings is what a server has besides actors, as far as it is declared or remembered.
type Surroundings struct {
	Namespaces map[string]string    // how they are called for people, by name
	Pools      map[string]cty.Value // by name, as [DesiredRunnerConfig.Datacenters]
}

// surroundAll plans namespaces and pools, which come before the actors.
func (b *builder) surroundAll(actors []Change) []Change {
	var changes []Change
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
func (b *builder) orderAfter(surroundings, actors []Change) {
	changed := map[address.Address]bool{}
	for _, c := range surroundings {
		if head := c.Head(); head.Action != ActionNoOp {
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

func (h homes) ofActor(d *Desired) []address.Address {
	if pool, ok := h.pools[cmp.Or(d.Settings.Pool, h.usual)]; ok {
		return pool
	}
	return h.namespace
}

func (h homes) of(c Change) []address.Address {
	switch c := c.(type) {
	case *ActorChange:
		if c.Desired != nil {
			return h.ofActor(c.Desired)
		}
	case *PoolChange:
		return h.namespace
	case *NamespaceChange:
	}
	return nil
}

func (b *builder) namespace(d *DesiredNamespace) *NamespaceChange {
	c := &NamespaceChange{
		ChangeHead: ChangeHead{Address: d.Address, Place: d.Range, Action: ActionNoOp},
		Name:       d.Name, Own: d.Name == b.Target.Namespace, DisplayName: cmp.Or(d.DisplayName, d.Name),
	}
	name, exists := b.Surroundings.Namespaces[d.Name]
	if !exists {
		c.Action, c.Reason = ActionCreate, ReasonAbsent
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
func (b *builder) pool(d *DesiredRunnerConfig) *PoolChange {
	c := &PoolChange{ChangeHead: ChangeHead{Address: d.Address, Place: d.Range, Action: ActionNoOp}, Name: d.Address.Label, After: d.Datacenters}
	seen, exists := b.Surroundings.Pools[c.Name]
	if !exists {
		c.Action, c.Reason = ActionCreate, ReasonAbsent
		return c
	}
	c.Before = withHeaders(value.Project(seen, d.Datacenters), seen)
	if !value.Match(c.Before, d.Datacenters, true).True() {
		c.Action, c.Reason = ActionUpdate, "its settings differ"
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
func (b *builder) undeclaredPools() []Change {
	var changes []Change
	for name, entry := range b.Recalled.Pools {
		if _, declared := b.homes.pools[name]; declared || !b.isSelected(entry.Address) || b.isForeign(entry.Project) {
			continue
		}
		c := &PoolChange{ChangeHead: ChangeHead{Address: entry.Address, Action: ActionForget, Reason: "it is not declared any more; the pool itself stays"}, Name: name}
		if _, exists := b.Surroundings.Pools[name]; !exists {
			c.Reason = "it does not exist any more"
		} else if b.Orders.Prune && entry.Created {
			c.Action, c.Reason = ActionDestroy, "it is not declared any more"
		}
		changes = append(changes, c)
	}
	return changes
}

// destroyPools plans to delete the declared pools that riveter created, each when the actors in it are gone.
func (b *builder) destroyPools() []Change {
	_, inhabitants := b.references()
	var changes []Change
	for _, d := range b.RunnerConfigs {
		entry := b.Recalled.Pools[d.Address.Label]
		_, exists := b.Surroundings.Pools[d.Address.Label]
		if !b.isSelected(d.Address) || !exists && entry == nil {
			continue
		}
		c := &PoolChange{ChangeHead: ChangeHead{Address: d.Address, Place: d.Range, DependsOn: inhabitants[d.Address]}, Name: d.Address.Label}
		switch {
		case entry != nil && b.isForeign(entry.Project):
			c.Action, c.Reason = ActionNoOp, belongs(entry.Project)
		case !exists:
			c.Action, c.Reason = ActionForget, "it does not exist any more"
		case len(b.KeyPrefix) > 0:
			c.Action, c.Reason = ActionNoOp, "actors with other key prefixes may be in it"
		case entry != nil && entry.Created:
			c.Action, c.Reason = ActionDestroy, ReasonCreated
		default:
			c.Action, c.Reason = ActionNoOp, "riveter did not create it"
		}
		changes = append(changes, c)
	}
	return changes
}
