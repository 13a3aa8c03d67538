package page

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/view"
)

func change(block, key string, action plan.ChangeAction) view.Change {
	address := fmt.Sprintf("actor.%s[%q]", block, key)
	quoted, _ := json.Marshal(key)
	c := view.Change{Address: address, Name: "counter", Key: []string{"org", key}, Action: action, Input: view.Input{After: json.RawMessage(`{"n":` + string(quoted) + `}`)}}
	if action != plan.ActionNoOp && action != plan.ActionDestroy {
		c.Steps = []view.Step{{Address: address + ".action.a", Kind: "action", Decision: plan.DecisionRun, Call: "a", After: json.RawMessage(`[` + string(quoted) + `]`)}}
	}
	return c
}

func document(changes ...view.Change) *view.Document {
	return &view.Document{
		FormatVersion: view.FormatVersion, RiveterVersion: "0.1.0", Mode: plan.ModeApply, Target: view.Target{Namespace: "stage-eu", Endpoint: "http://localhost:6420"},
		Transition: "sha256:" + strings.Repeat("4f1c", 16), Changes: view.Changes{Told: changes}, Summary: view.Summary{Create: len(changes)},
	}
}

// read parses a page, and counts its elements and what is hidden in attributes.
func read(t rapid.TB, d *view.Document) (text string, elements map[string]int, attributes []html.Attribute) {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	elements = map[string]int{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			elements[n.Data]++
			attributes = append(attributes, n.Attr...)
		}
	}
	return b.String(), elements, attributes
}

func TestEveryChangeIsThere(t *testing.T) {
	d := document(change("chatRoom.room", "general", plan.ActionUpdate), change("counter.gone", "x", plan.ActionDestroy), change("counter.same", "x", plan.ActionNoOp))
	d.Changes.Told[2].Steps = nil
	for i := range 30 {
		d.Changes.Told = append(d.Changes.Told, change("counter.many", fmt.Sprint(i), plan.ActionCreate))
	}
	d.Diagnostics = []*view.Diagnostic{{Severity: "warning", Summary: "The plan is partial", Detail: "Something is left out."}}
	text, elements, _ := read(t, d)
	for _, want := range []string{
		`<details data-kind="destroy"><summary class="destroy"><b>-</b><span><code>actor.counter.gone[&#34;x&#34;]</code> will be destroyed</span></summary>`,
		"actor.counter.many[&#34;29&#34;]\n", "All 30 instances", "1 actor unchanged", `value="create" checked>create <b>30</b>`, "The plan is partial", d.Transition,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	if elements["details"] != 1+3+1 {
		t.Errorf("there are %d folds", elements["details"])
	}
	d.Applied = &view.Applied{Failed: 1}
	d.Changes.Told[0].Outcome, d.Changes.Told[0].Error = plan.OutcomeFailed, "the actor says no"
	if text, _, _ := read(t, d); !strings.Contains(text, "<h1>Apply failed") || !strings.Contains(text, "failed: the actor says no") {
		t.Errorf("the report is not in\n%s", text)
	}
}

// A report says how each change ended, what went wrong first, with all that is known of it, however many there are.
func TestAReportSaysWhatBecameOfIt(t *testing.T) {
	d := document()
	for i := range 40 {
		c := change(fmt.Sprintf("counter.block%d", i), "k", plan.ActionCreate)
		c.Outcome = plan.OutcomeDone
		if i >= 10 {
			c.Outcome, c.Error = plan.OutcomeFailed, fmt.Sprintf("reason %d", i)
		}
		c.Steps[0].Outcome = c.Outcome
		d.Changes.Told = append(d.Changes.Told, c)
	}
	d.Applied = &view.Applied{Created: 10, Failed: 30}
	text, _, _ := read(t, d)
	_, changes, _ := strings.Cut(text, "<main>")
	for i := range 40 {
		if ended := fmt.Sprintf("reason %d\n", i); i >= 10 && !strings.Contains(changes, ended) {
			t.Errorf("%q is not in\n%s", ended, text)
		}
	}
	for _, want := range []string{`</code> was created, 1 call</span>`, `</code> failed, was to be created, 1 call</span>`, `value="failed" checked>failed <b>30</b>`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	if strings.Index(text, "failed, was to be") > strings.Index(text, "was created") {
		t.Error("what went wrong does not come first")
	}
}

// Whatever is in a document, it is text: no element, no attribute and no address is of its making.
func TestNothingGetsOutOfItsPlace(t *testing.T) {
	hostile := rapid.OneOf(rapid.StringOfN(rapid.SampledFrom([]rune("<>&\"'`/=-!\n\t\x00\u202e\u2066 x")), 0, 20, -1), rapid.SampledFrom([]string{
		"<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", `"onmouseover="alert(1)`, "</code></pre></details>", "<!--", "]]>", "{{.Title}}",
	}))
	_, plain, _ := read(t, document(change("counter.c", "k", plan.ActionCreate)))
	rapid.Check(t, func(t *rapid.T) {
		c := change("counter.c", hostile.Draw(t, "key"), plan.ActionCreate)
		c.Reason = hostile.Draw(t, "reason")
		c.Steps[0].Call = hostile.Draw(t, "call")
		c.Input.After, _ = json.Marshal(map[string]string{hostile.Draw(t, "name"): hostile.Draw(t, "value")})
		d := document(c)
		d.Target.Namespace, d.Target.Endpoint, d.Transition, d.RiveterVersion = hostile.Draw(t, "namespace"), hostile.Draw(t, "endpoint"), "sha256:x"+hostile.Draw(t, "transition"), "v"+hostile.Draw(t, "version")
		text, elements, attributes := read(t, d)
		for name, n := range elements {
			if name != "span" && n != plain[name] {
				t.Fatalf("%d %s elements, not %d", n, name, plain[name])
			}
		}
		for _, a := range attributes {
			if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"src", "href", "style", "action", "formaction", "srcdoc"}, a.Key) {
				t.Fatalf("there is an attribute %s=%q", a.Key, a.Val)
			}
		}
		if strings.ContainsAny(text, "\u202e\u2066\x00") {
			t.Fatal("what turns the direction of writing is there")
		}
	})
}

func TestATenThousandfoldPage(t *testing.T) {
	actions := []plan.ChangeAction{plan.ActionCreate, plan.ActionUpdate, plan.ActionDestroy, plan.ActionReplace, plan.ActionAdopt}
	var changes []view.Change
	for i := range 10_000 {
		changes = append(changes, change(fmt.Sprintf("counter.block%d", i), fmt.Sprintf("key <script>%d</script>", i), actions[i%len(actions)]))
	}
	text, elements, _ := read(t, document(changes...))
	if elements["details"] != 10_000 || len(text) > 8<<20 {
		t.Errorf("%d folds in %d bytes", elements["details"], len(text))
	}
}
