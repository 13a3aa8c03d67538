package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/address"
)

// fewInstances are drawn one by one, as they would be if they had nothing in common.
const fewInstances = 4

// instances are changes of one block that are the same but for their values. There is at least one.
type instances []*Change

// grouped divides what there is to say of changes into instances of one block with the same change. What is destroyed stays
// alone, so that each is listed.
func grouped(changes []Change, verbose bool) []instances {
	var all []instances
	last := ""
	for i := range changes {
		change := &changes[i]
		if change.quiet() {
			continue
		}
		signature := change.signature()
		if verbose || change.goes() || signature != last {
			all = append(all, nil)
		}
		last = signature
		all[len(all)-1] = append(all[len(all)-1], change)
	}
	return split(all)
}

// split takes groups apart that are too small.
func split(groups []instances) []instances {
	var all []instances
	for _, g := range groups {
		if len(g) > fewInstances {
			all = append(all, g)
			continue
		}
		for _, change := range g {
			all = append(all, instances{change})
		}
	}
	return all
}

// signature is all that is said of a change besides the values.
func (change *Change) signature() string {
	var b strings.Builder
	fmt.Fprint(&b, change.block(), change.module(), change.Action, change.Reason, change.PreviousAddress != "", change.Input.Differs,
		change.Input.Before != nil, change.Input.After != nil, change.Key == nil, len(change.Key))
	for _, s := range change.Steps {
		fmt.Fprint(&b, "\n", s.relative(change), s.Decision, s.Reason, s.Call, s.MarkDone, s.Conditional, s.Before != nil)
	}
	return b.String()
}

// module is what tells blocks of equal names apart.
func (change *Change) module() string {
	addr, err := address.Parse(change.Address)
	if err != nil {
		return change.Address
	}
	return addr.Module
}

// named lists the instances by their keys, to a limit.
func (g instances) named() string {
	const most = 5
	var names []string
	for _, change := range g[:min(len(g), most)] {
		names = append(names, g.key(change))
	}
	text := strings.Join(names, ", ")
	if more := len(g) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (g instances) key(change *Change) string {
	return Clean(strings.TrimPrefix(change.Address, g.of()))
}

// of is the address of the block.
func (g instances) of() string {
	addr, err := address.Parse(g[0].Address)
	if err != nil {
		return ""
	}
	return addr.Block().String()
}

// varying names what is not the same in all instances.
func (g instances) varying() []string {
	found := map[string]bool{}
	for _, change := range g[1:] {
		if !slices.Equal(change.Key, g[0].Key) {
			found["key"] = true
		}
		for _, name := range differing(g[0].Input.After, change.Input.After) {
			found["input"+name] = true
		}
		for i, s := range change.Steps {
			if s.Decision == plan.DecisionRun && !s.sendsTheSame(&g[0].Steps[i]) {
				found[s.relative(change)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// sendsTheSame reports whether two steps look the same, but for where they are.
func (s *Step) sendsTheSame(other *Step) bool {
	if s.Fact != nil && other.Fact != nil && !bytes.Equal(s.Fact.Want, other.Fact.Want) {
		return false
	}
	return bytes.Equal(s.After, other.After)
}

// differing names the members in which two objects differ; the empty name stands for values that are no objects.
func differing(a, b json.RawMessage) []string {
	if bytes.Equal(a, b) {
		return nil
	}
	var before, after map[string]json.RawMessage
	if json.Unmarshal(a, &before) != nil || json.Unmarshal(b, &after) != nil {
		return []string{""}
	}
	var names []string
	for name := range after {
		if !bytes.Equal(before[name], after[name]) {
			names = append(names, "."+name)
		}
	}
	for name := range before {
		if after[name] == nil {
			names = append(names, "."+name)
		}
	}
	return names
}

// instances draws a change for all that it is the same for, the first of them in full.
func (c *canvas) instances(g instances) {
	if len(g) == 1 {
		c.change(g[0])
		return
	}
	c.line(0, symComment, c.paint(bold, Clean(g.of())), " ", g[0].fate(), ", ", Count(len(g), "instance"), ": ", g.named())
	if varying := g.varying(); len(varying) > 0 {
		c.line(0, symComment, "(shown is ", g.key(g[0]), "; the others differ in ", Clean(strings.Join(varying, ", ")), ")")
	}
	c.body(g[0])
}

// conciseInstances draws the same on one line.
func (c *canvas) conciseInstances(g instances) {
	if len(g) == 1 {
		c.concise(g[0])
		return
	}
	c.line(0, g[0].symbol(), Clean(g.of()), " ", g[0].summary(), ", ", Count(len(g), "instance"), ": ", g.named())
}
