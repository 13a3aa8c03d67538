package export

import (
	"slices"
	"strings"
)

// group is the actors of one block, sorted by key.
type group struct {
	actors  []*Actor
	varying []int // the parts of the key in which they differ
	// separator joins the parts of a key to the name of an instance, where more than one of them varies.
	separator string
}

// maxKinds is how many blocks one part of the key may make of what could be one: "user" and "room", or a few organizations.
const maxKinds = 8

// shapes divides actors, which have keys of one length, among blocks in which at most one part of the key varies. Where
// that would make too many blocks of too few actors, the names of instances are whole keys.
func shapes(actors []*Actor) []*group {
	varying := varyingParts(actors)
	if len(varying) <= 1 {
		return []*group{{actors: actors, varying: varying}}
	}
	for _, part := range varying {
		kinds := chunk(actors, func(a *Actor) string { return a.Key[part] })
		if len(kinds) <= maxKinds && 2*len(kinds) <= len(actors) {
			return each(kinds, shapes)
		}
	}
	if separator := separatorOf(actors); separator != "" {
		return []*group{{actors: actors, varying: varying, separator: separator}}
	}
	return each(slices.Collect(slices.Chunk(actors, 1)), shapes)
}

func each(parts [][]*Actor, divide func([]*Actor) []*group) []*group {
	var groups []*group
	for _, part := range parts {
		groups = append(groups, divide(part)...)
	}
	return groups
}

// varyingParts returns the positions in which the keys differ.
func varyingParts(actors []*Actor) []int {
	var varying []int
	first := actors[0].Key
	for part := range first {
		if slices.ContainsFunc(actors, func(a *Actor) bool { return a.Key[part] != first[part] }) {
			varying = append(varying, part)
		}
	}
	return varying
}

// separatorOf returns what no part of a key contains, or nothing.
func separatorOf(actors []*Actor) string {
	for _, separator := range []string{"/", ":", "|", ",", ";", " "} {
		if !slices.ContainsFunc(actors, func(a *Actor) bool {
			return slices.ContainsFunc(a.Key, func(part string) bool { return strings.Contains(part, separator) })
		}) {
			return separator
		}
	}
	return ""
}

// repeats reports whether the block has instances.
func (g *group) repeats() bool { return len(g.actors) > 1 }

// instance returns the name of an actor's instance.
func (g *group) instance(a *Actor) string {
	if g.separator != "" {
		return strings.Join(a.Key, g.separator)
	}
	return a.Key[g.varying[0]]
}

// sharesInput reports whether all actors were created with the same input, or none is to be written.
func (g *group) sharesInput() bool {
	first := g.actors[0]
	return !first.hasInput() || !slices.ContainsFunc(g.actors, func(a *Actor) bool { return !a.Input.RawEquals(first.Input) })
}

// key returns the expression of the key.
func (g *group) key() string {
	parts := make([]string, len(g.actors[0].Key))
	for i, part := range g.actors[0].Key {
		parts[i] = quote(part)
	}
	switch {
	case g.separator != "":
		return "split(" + quote(g.separator) + ", each.key)"
	case g.repeats():
		parts[g.varying[0]] = "each.key"
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
