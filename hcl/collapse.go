package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// collapse joins diagnostics that say the same of the same place, as every instance of a block does, into the first one.
func collapse(diags hcl2.Diagnostics) hcl2.Diagnostics {
	if len(diags) < 2 {
		return diags
	}
	type identity struct {
		summary string
		subject hcl2.Range
	}
	repeats, seen := map[identity]int{}, map[*hcl2.Diagnostic]bool{}
	var kept hcl2.Diagnostics
	var firsts []identity
	for _, d := range diags {
		if seen[d] {
			continue
		}
		seen[d] = true
		id := identity{summary: d.Summary}
		if d.Subject != nil {
			id.subject = *d.Subject
		}
		repeats[id]++
		if repeats[id] == 1 {
			kept, firsts = append(kept, d), append(firsts, id)
		}
	}
	for i, d := range kept {
		if more := repeats[firsts[i]] - 1; more > 0 {
			d.Detail += fmt.Sprintf(" The same goes for %d more.", more)
		}
	}
	return kept
}
