package syntax

import (
	"cmp"
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// SortDiagnostics orders diagnostics by their place in the sources: by file, line and column. Those without a place come
// first, and those of one place keep their order.
func SortDiagnostics(diags hcl2.Diagnostics) {
	slices.SortStableFunc(diags, func(a, b *hcl2.Diagnostic) int {
		return comparePlaces(a.Subject, b.Subject)
	})
}

func comparePlaces(a, b *hcl2.Range) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Start.Byte, b.Start.Byte))
}

// Problem is an error about one place of the configuration.
func Problem(summary, detail string, subject hcl2.Range) *hcl2.Diagnostic {
	return &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: summary, Detail: detail, Subject: &subject}
}

// ProblemIn is an error about an expression. The values of its references are shown with it.
func ProblemIn(summary, detail string, expr hcl2.Expression, ctx *hcl2.EvalContext) *hcl2.Diagnostic {
	d := Problem(summary, detail, expr.Range())
	d.Expression = expr
	d.EvalContext = ctx
	return d
}

// Warning is problem with a lesser severity.
func Warning(summary, detail string, subject hcl2.Range) *hcl2.Diagnostic {
	d := Problem(summary, detail, subject)
	d.Severity = hcl2.DiagWarning
	return d
}

// Unsaid drops the diagnostics of places of which the same was said already.
func Unsaid(diags, said hcl2.Diagnostics) hcl2.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		return slices.ContainsFunc(said, func(before *hcl2.Diagnostic) bool {
			return before.Summary == d.Summary && comparePlaces(before.Subject, d.Subject) == 0
		})
	})
}

// Collapse joins diagnostics that say the same of the same place, as every instance of a block does, into the first one.
func Collapse(diags hcl2.Diagnostics) hcl2.Diagnostics {
	if len(diags) < 2 {
		return diags
	}
	type identity struct {
		summary, detail string
		subject         hcl2.Range
	}
	repeats, seen := map[identity]int{}, map[*hcl2.Diagnostic]bool{}
	var kept hcl2.Diagnostics
	var firsts []identity
	for _, d := range diags {
		if seen[d] {
			continue
		}
		seen[d] = true
		id := identity{summary: d.Summary, detail: address.Impersonal(d.Detail)}
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
