package decide

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

// narrow leaves out what -target and -exclude leave out: with a target comes what it depends on, and with what is
// excluded goes what depends on it. A destroy goes the other way.
func (b *builder) narrow() {
	if !b.Orders.IsPartial() {
		return
	}
	needs, needed := b.references()
	if b.Mode == plan.ModeDestroy {
		needs, needed = needed, needs
	}
	target, exclude := b.choose("-target", b.Orders.Target), b.choose("-exclude", b.Orders.Exclude)
	b.selected = target
	if len(b.Orders.Target) == 0 {
		for _, a := range b.addresses() {
			b.selected[a] = true
		}
	}
	spread(b.selected, needs)
	spread(exclude, needed)
	for a := range exclude {
		delete(b.selected, a)
	}
	b.keepSelected()
}

// choose returns what the patterns of a flag select.
func (b *builder) choose(flag string, patterns []address.Pattern) map[address.Address]bool {
	chosen := map[address.Address]bool{}
	if len(patterns) == 0 {
		return chosen
	}
	used := make([]bool, len(patterns))
	for _, a := range b.addresses() {
		text := a.String()
		for i, p := range patterns {
			if p.Selects(text) {
				chosen[a], used[i] = true, true
			}
		}
	}
	for i, p := range patterns {
		if !used[i] && !slices.ContainsFunc(b.LeftOut, p.MayReach) {
			b.noActor(flag, p)
		}
	}
	return chosen
}

// noActor refuses a pattern that selects nothing: it is misspelt.
func (b *builder) noActor(flag string, p address.Pattern) {
	b.report(hcl2.DiagError, nil, "No actor has this address",
		"%s=%s selects nothing that is declared or remembered. Addresses look like actor.NAME.LABEL[\"KEY\"], where * stands for any characters.", flag, p)
}

// references returns what everything that is declared refers to or lives in, and what refers to it or lives in it.
func (b *builder) references() (needs, needed map[address.Address][]address.Address) {
	needs = make(map[address.Address][]address.Address, len(b.Desired))
	for _, d := range b.Desired {
		needs[d.Address] = slices.Concat(d.DependsOn, b.homes.ofActor(d))
	}
	for _, d := range b.RunnerConfigs {
		needs[d.Address] = b.homes.namespace
	}
	return needs, inverted(needs)
}

// inverted turns edges around, in order.
func inverted(edges map[address.Address][]address.Address) map[address.Address][]address.Address {
	back := make(map[address.Address][]address.Address, len(edges))
	for from, all := range edges {
		for _, to := range all {
			back[to] = append(back[to], from)
		}
	}
	for _, list := range back {
		slices.SortFunc(list, address.Address.Compare)
	}
	return back
}

// spread adds to a set all that can be reached from it.
func spread(set map[address.Address]bool, edges map[address.Address][]address.Address) {
	var pending []address.Address
	for a := range set {
		pending = append(pending, a)
	}
	for len(pending) > 0 {
		a := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		for _, next := range edges[a] {
			if !set[next] {
				set[next] = true
				pending = append(pending, next)
			}
		}
	}
}

// keepSelected drops the declarations that are left out.
func (b *builder) keepSelected() {
	var desired []*plan.Desired
	var observed []plan.Observed
	for i, d := range b.Desired {
		if b.selected[d.Address] {
			desired, observed = append(desired, d), append(observed, b.Observed[i])
		}
	}
	b.Desired, b.Observed = desired, observed
	if b.Mode == plan.ModeVerify || b.diags.HasErrors() { // a pattern that selects nothing makes no plan at all
		return
	}
	b.report(hcl2.DiagWarning, nil, "The plan is partial", "-target and -exclude leave out a part of the configuration, so that not everything will be as it says. "+
		"Plan again without them when the exception is over.")
}

// isSelected reports whether the plan is about what is at an address.
func (b *builder) isSelected(a address.Address) bool {
	return b.selected == nil || b.selected[a]
}
