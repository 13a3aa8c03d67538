package declare

import (
	"cmp"
	"fmt"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// checkMoves reports moved and removed blocks that contradict each other, or what is declared.
func (u *Tree) checkMoves() hcl2.Diagnostics {
	diags := u.Module.contradictions()
	left := map[target]bool{}
	for _, m := range u.Module.moves {
		left[m.from] = true
	}
	for _, r := range u.Module.removals {
		from := target{Address: r.From}
		left[from] = true
		if d := u.declarationAt(r.From); d != nil && r.Name == "" {
			diags = append(diags, stillDeclared(from, d.rng, r.Range))
		}
	}
	for _, m := range u.Module.moves {
		if d := u.checkMove(m, left); d != nil {
			diags = append(diags, d)
		}
	}
	for _, child := range u.Children {
		diags = append(diags, child.checkMoves()...)
	}
	return diags
}

// contradictions reports moves that give one thing two names, or two things one, and those that end where they began.
func (m *Module) contradictions() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	from, to := map[target]move{}, map[target]move{}
	ends, begins := map[target]target{}, map[target]target{} // of moves that follow each other, by the other end
	for _, next := range m.moves {
		first, again := from[next.from]
		if again && first.to == next.to {
			continue
		}
		if again {
			diags = append(diags, syntax.Problem("Contradicting moves", fmt.Sprintf(
				"%s becomes %s here, and %s at %s. Remove one of the two blocks.", next.from, next.to, first.to, syntax.Place(first.rng)), next.rng))
			continue
		}
		if first, ok := to[next.to]; ok && first.from != next.from {
			diags = append(diags, syntax.Problem("Contradicting moves", fmt.Sprintf(
				"%s is what was %s here, and what was %s at %s. Remove one of the two blocks.", next.to, next.from, first.from, syntax.Place(first.rng)), next.rng))
			continue
		}
		from[next.from], to[next.to] = next, next
		begin, end := cmp.Or(begins[next.from], next.from), cmp.Or(ends[next.to], next.to)
		if ends[begin], begins[end] = end, begin; end == next.from {
			diags = append(diags, syntax.Problem("Contradicting moves", fmt.Sprintf(
				"%s becomes %s here, which becomes %[1]s, so nothing is moved. Two cannot change their names for each other: give one of them another "+
					"one, or have -mark-done record what was done.", next.from, next.to), next.rng))
		}
	}
	return diags
}

func (u *Tree) checkMove(m move, left map[target]bool) *hcl2.Diagnostic {
	if m.from.isStep() {
		return u.checkStepMove(m, left)
	}
	from, to := u.declarationAt(m.from.Address), u.declarationAt(m.to.Address)
	switch {
	case from != nil && from != u.blockAt(m.to.Address):
		return stillDeclared(m.from, from.rng, m.rng)
	case to == nil && u.blockAt(m.to.Address) == nil && !left[m.to]:
		return notDeclared(m, u.targets())
	}
	return nil
}

func (u *Tree) checkStepMove(m move, left map[target]bool) *hcl2.Diagnostic {
	d := u.blockAt(m.to.Address)
	if d == nil {
		return notDeclared(m, u.targets())
	}
	a, ok := d.What.(*Actor)
	if !ok || a.hasDynamic || left[m.to] {
		return nil
	}
	if s := a.Step(m.from.step.Label); s != nil && s.Kind == m.from.step.Kind && m.from.step.Key.IsZero() && m.from.step.Label != m.to.step.Label {
		return stillDeclared(m.from, s.Range, m.rng)
	}
	if s := a.Step(m.to.step.Label); s == nil || s.Kind != m.to.step.Kind {
		var steps []string
		for _, s := range a.Steps {
			steps = append(steps, m.to.Address.String()+"."+string(s.Kind)+"."+s.Label)
		}
		return notDeclared(m, steps)
	}
	return nil
}

func stillDeclared(from target, declared, at hcl2.Range) *hcl2.Diagnostic {
	return syntax.Problem("Still declared", fmt.Sprintf(
		"%s is declared at %s, so it has neither moved nor been removed. Remove its block, or this one.", from, syntax.Place(declared)), at)
}

func notDeclared(m move, known []string) *hcl2.Diagnostic {
	return syntax.Warning("Move to what is not declared", fmt.Sprintf(
		"No %s is declared, so what is moved there is not declared either.%s", m.to, syntax.DidYouMean(m.to.String(), known)), m.rng)
}

// declarationAt returns what is declared at an address, or nil. Nobody knows before evaluation which instances there are,
// so nothing is declared at the address of one.
func (u *Tree) declarationAt(a address.Address) *Declaration {
	if !a.Key.IsZero() || strings.Contains(a.Module, "[") {
		return nil
	}
	return u.blockAt(a)
}

// blockAt returns the block that declares an address, with or without a key, or nil.
func (u *Tree) blockAt(a address.Address) *Declaration {
	at, module := u, (*Declaration)(nil)
	if a.Module != "" {
		steps, _ := hclsyntax.ParseTraversalAbs([]byte(a.Module), "", hcl2.InitialPos)
		for i, step := range steps {
			name, _ := step.(hcl2.TraverseAttr)
			if _, keyed := step.(hcl2.TraverseIndex); keyed || i == 0 || name.Name == "module" && rootOrName(steps[i-1]) != "module" {
				continue
			}
			if at == nil {
				return nil
			}
			module, at = at.Declarations["module."+name.Name], at.Children["module."+name.Name]
		}
	}
	switch {
	case a.Label == "":
		return module
	case at == nil:
		return nil
	default:
		return at.Declarations[string(a.Kind)+"."+a.Name+"."+a.Label]
	}
}

// targets returns the addresses of the actors and modules of the unit.
func (u *Tree) targets() []string {
	var addresses []string
	for _, d := range u.ordered {
		switch what := d.What.(type) {
		case *ModuleCall:
			addresses = append(addresses, d.Address)
		case *Actor:
			if what.Kind == address.KindActor {
				addresses = append(addresses, d.Address)
			}
		}
	}
	return addresses
}
