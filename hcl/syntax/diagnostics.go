package syntax

import (
	"cmp"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

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

// Examples is how many diagnostics of one kind are kept that say different things of one place, or the same of different ones.
const Examples = 3

// Collapse joins diagnostics that say the same of the same place, as every instance of a block does, into the first one. Where they
// say much that is different, a few are kept, and the last of these counts the others.
func Collapse(diags hcl2.Diagnostics) hcl2.Diagnostics {
	if len(diags) < 2 {
		return diags
	}
	type identity struct {
		summary, detail string
		subject         hcl2.Range
	}
	said, seen := map[identity]int{}, map[*hcl2.Diagnostic]bool{}
	places := map[identity][]int{} // what is kept of a place, by no detail
	var kept hcl2.Diagnostics
	var more []int
	for _, d := range diags {
		if seen[d] {
			continue
		}
		seen[d] = true
		place := identity{summary: d.Summary}
		if d.Subject != nil {
			place.subject = *d.Subject
		}
		id := place
		id.detail = address.Impersonal(d.Detail)
		at, isSaid := said[id]
		switch here := places[place]; {
		case isSaid:
			more[at]++
		case d.Subject != nil && len(here) == Examples:
			more[here[Examples-1]]++
		default:
			said[id], places[place] = len(kept), append(here, len(kept))
			kept, more = append(kept, d), append(more, 0)
		}
	}
	for i, d := range kept {
		AndMore(d, more[i])
	}
	return kept
}

// AndMore ends the text of the last one that is kept of a kind, where there are n others.
func AndMore(d *hcl2.Diagnostic, n int) {
	if n == 0 {
		return
	}
	if last, _ := utf8.DecodeLastRuneInString(d.Detail); unicode.IsLetter(last) || unicode.IsDigit(last) { // as the words of a server may end
		d.Detail += "."
	}
	d.Detail += fmt.Sprintf(" The same goes for %d more.", n)
}
