package markdown

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	xhtml "golang.org/x/net/html"
	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/view"
)

var updateGolden = flag.Bool("update", false, "rewrite the golden files")

// change is one with two calls, of an instance of a block.
func change(block, key string, action plan.ChangeAction) view.Change {
	address := fmt.Sprintf("actor.%s[%q]", block, key)
	c := view.Change{Address: address, Name: "counter", Key: []string{"org", key}, Action: action, DependsOn: []string{}}
	switch action {
	case plan.ActionCreate, plan.ActionUpdate, plan.ActionReplace:
		c.Input = view.Input{After: json.RawMessage(fmt.Sprintf(`{"n":%q}`, key))}
		c.Steps = []view.Step{
			{Address: address + ".action.a", Kind: "action", Decision: plan.DecisionRun, Call: "a", After: json.RawMessage(fmt.Sprintf(`[%q]`, key))},
			{Address: address + ".action.b", Kind: "action", Decision: plan.DecisionRun, Call: "b", After: json.RawMessage(`[1]`)},
		}
	default:
	}
	return c
}

func document(changes ...view.Change) *view.Document {
	d := &view.Document{
		FormatVersion: view.FormatVersion, RiveterVersion: "0.1.0", Mode: plan.ModeApply, Target: view.Target{Namespace: "stage-eu"},
		Transition: "sha256:" + strings.Repeat("4f1c", 16), Changes: view.Changes{Told: changes},
	}
	for _, c := range changes {
		switch c.Action {
		case plan.ActionCreate:
			d.Summary.Create++
		case plan.ActionUpdate:
			d.Summary.Update++
		case plan.ActionDestroy:
			d.Summary.Destroy++
		case plan.ActionReplace:
			d.Summary.Replace++
		default:
			d.Summary.NoOp++
		}
	}
	return d
}

func written(tb testing.TB, d *view.Document, limit int) string {
	tb.Helper()
	var b strings.Builder
	if err := Write(&b, d, limit); err != nil {
		tb.Fatal(err)
	}
	if b.Len() > limit {
		tb.Fatalf("%d bytes, where %d are the limit", b.Len(), limit)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	undecided := change("counter.old", "a", plan.ActionNoOp)
	undecided.Steps = []view.Step{{Address: undecided.Address + ".action.a", Kind: "action", Decision: plan.DecisionUnknown, Call: "a", After: json.RawMessage(`[]`), Reason: "nobody knows"}}
	mixed := document(
		change("chatRoom.room", "general", plan.ActionUpdate), change("counter.gone", "x", plan.ActionDestroy), change("counter.same", "x", plan.ActionNoOp), undecided,
		change("vault.v", "x", plan.ActionReplace), change("values.v", "x", plan.ActionAdopt),
	)
	for i := range 30 {
		mixed.Changes.Told = append(mixed.Changes.Told, change("counter.many", fmt.Sprint(i), plan.ActionCreate))
	}
	mixed.Summary.Create = 30
	mixed.Diagnostics = []*view.Diagnostic{{Severity: "warning", Summary: "The plan is partial", Detail: "Something is left out."}}
	failed := document()
	failed.Diagnostics = []*view.Diagnostic{{Severity: "error", Summary: "Actor <does> not exist", Detail: "There is no such\n```\nthing.", Address: "actor.a.b"}}
	report := document(change("counter.c", "a", plan.ActionCreate))
	report.Changes.Told[0].Outcome, report.Changes.Told[0].Error = plan.OutcomeFailed, "the actor says </details>"
	report.Applied = &view.Applied{Failed: 1}
	for name, text := range map[string]string{
		"mixed": written(t, mixed, GitHub), "few_bytes": written(t, mixed, 900), "fewer_bytes": written(t, mixed, 640), "closing_line": written(t, mixed, 200),
		"failed": written(t, failed, GitHub), "report": written(t, report, GitHub), "no_changes": written(t, document(change("counter.c", "a", plan.ActionNoOp)), GitHub),
	} {
		path := "testdata/" + name + ".md"
		if *updateGolden {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), text); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", path, diff)
		}
	}
}

// Ten thousand changes of every shape fit, and what is lost is named as long as that can be.
func TestALargePlanFits(t *testing.T) {
	each := func(n int, block func(i int) string, action plan.ChangeAction) []view.Change {
		var changes []view.Change
		for i := range n {
			changes = append(changes, change(block(i), fmt.Sprint(i), action))
		}
		return changes
	}
	one := func(int) string { return "counter.one" }
	own := func(i int) string { return fmt.Sprintf("counter.block%d", i) }
	few := func(i int) string { return fmt.Sprintf("counter.kept%d", i) }
	for name, tt := range map[string]struct {
		changes []view.Change
		want    []string
	}{
		"one block":         {each(10_000, one, plan.ActionCreate), []string{"10000 instances", "the others differ in action.a"}},
		"a block each":      {each(10_000, own, plan.ActionCreate), []string{"counter.block0:", "more blocks"}},
		"destroyed":         {each(10_000, one, plan.ActionDestroy), []string{"-   actor.counter.one will be destroyed, 10000 instances"}},
		"replaced, many":    {each(10_000, own, plan.ActionReplace), []string{"- actor.counter.block0: 1 to replace", "more blocks"}},
		"ten destroyed":     {append(each(9_990, own, plan.ActionCreate), each(10, few, plan.ActionDestroy)...), []string{`kept9["9"] will be destroyed</code>`, "block0: 1 to create", "more blocks"}},
		"ten of one block":  {append(each(9_990, one, plan.ActionUpdate), each(10, few, plan.ActionReplace)...), []string{`kept9["9"] must be replaced`, "<details>", "9990 instances"}},
		"nothing to change": {each(10_000, one, plan.ActionNoOp), []string{"10000 actors unchanged"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := written(t, document(tt.changes...), GitHub)
			for _, want := range append(tt.want, "Transition <code>sha256:4f1c") {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in %d bytes:\n%.2000s", want, len(text), text)
				}
			}
			wellFormed(t, text)
		})
	}
}

// Whatever is in a plan, and whatever the limit, the page is made of our elements alone, and no more than fits.
func TestNothingGetsOutOfItsPlace(t *testing.T) {
	texts := rapid.StringOfN(rapid.SampledFrom([]rune("`~<>&/\"'@#-|*_[]()!\n\r\t\\\u202e\u2028x ")), 0, 30, -1)
	hostile := rapid.OneOf(texts, rapid.SampledFrom([]string{"</details>", "</summary><script>", "```\n```", "~~~", "-->", "@octocat fixes #1", "![x](http://a.b/c)"}))
	rapid.Check(t, func(t *rapid.T) {
		var changes []view.Change
		actions := rapid.SampledFrom([]plan.ChangeAction{plan.ActionCreate, plan.ActionDestroy, plan.ActionUpdate, plan.ActionAdopt, plan.ActionNoOp})
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			c := change("counter.c", hostile.Draw(t, "key"), actions.Draw(t, "action"))
			c.Reason, c.FormerSteps, c.FormerDoubts = hostile.Draw(t, "reason"), []string{hostile.Draw(t, "former")}, []string{hostile.Draw(t, "doubt")}
			changes = append(changes, c)
		}
		d := document(changes...)
		d.Target.Namespace, d.RiveterVersion = hostile.Draw(t, "namespace"), hostile.Draw(t, "version")
		for range rapid.IntRange(0, 3).Draw(t, "problems") {
			d.Diagnostics = append(d.Diagnostics, &view.Diagnostic{Severity: "warning", Summary: hostile.Draw(t, "summary"), Detail: hostile.Draw(t, "detail")})
		}
		if rapid.Bool().Draw(t, "is a report") {
			d.Applied = &view.Applied{}
			for i := range d.Changes.Told {
				d.Changes.Told[i].Outcome, d.Changes.Told[i].Error = plan.OutcomeFailed, hostile.Draw(t, "error")
			}
		}
		limit := rapid.OneOf(rapid.IntRange(0, 3000), rapid.Just(GitHub)).Draw(t, "limit")
		var b strings.Builder
		if err := Write(&b, d, limit); err != nil {
			if limit > 500 {
				t.Fatal(err)
			}
			return
		}
		if b.Len() > limit {
			t.Fatalf("%d bytes, where %d are the limit", b.Len(), limit)
		}
		wellFormed(t, b.String())
	})
}

// wellFormed reads a page as GitHub does, and fails for what is not one of our elements in its place.
func wellFormed(t rapid.TB, text string) {
	t.Helper()
	var rendered bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(text), &rendered); err != nil {
		t.Fatal(err)
	}
	root, err := xhtml.Parse(&rendered)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	var walk func(n *xhtml.Node, in string)
	walk = func(n *xhtml.Node, in string) {
		switch n.Type {
		case xhtml.ElementNode:
			count[n.Data]++
			if !slices.Contains([]string{"html", "head", "body", "h3", "p", "details", "summary", "code", "pre", "sub"}, n.Data) {
				t.Fatalf("there is a %s element in\n%s", n.Data, text)
			}
			if n.Data == "details" && in != "body" {
				t.Fatalf("a fold is in a %s element:\n%s", in, text)
			}
			in = n.Data
		case xhtml.TextNode:
			if in != "code" && strings.ContainsAny(n.Data, "@#`") {
				t.Fatalf("%q is free in\n%s", n.Data, text)
			}
		default:
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child, in)
		}
	}
	walk(root, "")
	if count["details"] != count["summary"] || count["pre"] < count["details"] || count["h3"] != 1 {
		t.Fatalf("there are %v elements in\n%s", count, text)
	}
	first, _, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(first, "<!-- riveter ") || !strings.HasSuffix(first, " -->") || strings.Contains(first[4:len(first)-3], "--") {
		t.Fatalf("the first line is no marker: %s", first)
	}
}
