package declare

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

// sortDeclarations returns the declarations with each after what it refers to, and otherwise in the given order. Each
// cycle is reported once.
func sortDeclarations(declarations []*Declaration) ([]*Declaration, hcl2.Diagnostics) {
	s := &sorter{state: map[*Declaration]visit{}}
	for _, d := range declarations {
		if s.state[d] == unvisited {
			s.visit(d)
		}
	}
	return s.sorted, s.diags
}

type visit int

const (
	unvisited visit = iota
	open            // on the path from where the search began
	closed
)

type sorter struct {
	state  map[*Declaration]visit
	path   []*Declaration
	sorted []*Declaration
	diags  hcl2.Diagnostics
}

func (s *sorter) visit(d *Declaration) {
	s.state[d] = open
	s.path = append(s.path, d)
	if d.needsItself {
		s.diags = append(s.diags, cycle([]*Declaration{d}))
	}
	for _, next := range d.Neighbours() {
		switch s.state[next] {
		case unvisited:
			s.visit(next)
		case open:
			path := s.path[slices.Index(s.path, next):]
			if !slices.ContainsFunc(path, func(d *Declaration) bool { return d.needsItself }) {
				s.diags = append(s.diags, cycle(path))
			}
		case closed:
		}
	}
	s.path = s.path[:len(s.path)-1]
	s.state[d] = closed
	s.sorted = append(s.sorted, d)
}

// Neighbours returns what a declaration refers to, each once, in the order of its expressions.
func (d *Declaration) Neighbours() []*Declaration {
	var found []*Declaration
	seen := map[*Declaration]bool{d: true}
	for _, stage := range d.Stages {
		for _, n := range stage.Needs {
			if next := n.Stage.Declaration; !seen[next] {
				seen[next] = true
				found = append(found, next)
			}
		}
	}
	return found
}

func cycle(path []*Declaration) *hcl2.Diagnostic {
	const shown = 5 // from where it begins, and from where it ends
	var b strings.Builder
	for i, d := range path {
		switch hidden := len(path) - 2*shown; {
		case hidden < 2 || i < shown || i >= shown+hidden:
			fmt.Fprintf(&b, "\n  %s (%s), which refers to", d.FullAddress(), syntax.Place(d.rng))
		case i == shown:
			fmt.Fprintf(&b, "\n  %d others, the last of which refers to", hidden)
		}
	}
	fmt.Fprintf(&b, "\n  %s", path[0].FullAddress())
	detail := "These refer to each other in a circle, so that none of them can be first:%s.\nRemove one of the references."
	if len(path) == 1 {
		detail = "This refers to itself, so that it can never be known:%s.\nRemove the reference."
	}
	return syntax.Problem("Cycle", fmt.Sprintf(detail, b.String()), path[0].rng)
}

// FullAddress returns the address with the path of the module.
func (d *Declaration) FullAddress() string { return InModule(d.Tree.path, d.Address) }

// Dependents returns the declarations that refer to this one.
func (d *Declaration) Dependents() []*Declaration {
	var all []*Declaration
	for _, s := range d.Stages {
		for _, dependent := range s.Dependents {
			all = append(all, dependent.Declaration)
		}
	}
	return all
}

// Reach returns all declarations that can be got to from some, in one step or more.
func Reach(from []*Declaration, next func(*Declaration) []*Declaration) map[*Declaration]bool {
	found := map[*Declaration]bool{}
	pending := slices.Clone(from)
	for len(pending) > 0 {
		d := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		for _, other := range next(d) {
			if !found[other] {
				found[other] = true
				pending = append(pending, other)
			}
		}
	}
	return found
}
