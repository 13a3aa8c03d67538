package declare

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// checkMoves reports moved and removed blocks that contradict what is declared.
func (u *Tree) checkMoves() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	left := map[address.Address]bool{}
	for _, m := range u.Module.moves {
		left[m.From] = true
	}
	for _, r := range u.Module.removals {
		left[r.From] = true
		if d := u.declarationAt(r.From); d != nil {
			diags = append(diags, stillDeclared(r.From, d, r.Range))
		}
	}
	for _, m := range u.Module.moves {
		from, to := u.declarationAt(m.From), u.declarationAt(m.To)
		switch {
		case m.From == m.To:
			diags = append(diags, syntax.Problem("Invalid move", fmt.Sprintf("Both addresses are %s, so nothing is moved.", spellTarget(m.From)), m.Range))
		case from != nil && from != u.blockAt(m.To):
			diags = append(diags, stillDeclared(m.From, from, m.Range))
		case to == nil && u.blockAt(m.To) == nil && !left[m.To]:
			diags = append(diags, syntax.Warning("Move to what is not declared", fmt.Sprintf(
				"No %s is declared, so what is moved there is not declared either.%s", spellTarget(m.To), syntax.DidYouMean(spellTarget(m.To), u.targets())), m.Range))
		}
	}
	return diags
}

func stillDeclared(from address.Address, d *Declaration, at hcl2.Range) *hcl2.Diagnostic {
	return syntax.Problem("Still declared", fmt.Sprintf(
		"%s is declared at %s, so it has neither moved nor been removed. Remove its block, or this one.", spellTarget(from), syntax.Place(d.rng)), at)
}

// spellTarget writes an address that may be one of a module.
func spellTarget(a address.Address) string {
	if a.Label == "" {
		return a.Module
	}
	return a.String()
}

// declarationAt returns what is declared at an address, or nil. Nobody knows before evaluation which instances there are,
// so nothing is declared at the address of one.
func (u *Tree) declarationAt(a address.Address) *Declaration {
	if !a.Key.IsZero() || a.Label == "" && a.Module != "" && a.Module[len(a.Module)-1] == ']' {
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
