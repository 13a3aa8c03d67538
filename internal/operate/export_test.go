package operate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply/ledger/ledgertest"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// export exports everything that is not declared yet, and looks at it if that is asked for.
func (w *world) export(look bool) *operate.Exported {
	w.Helper()
	e, diags := w.exportOf(operate.ExportOptions{State: look, Inputs: look})
	w.fine(diags)
	return e
}

func (w *world) exportOf(o operate.ExportOptions) (e *operate.Exported, diags hcl2.Diagnostics) {
	w.Helper()
	diags = w.session(func(s *operate.Session) (more hcl2.Diagnostics) {
		e, more = s.Export(w.Context(), o)
		return more
	})
	return e, diags
}

// TestAnExportNeedsToKnowWhoIsDeclared has mistakes in what an export need not know, and in what it must.
func TestAnExportNeedsToKnowWhoIsDeclared(t *testing.T) {
	t.Parallel()
	const mine = "actor \"probe\" \"mine\" {\n count = local.count\n key = \"mine\"\n"
	for more, want := range map[string]string{
		"input = [1][local.count]\n}":                                                                       "",
		"}\noutput \"o\" { value = [1][local.count] }":                                                      "",
		"}\ndata \"probe\" \"none\" { key = \"none\" }":                                                     "",
		"}\nactor \"probe\" \"other\" { key = [1][local.count] }":                                           "Invalid index",
		"}\nlocals { bad = [1][local.count] }\nactor \"probe\" \"b\" { key = local.bad }":                   "Invalid index",
		"}\ndata \"probe\" \"none\" { key = \"none\" }\nactor \"probe\" \"b\" { key = data.probe.none.id }": "Actor does not exist: data.probe.none",
	} {
		w := newWorld(t, lame("\n}"))
		w.applied()
		w.rivet.Create("probe", []string{"mine"}, nil)
		w.write(lame("\n}") + "\n" + mine + more)
		w.existing = true
		e, diags := w.exportOf(operate.ExportOptions{})
		if want != "" {
			w.fails(diags, want)
			continue
		}
		w.fine(diags)
		w.equal(len(e.Declared), 0)
	}
}

func TestWhatIsExportedIsDeclared(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"mine\" {\n  key = [\"org\", \"mine\"]\n}\n")
	w.applied()
	for _, key := range []string{"a", "b"} {
		w.rivet.Create("counter", []string{"org", key}, map[string]any{"start": 1})
	}
	w.rivet.Create("counter", []string{"else"}, nil)
	w.rivet.Create("chatRoom", []string{"org"}, nil)
	e, diags := w.exportOf(operate.ExportOptions{Names: []string{"counter"}, Prefix: []string{"org"}, Inputs: true, Write: true})
	w.fine(diags)
	if len(e.Declared) != 2 || e.Woken != 2 || len(e.Written) != 1 || filepath.Base(e.Written[0]) != "counter.rivet.hcl" {
		t.Errorf("%d declared, %d woken, %v written", len(e.Declared), e.Woken, e.Written)
	}
	if text, err := os.ReadFile(e.Written[0]); err != nil || !strings.Contains(string(text), "start = 1") {
		t.Errorf("%s, %v", text, err)
	}
	p, diags := w.plan()
	w.warns(diags)
	w.fine(diags)
	if n := p.Plan.Summary().NoOp; p.Plan.Summary().Changed() || n != 3 {
		t.Errorf("%v", decided(p.Document))
	}
	text, err := os.ReadFile(e.Written[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(e.Written[0], []byte(strings.Replace(string(text), "start = 1", "start = 2", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, diags = w.plan()
	if !strings.Contains(told(diags), "nput") {
		t.Errorf("what was read back is not remembered: %s", told(diags))
	}
	e, diags = w.exportOf(operate.ExportOptions{Names: []string{"counter"}, Prefix: []string{"org"}, Write: true})
	if w.fine(diags); len(e.Declared)+len(e.Omitted)+len(e.Written) > 0 {
		t.Errorf("exported twice: %+v", e)
	}
	_, diags = w.exportOf(operate.ExportOptions{Names: []string{"jobs"}})
	w.fails(diags, `No actors: In the namespace "default" there is no actor that is asked for.`)
}

func TestWhatIsOnlyPrintedIsNotRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.rivet.Create("counter", []string{"a"}, nil)
	c, diags := operate.Begin(w.loading())
	w.fine(diags)
	s, diags := operate.Open(t.Context(), operate.Parts{Configuration: c, Server: w.rivet.Server("default"), Home: w.home})
	w.fine(diags)
	e, diags := s.Export(t.Context(), operate.ExportOptions{Endpoint: "http://rivet.test", Namespace: "default"})
	w.fine(append(diags, s.Close(t.Context())...))
	if len(e.Files) != 2 || len(e.Written) != 0 || !strings.Contains(string(e.Files[1].Content), "http://rivet.test") {
		t.Errorf("%+v", e)
	}
	if memory, err := w.memory.Load(t.Context()); memory != nil || err != nil {
		t.Errorf("remembered: %s, %v", memory, err)
	}
	if entries, err := os.ReadDir(w.dir); err != nil || len(entries) != 1 {
		t.Errorf("written: %v, %v", entries, err)
	}
}

func TestAFileThatExistsIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.rivet.Create("counter", []string{"a"}, nil)
	w.rivet.Create("chatRoom", []string{"a"}, nil)
	if err := os.WriteFile(filepath.Join(w.dir, "counter.rivet.hcl"), []byte("# mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, diags := w.exportOf(operate.ExportOptions{Write: true})
	w.fails(diags, "File exists")
	entries, err := os.ReadDir(w.dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
	if text, _ := os.ReadFile(filepath.Join(w.dir, "counter.rivet.hcl")); string(text) != "# mine\n" {
		t.Errorf("it was written to: %s", text)
	}
}

func TestAnExportThatCannotRecordSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.rivet.Create("counter", []string{"a"}, nil)
	w.memory.OnAppend = ledgertest.FailAt(1)
	e, diags := w.exportOf(operate.ExportOptions{Write: true})
	if !strings.Contains(told(diags), "The configuration was written, but not that its actors are adopted") || len(e.Written) != 1 {
		t.Errorf("%s%+v", told(diags), e)
	}
}

func TestAnExportThatIsRefusedWritesNothing(t *testing.T) {
	t.Parallel()
	for k := 2; k <= 4; k++ {
		w := newWorld(t, "")
		w.rivet.Create("counter", []string{"a"}, nil)
		w.rivet.OnRequest = operatetest.FailAt(k, operatetest.Refused)
		e, diags := w.exportOf(operate.ExportOptions{State: true, Write: true})
		switch {
		case k == 2:
			w.fails(diags, "Rivet cannot be reached")
		case k == 3 && !strings.Contains(string(e.Files[0].Content), "connection refused"):
			t.Errorf("it does not say why there is no state:\n%s", e.Files[0].Content)
		}
	}
}

func TestWhatIsExportedAgainIsStillRivetersOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"mine\" {\n  key = \"mine\"\n  input = { start = 3 }\n}\n")
	w.applied()
	w.write("")
	e, diags := w.exportOf(operate.ExportOptions{Write: true})
	w.fine(diags)
	if text := string(e.Files[0].Content); !strings.Contains(text, "start = 3") {
		t.Errorf("the input that the ledger remembers is missing:\n%s", text)
	}
	w.settled()
	w.plans.Mode = plan.ModeDestroy
	w.applied()
	w.equal(w.keys("counter"), []string(nil))
}
