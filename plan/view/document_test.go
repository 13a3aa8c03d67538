package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/decide"
	"riveter/plan/value"
)

func TestDocument(t *testing.T) {
	tests := []struct {
		name  string
		world func(*world)
	}{
		{"create", createWorld}, {"change", changeWorld}, {"hidden", hiddenWorld}, {"lookups", lookupsWorld},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.world(w)
			golden(t, "document_"+tt.name+".json", indented(t, Describe(w.build())))
		})
	}
}

func TestReportDocument(t *testing.T) {
	w := newWorld(t)
	brokenWorld(w)
	r := newReport(t, w.build())
	breakReport(r)
	r.step(0, 0).Output = val(t, `{ id = 1, token = secret }`)
	r.Outputs = map[string]plan.Output{"open": {Value: cty.True}, "hidden": {Value: cty.StringVal("hunter2"), Sensitive: true}}
	golden(t, "document_report.json", indented(t, DescribeReport(r.Report)))
}

func indented(t *testing.T, d *Document) []byte {
	t.Helper()
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

// hiddenWorld has sensitive and unknown values wherever there may be any.
func hiddenWorld(w *world) {
	w.actor(`module.tenant["a"].actor.user.alice`).
		input(`{ password = secret, id = unknown, names = ["a", secret, unknown], big = big, bytes = bytes, date = date, undefined = undefined, nothing = null, "odd name" = -1.5e-7, marker = ["$Date", unknown] }`).
		step("login", `secret, unknown`)
	w.Desired[0].Key = nil
	w.actor(`actor.user.bob`, "bob").exists("id1").input(`{ password = secret, open = 2 }`).recalled("id1", `{ password = secret, open = 1 }`).
		step("login", `secret, 2`, runs(plan.RunOnChange)).did(`secret, 1`, plan.StepDone).
		step("hello", `unknown`, runs(plan.RunOnChange)).did(`"hi"`, plan.StepDone)
	whole := w.actor(`actor.user.carol`, "carol").step("login", "")
	whole.Input = val(w.t, `{ a = 1, b = "hunter2" }`).Mark(value.Sensitive)
	whole.Steps[0].Spec.(*plan.Action).Args = val(w.t, `["hunter2"]`).Mark(value.Sensitive)
	set := w.actor(`actor.user.dave`, "dave").step("all", "")
	set.Input = cty.SetVal([]cty.Value{cty.UnknownVal(cty.String), cty.StringVal("x")})
	set.Steps[0].Spec.(*plan.Action).Args = cty.DynamicVal
}

func TestSecretsAreNeverShown(t *testing.T) {
	w := newWorld(t)
	hiddenWorld(w)
	w.Outputs = map[string]plan.Output{"password": {Value: cty.StringVal("hunter2"), Sensitive: true}, "part": {Value: val(t, `[secret]`)}}
	r := newReport(t, w.build())
	r.Outputs = w.Outputs
	r.step(0, 0).Output = val(t, `[secret]`)
	r.step(0, 1).Output = cty.StringVal("hunter2")
	settings := *plan.StepsOf(r.Plan.Changes[0])[1].Desired.Settings
	settings.Sensitive = true
	plan.StepsOf(r.Plan.Changes[0])[1].Desired.Settings = &settings
	for name, document := range map[string]*Document{"plan": Describe(r.Plan), "report": DescribeReport(r.Report)} {
		var all bytes.Buffer
		errs := errors.Join(WriteJSON(&all, document), DrawPlan(&all, document, Options{}), DrawPlan(&all, document, Options{Concise: true}))
		if name == "report" {
			errs = errors.Join(errs, DrawReport(&all, document, Options{}))
		}
		if errs != nil {
			t.Fatal(errs)
		}
		if strings.Contains(all.String(), "hunter2") {
			t.Errorf("%s: a secret is shown:\n%s", name, all.String())
		}
	}
}

func TestDocumentsAreDeterministic(t *testing.T) {
	draw := func() string {
		w := newWorld(t)
		brokenWorld(w)
		hiddenWorld(w)
		for i := range 50 {
			address := address.Address{Kind: address.KindActor, Name: "gone", Label: "a", Key: address.NumberKey(i)}
			entry := &plan.Entry{Name: "gone", Key: []string{strconv.Itoa(i)}, Address: address, ActorID: "id"}
			w.Recalled.Actors[entry.Identity()] = entry
		}
		var all bytes.Buffer
		d := Describe(w.build())
		if err := errors.Join(WriteJSON(&all, d), DrawPlan(&all, d, Options{})); err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
	first, second := draw(), draw()
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
}

func TestWriteJSONEscapesWhatCommandsATerminal(t *testing.T) {
	text := "a<b> \x1b \x7f \u009b \u202e \U000e0001 \n ü"
	var b bytes.Buffer
	if err := WriteJSON(&b, map[string]string{"k\u202e": text}); err != nil {
		t.Fatal(err)
	}
	line, ok := strings.CutSuffix(b.String(), "\n")
	if !ok || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("got %q", b.String())
	}
	if !strings.Contains(line, "a<b>") {
		t.Errorf("got %s", line)
	}
	var back map[string]string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back["k\u202e"] != text {
		t.Errorf("got %q (%v)", back, err)
	}
}

func TestDrawingFailsWithItsWriter(t *testing.T) {
	w := newWorld(t)
	createWorld(w)
	d := Describe(w.build())
	for _, err := range []error{
		DrawPlan(brokenWriter{}, d, Options{}),
		DrawDiagnostic(brokenWriter{}, &Diagnostic{}, Options{}),
		WriteJSON(brokenWriter{}, d),
	} {
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestDrawingRefusesValuesThatAreNone(t *testing.T) {
	for _, spoil := range []func(*Document){
		func(d *Document) { d.Changes.Told[0].Input.After = json.RawMessage(`["$BigInt","x"]`) },
		func(d *Document) { d.Changes.Told[0].Input.Sensitive = Mask(`{`) },
		func(d *Document) { d.Changes.Told[0].Steps[0].After = json.RawMessage(`[`) },
		func(d *Document) { d.Changes.Told[0].Steps[0].Before = json.RawMessage(`[`) },
	} {
		w := newWorld(t)
		createWorld(w)
		d := Describe(w.build())
		spoil(d)
		if err := DrawPlan(io.Discard, d, Options{}); err == nil {
			t.Error("want an error")
		}
	}
}

// No document crashes the drawing, or makes it write what commands a terminal.
func FuzzDraw(f *testing.F) {
	seeds, err := filepath.Glob("testdata/document_*.json")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d Document
		if json.Unmarshal(data, &d) != nil {
			return
		}
		var drawn bytes.Buffer
		err := errors.Join(DrawPlan(&drawn, &d, Options{}), DrawPlan(&drawn, &d, Options{Concise: true, Width: 1}))
		if d.Applied != nil {
			err = errors.Join(err, DrawReport(&drawn, &d, Options{}))
		}
		for _, diag := range d.Diagnostics {
			if diag != nil {
				err = errors.Join(err, DrawDiagnostic(&drawn, diag, Options{Width: 3}))
			}
		}
		if i := strings.IndexFunc(drawn.String(), func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }); i >= 0 {
			t.Fatalf("unprintable at %d (%v): %q", i, err, drawn.String())
		}
	})
}

// Drawing is linear: compare the time of one change at both sizes.
func BenchmarkDraw(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		for _, concise := range []bool{false, true} {
			b.Run(fmt.Sprintf("changes=%d/concise=%t", n, concise), func(b *testing.B) {
				p := manyCreates(n)
				b.ReportAllocs()
				for b.Loop() {
					if err := DrawPlan(io.Discard, Describe(p), Options{Concise: concise}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/change")
			})
		}
	}
}

// What stays as it is costs next to nothing to draw, and is described for JSON one after the other.
func BenchmarkUnchanged(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		p := manyThatStay(n)
		for name, present := range map[string]func(io.Writer, *Document) error{
			"drawn": func(w io.Writer, d *Document) error { return DrawPlan(w, d, Options{}) },
			"json":  func(w io.Writer, d *Document) error { return WriteJSON(w, d) },
		} {
			b.Run(fmt.Sprintf("%s/changes=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := present(io.Discard, Describe(p)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/change")
			})
		}
	}
}

// manyThatStay is the plan of manyCreates as if all of it was done.
func manyThatStay(n int) *plan.Plan {
	p := manyCreates(n)
	for _, c := range p.Changes {
		c := c.(*plan.ActorChange)
		c.Action, c.Reason, c.ActorID = plan.ActionNoOp, "", "9apcl0g9yyrjx4mjwxhkwpxmpgbl00"
		for _, s := range c.Steps {
			s.Decision, s.Reason = plan.DecisionDone, ""
		}
	}
	return p
}

func manyCreates(n int) *plan.Plan {
	settings := &plan.Settings{Create: plan.GetOrCreate}
	var in decide.Inputs
	for i := range n {
		addr := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room", Key: address.NumberKey(i)}
		in.Desired = append(in.Desired, &plan.Desired{
			Address: addr, Key: []string{"org", fmt.Sprint(i)}, Settings: settings,
			Input: cty.ObjectVal(map[string]cty.Value{"topic": cty.StringVal(fmt.Sprint("Topic ", i)), "limit": cty.NumberIntVal(int64(i))}),
			Steps: []*plan.Step{{
				Address: addr.Step(address.StepAction, "welcome", address.InstanceKey{}),
				Spec: &plan.Action{
					Call: plan.Call{Policy: plan.RunOnce}, Name: "welcome",
					Args: cty.TupleVal([]cty.Value{cty.StringVal("hello"), cty.UnknownVal(cty.String)}),
				},
			}},
		})
	}
	in.Mode, in.Observed = plan.ModeApply, make([]plan.Observed, n)
	p, _ := decide.Plan(in)
	return p
}
