package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func diagnosticAt(severity, summary, file string, line int) *Diagnostic {
	d := &Diagnostic{Severity: severity, Summary: summary, Detail: fmt.Sprintf("actor.a.b[%d] is wrong.", line)}
	if file != "" {
		d.Range = &Range{Filename: file, Start: Pos{Line: line}}
	}
	return d
}

func TestDiagnosticsOfOneKindAreToldTogether(t *testing.T) {
	t.Parallel()
	var diags []*Diagnostic
	for line := range 8 {
		diags = append(diags, diagnosticAt("warning", "Old", "a", line), diagnosticAt("warning", "Old", "a", 7))
	}
	for range 3 {
		diags = append(diags, diagnosticAt("error", "Wrong", "b", 1), diagnosticAt("error", "Wrong", "b", 2), diagnosticAt("error", "Nowhere", "", 0))
	}
	diags = append(diags, diagnosticAt("warning", "About the run", "", 0), diagnosticAt("warning", "About the run", "", 0))
	var got []string
	for _, k := range Kinds(diags) {
		got = append(got, strings.TrimSpace(k.first.Summary+" "+k.others()))
	}
	want := []string{
		"Old And 15 more of this kind: on a line 7 (9), a line 1, a line 2, a line 3, a line 4, 2 more places.",
		"Wrong And 2 more of this kind: on b line 1 (2).", "Wrong And 2 more of this kind: on b line 2 (2).",
		"Nowhere", "Nowhere", "Nowhere", "About the run And 1 more of this kind.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var b strings.Builder
	if err := Kinds(diags)[0].Draw(&b, Options{}); err != nil || !strings.Contains(b.String(), "│ actor.a.b[0] is wrong.\n│\n│ And 15 more of this kind") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestWhatSaysSomethingElseIsOfAnotherKind(t *testing.T) {
	t.Parallel()
	for _, severity := range []string{"error", "warning"} {
		one, other := diagnosticAt(severity, "Renamed?", "a", 1), diagnosticAt(severity, "Renamed?", "a", 1)
		one.Detail, other.Detail = "Write this:\n\n  from = action.d1", "Write this:\n\n  from = action.d2"
		if kinds := Kinds([]*Diagnostic{one, other, one}); len(kinds) != 2 || kinds[0].more != 1 {
			t.Errorf("%s: %d kinds", severity, len(kinds))
		}
	}
}
