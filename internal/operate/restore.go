package operate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl"
	"riveter/internal/planfile"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// Restored is a saved plan with what is needed to make it again: what it has read, and what was withheld from it.
type Restored struct {
	Loading LoadOptions
	Options PlanOptions
	Skip    bool // what is stale, and carry out the rest
	Moved   bool // somebody says where the ledger is

	file     *planfile.File
	withheld []withheld
}

// withheld is something with a secret in it, as it is now.
type withheld struct{ what, file, text, digest string }

// Restore prepares a saved plan to be made again with what it has read, wherever that is now. What was withheld is taken from
// where it was: files and the environment, and for flags -var the variables in o. It sends nothing.
func Restore(f *planfile.File, o LoadOptions) (*Restored, error) {
	r := &Restored{file: f, Loading: o}
	r.Loading.Path, r.Loading.Workdir, r.Loading.KeyPrefix = f.Options.Path, f.Options.Workdir, f.Options.KeyPrefix
	r.Loading.Saved = map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(f.Sources.Files)) {
		source := f.Sources.Files[name]
		content, err := r.source(source, "the file "+name, name, func() (string, bool) {
			content, err := os.ReadFile(name)
			return string(content), err == nil
		})
		if err != nil {
			return nil, err
		}
		r.Loading.Saved[name] = []byte(content)
	}
	if err := r.environment(o.Env); err != nil {
		return nil, err
	}
	if err := r.variables(o.Variables); err != nil {
		return nil, err
	}
	var err error
	if r.Options, err = planOptions(f.Options); err != nil {
		return nil, err
	}
	r.Loading.OnlyExisting = r.Options.Mode == plan.ModeDestroy
	if r.Options.Mode != plan.ModeDestroy && r.Options.Orders.IsPartial() {
		r.Loading.Selection = r.Options.Orders
	}
	return r, nil
}

// source returns what was read, or what is there now of what was withheld.
func (r *Restored) source(s planfile.Source, what, file string, now func() (string, bool)) (string, error) {
	if !s.Withheld {
		return string(s.Content), nil
	}
	text, ok := now()
	if !ok {
		return "", Problemf("Secret is missing", "There is a secret in %s, so the plan file does not have it, and it cannot be read here. Give it as it was when the plan was made.", what)
	}
	r.withheld = append(r.withheld, withheld{what, file, text, s.Digest})
	return text, nil
}

func (r *Restored) environment(now func(string) (string, bool)) error {
	saved := map[string]string{}
	sources := r.file.Sources.Environment
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		source := sources[name]
		if source.Absent {
			continue
		}
		text, err := r.source(source, "the environment variable "+name, "", func() (string, bool) { return now(name) })
		if err != nil {
			return err
		}
		saved[name] = text
	}
	r.Loading.Env = func(name string) (string, bool) {
		if variable, ok := strings.CutPrefix(name, variablePrefix); ok && r.isEphemeral(variable) {
			return now(name)
		}
		text, ok := saved[name]
		return text, ok
	}
	return nil
}

// variables restores the flags of the command line, with the values of those that were withheld from the flags of this one.
func (r *Restored) variables(given []hcl.Given) error {
	now := map[string]string{}
	for _, g := range given {
		name, text, _ := strings.Cut(g.Assignment, "=")
		now[strings.TrimSpace(name)] = text
	}
	r.Loading.Variables = nil
	for _, v := range r.file.Sources.Variables {
		if v.File != "" {
			r.Loading.Variables = append(r.Loading.Variables, hcl.Given{File: v.File})
			continue
		}
		text, err := r.source(v.Source, "the flag -var "+v.Name, "", func() (string, bool) {
			text, ok := now[v.Name]
			return text, ok
		})
		if err != nil {
			return err
		}
		r.Loading.Variables = append(r.Loading.Variables, hcl.Given{Assignment: v.Name + "=" + text})
		if v.Withheld {
			delete(now, v.Name)
		}
	}
	for _, g := range given {
		if name, _, _ := strings.Cut(g.Assignment, "="); r.isEphemeral(strings.TrimSpace(name)) {
			r.Loading.Variables = append(r.Loading.Variables, g)
			delete(now, strings.TrimSpace(name))
		}
	}
	for name := range now {
		return Problemf("Conflicting flags", "The plan file has the values of its variables. Leave -var and -var-file out, but for what was withheld from it: %q was not.", name)
	}
	return nil
}

// isEphemeral reports whether a variable is given anew.
func (r *Restored) isEphemeral(name string) bool {
	return slices.Contains(r.file.Sources.Ephemeral, name)
}

func planOptions(o planfile.Options) (PlanOptions, error) {
	p := PlanOptions{Mode: plan.Mode(o.Mode), ReadInputs: o.ReadInputs, Orders: plan.Orders{
		NoRefresh: o.NoRefresh, IncludeAdopted: o.IncludeAdopted, Prune: o.Prune, MaxDestroy: o.MaxDestroy, OnUnknown: plan.UnknownOrder(o.OnUnknown),
	}}
	for _, list := range []struct {
		from  []string
		into  *[]address.Pattern
		parse func(string) (address.Pattern, error)
	}{
		{o.Target, &p.Orders.Target, address.ParsePattern},
		{o.Exclude, &p.Orders.Exclude, address.ParsePattern},
		{o.Replace, &p.Orders.Replace, address.ParsePattern},
		{o.Rerun, &p.Orders.Rerun, address.ParseStepPattern},
		{o.MarkDone, &p.Orders.MarkDone, address.ParseStepPattern},
		{o.Invoke, &p.Orders.Invoke, address.ParseStepPattern},
	} {
		for _, text := range list.from {
			pattern, err := list.parse(text)
			if err != nil {
				return p, fmt.Errorf("address in the plan file: %w", err)
			}
			*list.into = append(*list.into, pattern)
		}
	}
	return p, nil
}

// Resume makes a saved plan again, and finds out what of it is stale: not any more as it was presumed. That is an error, or a warning
// where it is to be skipped. Where there are errors, nothing of the plan must be applied, and none is returned that is stale.
func (s *Session) Resume(ctx context.Context, r *Restored) (*Planned, hcl2.Diagnostics) {
	if err := s.recognize(r); err != nil {
		return nil, Diagnose(err)
	}
	another := s.another(r)
	if another.HasErrors() {
		return nil, another
	}
	isKeyed := r.file.Ledger.Serial > 0
	if isKeyed {
		if err := s.compare(r); err != nil {
			return nil, Diagnose(err)
		}
	}
	p, diags := s.Plan(ctx, r.Options)
	if diags.HasErrors() {
		return p, diags
	}
	if !isKeyed { // which secrets there are is known by now, as it was when the plan was saved
		if err := s.compare(r); err != nil {
			return nil, append(diags, Diagnose(err)...)
		}
	}
	p, diags = s.planned(r.only(p.Plan), r.Options, diags)
	stale, err := s.stale(p.Plan, r.file)
	if err != nil {
		return p, append(diags, Diagnose(err)...)
	}
	problems := append(another, stale.problems(r.Skip)...)
	if problems.HasErrors() {
		return nil, append(diags, problems...)
	}
	transition := p.Document.Transition
	p.stale, p.Document = stale, s.describe(view.Describe(stale.rest(p.Plan)), append(diags, problems...))
	p.Document.Transition = transition
	return p, append(diags, problems...)
}

// only leaves out what others have given the ledger since, of which the saved plan said nothing.
func (r *Restored) only(p *plan.Plan) *plan.Plan {
	known := map[string]bool{}
	for _, presumed := range r.file.Presumed {
		known[presumed.Address] = true
	}
	only := *p
	only.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c plan.Change) bool {
		actor, ok := c.(*plan.ActorChange)
		return ok && actor.Desired == nil && !known[actor.Address.String()]
	})
	return &only
}

// another says that the first ledger would be made in another place than that for which it was planned. That is an error where there is
// the folder, in which the next plan will look for it, and a warning on another machine.
func (s *Session) another(r *Restored) hcl2.Diagnostics {
	planned := r.file.Ledger
	if planned.Serial > 0 || planned.Path == "" || r.Moved || isSamePlace(planned.Path, s.document) {
		return nil
	}
	if filepath.IsAbs(planned.Path) && isFolder(filepath.Dir(planned.Path)) {
		return Problemf("The plan is for another ledger", "It was made for the ledger at %s, before there was one, and here it would be %s. Apply it where it was made, or with -ledger=%s.",
			planned.Path, cmp.Or(s.document, "none"), planned.Path).Diagnostics
	}
	diags := Problemf("Ledger in another place", "The plan was made for the ledger at %s, before there was one. What is done is remembered in %s, and the next plan needs that.",
		planned.Path, cmp.Or(s.document, "none")).Diagnostics
	diags[0].Severity = hcl2.DiagWarning
	return diags
}

// isSamePlace reports whether two paths are of one file, which need not exist.
func isSamePlace(a, b string) bool {
	there, errA := os.Stat(filepath.Dir(a))
	here, errB := os.Stat(filepath.Dir(b))
	return a == b || errA == nil && errB == nil && os.SameFile(there, here) && filepath.Base(a) == filepath.Base(b)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// recognize refuses another environment and another ledger than the plan was made with.
func (s *Session) recognize(r *Restored) error {
	f := r.file
	home := cmp.Or(f.Ledger.Path, f.Ledger.Home)
	switch now := s.environment; {
	case now.NamespaceID != f.Target.NamespaceID:
		return Problemf("The plan is for another namespace", "It was made for %q on %s, with the id %q. Here, %q on %s has the id %q.",
			f.Target.Namespace, f.Target.Endpoint, f.Target.NamespaceID, now.Namespace, now.Endpoint, now.NamespaceID)
	case f.Ledger.Serial > 0 && s.recalled.Serial == 0:
		return Problemf("The plan is for another ledger", "It was made with the ledger at %s, of the lineage %s, and there is none here. -ledger=PATH says where it is.",
			home, f.Ledger.Lineage)
	case f.Ledger.Serial > 0 && s.recalled.Lineage != f.Ledger.Lineage:
		return Problemf("The plan is for another ledger", "It was made with the ledger at %s, of the lineage %s. This one is of %s. -ledger=PATH says where it is.",
			home, f.Ledger.Lineage, s.recalled.Lineage)
	}
	return nil
}

// compare refuses what was withheld and is not what the plan was made with.
func (s *Session) compare(r *Restored) error {
	written := s.config.Unsaved()
	for _, w := range r.withheld {
		if w.digest == "" {
			continue
		}
		digest, err := s.sourceDigest(w.text, written[w.file], r.file.Ledger.Serial > 0)
		if err != nil {
			return err
		}
		if digest != w.digest {
			return Problemf("What was withheld is another", "What is in %s is not what it was when the plan was made. Plan again, or give it as it was.", w.what)
		}
	}
	return nil
}
