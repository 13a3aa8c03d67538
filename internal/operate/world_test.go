package operate_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/apply/ledger/seal"
	"riveter/hcl"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// world is a Rivet, a ledger, and a configuration for both. What is done in it fails the test where that is not expected.
type world struct {
	*testing.T
	rivet   *operatetest.Rivet
	home    ledger.Home
	memory  *ledgertest.Home // home, unless a test has put another one there
	dir     string
	secrets *redact.Set

	variables []hcl.Given
	env       map[string]string
	question  string
	outputs   bool // only
	keyPrefix []string
	namespace string
	seal      seal.Options
	existing  bool // only what exists is wanted
	selection hcl.Selection
	watcher   operate.Watcher
	keeper    *operate.Keeper
	plans     operate.PlanOptions // of every plan
	applies   operate.ApplyOptions
}

func newWorld(t *testing.T, source string) *world {
	t.Helper()
	memory := &ledgertest.Home{}
	w := &world{
		T: t, rivet: operatetest.New(), home: memory, memory: memory, dir: t.TempDir(), secrets: &redact.Set{},
		namespace: "default", plans: operate.PlanOptions{Mode: plan.ModeApply}, applies: operate.ApplyOptions{Parallelism: 1},
	}
	w.write(source)
	return w
}

// seals has secret results be kept.
func (w *world) seals() {
	w.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		w.Fatal(err)
	}
	w.seal.IdentityFile = filepath.Join(w.TempDir(), "identity")
	if err := os.WriteFile(w.seal.IdentityFile, []byte(identity.String()), 0o600); err != nil {
		w.Fatal(err)
	}
}

// write makes this the configuration.
func (w *world) write(source string) {
	w.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "main.rivet.hcl"), []byte(source), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w *world) load() (*operate.Configuration, hcl2.Diagnostics) {
	return operate.Load(w.Context(), w.loading())
}

func (w *world) loading() operate.LoadOptions {
	return operate.LoadOptions{
		Path: w.dir, Question: w.question, OnlyOutputs: w.outputs, OnlyExisting: w.existing || w.plans.Mode == plan.ModeDestroy, KeyPrefix: w.keyPrefix, Variables: w.variables, Selection: w.selection, Version: "0.1.0", Workdir: w.dir,
		Env: func(name string) (string, bool) { v, ok := w.env[name]; return v, ok }, Secrets: w.secrets,
	}
}

// open returns a session, with the diagnostics that there were on the way.
func (w *world) open() (*operate.Session, hcl2.Diagnostics) {
	w.Helper()
	c, diags := w.load()
	if diags.HasErrors() {
		return nil, diags
	}
	s, more := operate.Open(w.Context(), operate.Parts{Configuration: c, Server: w.rivet.Server(w.namespace), Home: w.home, Watcher: w.watcher, Keeper: w.keeper, Ledger: ledger.Options{Seal: w.seal}})
	return s, append(diags, more...)
}

// session runs do in a session that must open, and closes it.
func (w *world) session(do func(*operate.Session) hcl2.Diagnostics) hcl2.Diagnostics {
	w.Helper()
	s, diags := w.open()
	if s == nil {
		return diags
	}
	diags = append(diags, do(s)...)
	return append(diags, s.Close(w.Context())...)
}

// plan returns a plan with its diagnostics, in which there may be errors.
func (w *world) plan() (p *operate.Planned, diags hcl2.Diagnostics) {
	w.Helper()
	diags = w.session(func(s *operate.Session) (more hcl2.Diagnostics) {
		p, more = s.Plan(w.Context(), w.plans)
		return more
	})
	return p, diags
}

// apply plans and applies. Where the plan has errors, nothing is applied.
func (w *world) apply() (a *operate.Applied, diags hcl2.Diagnostics) {
	w.Helper()
	diags = w.session(func(s *operate.Session) hcl2.Diagnostics {
		p, diags := s.Plan(w.Context(), w.plans)
		if diags.HasErrors() {
			return diags
		}
		var more hcl2.Diagnostics
		a, more = s.Apply(w.Context(), p, w.applies)
		return append(diags, more...)
	})
	return a, diags
}

// applied applies, which must succeed.
func (w *world) applied() *operate.Applied {
	w.Helper()
	a, diags := w.apply()
	w.fine(diags)
	if a.Report.Failed() {
		w.Fatalf("the apply failed: %+v", slices.Collect(a.Document.Changes.All()))
	}
	return a
}

func (w *world) verify() (v *operate.Verified, diags hcl2.Diagnostics) {
	w.Helper()
	diags = w.session(func(s *operate.Session) (more hcl2.Diagnostics) {
		v, more = s.Verify(w.Context(), operate.VerifyOptions{ApplyOptions: w.applies, Orders: w.plans.Orders})
		return more
	})
	return v, diags
}

func (w *world) fine(diags hcl2.Diagnostics) {
	w.Helper()
	if diags.HasErrors() {
		w.Fatal(told(diags))
	}
}

// fails checks that the errors say this, each in one of them.
func (w *world) fails(diags hcl2.Diagnostics, want ...string) {
	w.Helper()
	w.says(hcl2.DiagError, diags, want...)
}

// warns checks the same of the warnings.
func (w *world) warns(diags hcl2.Diagnostics, want ...string) {
	w.Helper()
	w.says(hcl2.DiagWarning, diags, want...)
}

func (w *world) says(severity hcl2.DiagnosticSeverity, diags hcl2.Diagnostics, want ...string) {
	w.Helper()
	var of hcl2.Diagnostics
	for _, diag := range diags {
		if diag.Severity == severity {
			of = append(of, diag)
		}
	}
	for _, text := range want {
		if !strings.Contains(told(of), text) {
			w.Fatalf("nothing says %q:\n%s", text, told(diags))
		}
	}
	if len(of) != len(want) {
		w.Fatalf("%d diagnostics, not %d:\n%s", len(of), len(want), told(of))
	}
}

func told(diags hcl2.Diagnostics) string {
	var b strings.Builder
	for _, diag := range diags {
		fmt.Fprintf(&b, "%s: %s\n", diag.Summary, diag.Detail)
	}
	return b.String()
}

// changeOf returns one of the changes of a document, told or not.
func changeOf(d *view.Document, i int) *view.Change { return slices.Collect(d.Changes.All())[i] }

// decided says what a plan has decided, by address without "actor.": of actors, and of steps.
func decided(d *view.Document) map[string]string {
	all := map[string]string{}
	for c := range d.Changes.All() {
		all[short(c.Address)] = string(c.Action)
		for _, s := range c.Steps {
			verdict := string(s.Decision)
			switch {
			case s.MarkDone:
				verdict = "mark"
			case s.Conditional:
				verdict += " if"
			}
			all[short(s.Address)] = verdict
		}
	}
	return all
}

// ended says how everything ended, by the same addresses.
func ended(d *view.Document) map[string]string {
	all := map[string]string{}
	for c := range d.Changes.All() {
		all[short(c.Address)] = string(c.Outcome)
		for _, s := range c.Steps {
			all[short(s.Address)] = string(s.Outcome)
		}
	}
	return all
}

func short(address string) string { return strings.TrimPrefix(address, "actor.") }

// plans checks what the next plan decides.
func (w *world) decides(want map[string]string) *operate.Planned {
	w.Helper()
	p, diags := w.plan()
	w.fine(diags)
	w.equal(decided(p.Document), want)
	return p
}

// settled checks that nothing is left to do.
func (w *world) settled() {
	w.Helper()
	p, diags := w.plan()
	w.fine(diags)
	if p.Plan.Summary().Changed() {
		w.Errorf("something is left to do: %v", decided(p.Document))
	}
}

func (w *world) equal(got, want any) {
	w.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("(-want +got)\n%s", diff)
	}
}

// calls returns how often the probes were called, by their keys and the names of the calls.
func (w *world) calls() map[string]int {
	all := map[string]int{}
	for key, a := range w.rivet.Actors("probe") {
		for name, n := range a.State["calls"].(map[string]any) {
			all[key+" "+name] = int(n.(float64))
		}
	}
	return all
}

// called checks these calls, each written as "KEY NAME" and as often as it was made.
func (w *world) called(want ...string) {
	w.Helper()
	counts := map[string]int{}
	for _, call := range want {
		counts[call]++
	}
	w.equal(w.calls(), counts)
}

// keys returns the keys of the actors that exist of a name.
func (w *world) keys(name string) []string { return slices.Sorted(maps.Keys(w.rivet.Actors(name))) }

func (w *world) id(name, key string) string { return w.rivet.Actors(name)[key].ID }

// patterns reads what the flags with addresses take.
func patterns(texts ...string) []address.Pattern {
	var all []address.Pattern
	for _, text := range texts {
		p, err := address.ParsePattern(text)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}

func given(assignments ...string) []hcl.Given {
	var all []hcl.Given
	for _, a := range assignments {
		all = append(all, hcl.Given{Assignment: a})
	}
	return all
}

// breaks has every request of a kind end in the same way, until OnRequest is set anew.
func (w *world) breaks(verb string, how operatetest.Fault) {
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == verb {
			return how
		}
		return operatetest.Delivered
	}
}
