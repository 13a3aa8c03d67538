package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"riveter/plan/address"
)

// fewInstances are drawn one by one, as they would be if they had nothing in common.
const fewInstances = 4

// Instances are changes that are told together: of one block, and the same but for their values. There is at least one.
type Instances []*Change

// Group divides what there is to say of changes into instances of one block with the same change, in the order in which they
// begin. What is destroyed stays alone, so that each is listed, and so do few.
func Group(changes []Change) []Instances {
	var all []Instances
	places := map[string]int{}
	for i := range changes {
		change := &changes[i]
		if change.quiet() {
			continue
		}
		signature := change.signature()
		place, begun := places[signature]
		if !begun || change.goes() {
			place = len(all)
			places[signature], all = place, append(all, nil)
		}
		all[place] = append(all[place], change)
	}
	return split(all)
}

// ungrouped has everything that there is to say by itself.
func ungrouped(changes []Change) (all []Instances) {
	for i := range changes {
		if !changes[i].quiet() {
			all = append(all, Instances{&changes[i]})
		}
	}
	return all
}

// split takes groups apart that are too small, in place of their first change.
func split(groups []Instances) []Instances {
	var all []Instances
	for _, g := range groups {
		if len(g) > fewInstances {
			all = append(all, g)
			continue
		}
		for _, change := range g {
			all = append(all, Instances{change})
		}
	}
	return all
}

// signature is all that is said of a change besides the values.
func (change *Change) signature() string {
	var b strings.Builder
	fmt.Fprint(&b, change.block(), change.module(), change.Action, change.Outcome, change.Became, change.Destroyed, change.Reason, change.PreviousAddress != "", change.Input.Differs,
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
func (g Instances) named() string { return g.listed(5, g.key) }

// listed lists something of the instances, to a limit.
func (g Instances) listed(most int, of func(*Change) string) string {
	var names []string
	for _, change := range g[:min(len(g), most)] {
		names = append(names, of(change))
	}
	return firstOf(names, len(g))
}

// firstOf lists the first names of some, and says how many more there are of these.
func firstOf(names []string, total int) string {
	text := strings.Join(names, ", ")
	if more := total - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (g Instances) key(change *Change) string {
	return Clean(strings.TrimPrefix(change.Address, g.of()))
}

// of is the address of the block, or of the only one.
func (g Instances) of() string {
	addr, err := address.Parse(g[0].Address)
	if err != nil || len(g) == 1 {
		return g[0].Address
	}
	return addr.Block().String()
}

// Address is that of the block, or of the only one, as plain text.
func (g Instances) Address() string { return Clean(g.of()) }

// Summary says in one line of plain text what is to become of them, or became; of instances, which they are.
func (g Instances) Summary() string { return g.summary() }

// Sign is the symbol of what is to become of them, such as +; empty where they stay as they are.
func (g Instances) Sign() string { return g[0].symbol().text }

// summary says what becomes of them: of instances with different changes, only of the actors themselves.
func (g Instances) summary() string {
	if len(g) == 1 {
		return g[0].summary()
	}
	text := g[0].fate()
	if signature := g[0].signature(); !slices.ContainsFunc(g[1:], func(c *Change) bool { return c.signature() != signature }) {
		text += g[0].stepCounts()
	}
	return text + ", " + Count(len(g), "instance") + ": " + g.named()
}

// Draw draws all that there is to say of them: how it ended where that is not well, and of instances, what varies, and the first
// one in full.
func (g Instances) Draw(w io.Writer, o Options) error {
	c := newCanvas(w, o)
	if first := g[0]; first.Outcome != "" && !first.well() {
		c.outcome(first)
		c.println()
	}
	c.instances(g)
	return c.flush()
}

// DrawLine draws the symbol and the title.
func (g Instances) DrawLine(w io.Writer, o Options) error {
	c := newCanvas(w, o)
	c.conciseInstances(g)
	return c.flush()
}

// varying names what is not the same in all instances.
func (g Instances) varying() []string {
	found := map[string]bool{}
	for _, change := range g[1:] {
		if !slices.Equal(change.Key, g[0].Key) {
			found["key"] = true
		}
		for _, name := range differing(g[0].Input.After, change.Input.After) {
			found["input"+name] = true
		}
		for i, s := range change.Steps {
			if s.symbol() != symNone && !s.sendsTheSame(&g[0].Steps[i]) {
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
func (c *canvas) instances(g Instances) {
	if len(g) == 1 {
		c.change(g[0])
		return
	}
	c.line(0, symComment, c.paint(bold, Clean(g.of())), " ", g[0].fate(), ", ", Count(len(g), "instance"), ": ", g.named())
	if g[0].PreviousAddress != "" {
		c.line(0, symComment, "(was ", g.previously(), ")")
	}
	if varying := g.varying(); len(varying) > 0 {
		c.line(0, symComment, "(shown is ", g.key(g[0]), "; the others differ in ", Clean(strings.Join(varying, ", ")), ")")
	}
	c.body(g[0])
}

// previously lists what the instances were called, to a limit.
func (g Instances) previously() string {
	return g.listed(3, func(change *Change) string { return Clean(change.PreviousAddress) })
}

// conciseInstances draws the same on one line.
func (c *canvas) conciseInstances(g Instances) {
	c.line(0, g[0].symbol(), c.paint(bold, Clean(g.of())), " ", g.summary())
}
