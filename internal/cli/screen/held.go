package screen

import (
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/view"
)

// Held keeps back what a run shows, but for how far it is, until somebody knows whether it is worth showing.
type Held struct {
	Screen
	mu   sync.Mutex
	kept []func()
}

// Hold returns a screen that shows on s what it is shown when it is released. What is not released nobody sees.
func Hold(s Screen) *Held { return &Held{Screen: s} }

// Release shows what was kept back.
func (h *Held) Release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, show := range h.kept {
		show()
	}
	h.kept = nil
}

func (h *Held) keep(show func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kept = append(h.kept, show)
}

// Diagnostics keeps problems back.
func (h *Held) Diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.keep(func() { h.Screen.Diagnostics(diags, files) })
}

// Plan keeps a plan back.
func (h *Held) Plan(d *view.Document, diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.keep(func() { h.Screen.Plan(d, diags, files) })
}

// PlanFailed keeps back that there is none.
func (h *Held) PlanFailed(errors int) { h.keep(func() { h.Screen.PlanFailed(errors) }) }

// Report keeps a report back.
func (h *Held) Report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.keep(func() { h.Screen.Report(d, failures, files) })
}

// Note keeps a note back.
func (h *Held) Note(text string) { h.keep(func() { h.Screen.Note(text) }) }
