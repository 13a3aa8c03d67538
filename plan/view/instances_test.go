package view

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
)

// ansi are sequences that turn styles on and off.
var ansi = regexp.MustCompile("\x1b\\[[0-9]*m")

// many are changes of one block that are the same but for their values.
func many(n int, action plan.ChangeAction) *Document {
	d := &Document{}
	for i := range n {
		address := fmt.Sprintf("actor.counter.all[%q]", fmt.Sprint(i))
		d.Changes.Told = append(d.Changes.Told, Change{
			Address: address, Name: "counter", Key: []string{"org", fmt.Sprint(i)}, Action: action,
			Input: Input{After: json.RawMessage(fmt.Sprintf(`{"n":%d,"same":1}`, i))},
			Steps: []Step{
				{Address: address + ".action.a", Kind: "action", Decision: plan.DecisionRun, Call: "a", After: json.RawMessage(fmt.Sprintf(`[%d]`, i))},
				{Address: address + ".action.b", Kind: "action", Decision: plan.DecisionRun, Call: "b", After: json.RawMessage(`[1]`)},
			},
		})
	}
	return d
}

func drawn(t *testing.T, d *Document, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := DrawPlan(&b, d, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEqualInstancesAreOneEntry(t *testing.T) {
	t.Parallel()
	d := many(300, plan.ActionCreate)
	text := drawn(t, d, Options{Width: 200})
	for _, want := range []string{
		`  # actor.counter.all will be created, 300 instances: ["0"], ["1"], ["2"], ["3"], ["4"] and 295 more`,
		`  # (shown is ["0"]; the others differ in action.a, input.n, key)`, `      + input = { n = 0, same = 1 }`, `      > action.a(0)`, `      > action.b(1)`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("there is no line %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "\n"); n > 20 {
		t.Errorf("it takes %d lines", n)
	}
	concise := drawn(t, d, Options{Concise: true, Width: 200})
	if want := `  + actor.counter.all will be created, 2 calls, 300 instances: ["0"]`; !strings.Contains(concise, want) {
		t.Errorf("there is no %q in\n%s", want, concise)
	}
	if n := strings.Count(drawn(t, d, Options{Verbose: true}), "will be created"); n != 300 {
		t.Errorf("%d are listed where all are wanted", n)
	}
}

func TestWhatIsNotTheSameStaysApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d    *Document
		want int
	}{
		"a few":            {many(fewInstances, plan.ActionCreate), fewInstances},
		"destroyed":        {many(8, plan.ActionDestroy), 8},
		"another reason":   {changed(many(11, plan.ActionCreate), func(c *Change) { c.Reason = "another" }), 2},
		"another step":     {changed(many(11, plan.ActionCreate), func(c *Change) { c.Steps = c.Steps[:1] }), 2},
		"another decision": {changed(many(11, plan.ActionCreate), func(c *Change) { c.Steps[1].Decision = plan.DecisionUnknown }), 2},
		"another block":    {changed(many(11, plan.ActionCreate), func(c *Change) { c.Address = `actor.counter.other["5"]` }), 2},
		"another module":   {changed(many(11, plan.ActionCreate), func(c *Change) { c.Address = `module.m.actor.counter.all["5"]` }), 2},
		"another value":    {changed(many(11, plan.ActionCreate), func(c *Change) { c.Input.After = json.RawMessage(`null`) }), 1},
		"no input":         {changed(many(11, plan.ActionCreate), func(c *Change) { c.Input.After = nil }), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := len(Group(c.d.Changes.Told)); got != c.want {
				t.Errorf("%d entries, not %d", got, c.want)
			}
		})
	}
}

func TestInstancesNeedNotFollowOneAnother(t *testing.T) {
	t.Parallel()
	d := many(12, plan.ActionCreate)
	for i := range d.Changes.Told {
		d.Changes.Told[i].Reason = []string{"one", "another"}[i%2]
	}
	groups := Group(d.Changes.Told)
	if len(groups) != 2 || len(groups[0]) != 6 || groups[0][1] != &d.Changes.Told[2] || groups[1][0] != &d.Changes.Told[1] {
		t.Errorf("got %v", groups)
	}
}

// changed does something to the sixth change.
func changed(d *Document, do func(*Change)) *Document {
	do(&d.Changes.Told[5])
	return d
}

func TestLongValuesAreShortened(t *testing.T) {
	t.Parallel()
	elements := make([]string, 1000)
	for i := range elements {
		elements[i] = fmt.Sprintf(`{"id":%d,"text":"some text that makes it long"}`, i)
	}
	for name, c := range map[string]struct {
		args string
		want string
		most int // lines
	}{
		"many elements": {"[[" + strings.Join(elements, ",") + "]]", "lines left out; -verbose shows all", 50},
		"long text":     {`["` + strings.Repeat("ü", 5000) + `"]`, "bytes left out)", 10},
		"long lines":    {`["` + strings.Repeat(strings.Repeat("x", 900)+`\n`, 12) + `"]`, "lines left out", 20},
		"short":         {"[1]", "> action.a(1)", 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := many(1, plan.ActionCreate)
			d.Changes.Told[0].Steps = d.Changes.Told[0].Steps[:1]
			d.Changes.Told[0].Steps[0].After = json.RawMessage(c.args)
			for _, colour := range []bool{false, true} {
				text := drawn(t, d, Options{Color: colour})
				plain := ansi.ReplaceAllString(text, "")
				if !strings.Contains(plain, c.want) || len(plain) > mostBytes+1000 || strings.Count(text, "\n") > c.most+8 {
					t.Errorf("%d bytes on %d lines\n%s", len(plain), strings.Count(text, "\n"), text)
				}
			}
			if text := drawn(t, d, Options{Verbose: true}); strings.Contains(text, "left out") {
				t.Error("-verbose leaves something out")
			}
		})
	}
}

func TestStepsToBeDecidedDifferToo(t *testing.T) {
	t.Parallel()
	instance := func(args string) *Change {
		change := &Change{Address: "actor.a.b[" + args + "]"}
		for _, decision := range []plan.Decision{plan.DecisionRun, plan.DecisionUnknown, plan.DecisionDone} {
			change.Steps = append(change.Steps, Step{Address: change.Address + ".action." + string(decision), Decision: decision, After: []byte(args)})
		}
		return change
	}
	if diff := cmp.Diff([]string{"action.run", "action.unknown"}, Instances{instance("0"), instance("1")}.varying()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
