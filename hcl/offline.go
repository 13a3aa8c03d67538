package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// checkOffline reports references from a block that is evaluated before any server is asked to what only a server
// knows, be it through local values.
func (u *unit) checkOffline(g *group) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, e := range g.expressions {
		for _, r := range e.references {
			if address := u.onlyOnline(u.declarations[r.address()], map[*declaration]bool{}); address != "" {
				diags = append(diags, problem("Reference to what is not known yet", fmt.Sprintf(
					"The %s block is read before anything is asked of a server, so it cannot depend on %s. It may refer to variables, and to local values made of them.",
					g.offline, address), r.subject))
			}
		}
	}
	return diags
}

// onlyOnline returns the address of an actor that d refers to, or that it is, or nothing.
func (u *unit) onlyOnline(d *declaration, seen map[*declaration]bool) string {
	if d == nil || seen[d] {
		return ""
	}
	seen[d] = true
	switch d.what.(type) {
	case *actor, *moduleCall:
		return d.address
	}
	for _, e := range d.expressions() {
		for _, r := range e.references {
			if address := u.onlyOnline(u.declarations[r.address()], seen); address != "" {
				return address
			}
		}
	}
	return ""
}
