package hcl

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// sortDeclarations returns the declarations with each after what it refers to, and otherwise in the given order. Each
// cycle is reported once.
func sortDeclarations(declarations []*declaration) ([]*declaration, hcl2.Diagnostics) {
	s := &sorter{state: map[*declaration]visit{}}
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
	state  map[*declaration]visit
	path   []*declaration
	sorted []*declaration
	diags  hcl2.Diagnostics
}

func (s *sorter) visit(d *declaration) {
	s.state[d] = open
	s.path = append(s.path, d)
	for _, next := range d.neighbours() {
		switch s.state[next] {
		case unvisited:
			s.visit(next)
		case open:
			s.diags = append(s.diags, cycle(s.path[slices.Index(s.path, next):]))
		case closed:
		}
	}
	s.path = s.path[:len(s.path)-1]
	s.state[d] = closed
	s.sorted = append(s.sorted, d)
}

// neighbours returns what a declaration refers to, each once, in the order of its expressions.
func (d *declaration) neighbours() []*declaration {
	var found []*declaration
	seen := map[*declaration]bool{d: true}
	for _, stage := range d.stages {
		for _, n := range stage.needs {
			if next := n.stage.declaration; !seen[next] {
				seen[next] = true
				found = append(found, next)
			}
		}
	}
	return found
}

func cycle(path []*declaration) *hcl2.Diagnostic {
	var b strings.Builder
	for _, d := range path {
		fmt.Fprintf(&b, "\n  %s (%s), which refers to", d.fullAddress(), place(d.rng))
	}
	fmt.Fprintf(&b, "\n  %s", path[0].fullAddress())
	return problem("Cycle", fmt.Sprintf(
		"These refer to each other in a circle, so that none of them can be first:%s.\nRemove one of the references.", b.String(),
	), path[0].rng)
}

func (d *declaration) fullAddress() string { return inModule(d.unit.path, d.address) }

// dependents returns the declarations that refer to this one.
func (d *declaration) dependents() []*declaration {
	var all []*declaration
	for _, s := range d.stages {
		for _, dependent := range s.dependents {
			all = append(all, dependent.declaration)
		}
	}
	return all
}

// reach returns all declarations that can be got to from some, in one step or more.
func reach(from []*declaration, next func(*declaration) []*declaration) map[*declaration]bool {
	found := map[*declaration]bool{}
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
