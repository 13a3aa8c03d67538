package operate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/planfile"
	"riveter/internal/redact"
	"riveter/plan/address"
	"riveter/plan/transition"
	"riveter/plan/value"
)

// Save returns a plan that Plan has made without errors as it is saved, for [Session.Restore] elsewhere. What holds a secret is
// withheld.
func (s *Session) Save(p *Planned, home string) (*planfile.File, error) {
	presumed, err := transition.Presume(p.Plan, s.recalled)
	if err != nil {
		return nil, err
	}
	document, err := json.Marshal(p.Document)
	if err != nil {
		return nil, err
	}
	sources, err := s.sources()
	if err != nil {
		return nil, err
	}
	f := &planfile.File{
		RiveterVersion: s.config.version,
		Options:        s.saveOptions(p),
		Target:         planfile.Target(s.environment),
		Ledger:         planfile.Ledger{Home: home, Path: s.document, Lineage: s.recalled.Lineage, Serial: s.recalled.Serial},
		Sources:        sources,
		Presumed:       make([]planfile.Presumption, len(presumed)),
		Transition:     p.Document.Transition,
		Plan:           document,
	}
	for i, presumption := range presumed {
		f.Presumed[i] = planfile.Presumption(presumption)
	}
	return f, nil
}

func (s *Session) saveOptions(p *Planned) planfile.Options {
	loaded, o := s.config.reading.options, p.options.Orders
	return planfile.Options{
		Path: loaded.Path, Workdir: loaded.Workdir, Mode: string(p.options.Mode), ReadInputs: p.options.ReadInputs, KeyPrefix: loaded.KeyPrefix,
		NoRefresh: o.NoRefresh, IncludeAdopted: o.IncludeAdopted, Prune: o.Prune, MaxDestroy: o.MaxDestroy, OnUnknown: string(o.OnUnknown),
		Target: address.Spelled(o.Target), Exclude: address.Spelled(o.Exclude), Rerun: address.Spelled(o.Rerun), MarkDone: address.Spelled(o.MarkDone),
		Invoke: address.Spelled(o.Invoke), Replace: address.Spelled(o.Replace),
	}
}

// sources are all that the configuration has read.
func (s *Session) sources() (planfile.Sources, error) {
	all := planfile.Sources{Files: map[string]planfile.Source{}, Environment: map[string]planfile.Source{}, Variables: []planfile.Variable{}}
	var err error
	files := s.config.Sources()
	maps.Copy(files, s.config.reading.besides)
	written := s.config.Unsaved()
	for name, content := range files {
		text := string(content)
		unkept := !hcl.IsConfiguration(name) && s.config.reading.isUnkept(text) // it was not given the words that it has in it
		if all.Files[name], err = s.withhold(text, written[name], unkept); err != nil {
			return all, err
		}
	}
	for _, v := range s.config.Root.Variables {
		if v.Ephemeral {
			all.Ephemeral = append(all.Ephemeral, v.Name)
		}
	}
	if err := s.environmentSources(all.Environment); err != nil {
		return all, err
	}
	all.Variables, err = s.flagSources()
	return all, err
}

// variable returns a variable of the root module, and one without a name where none is called so.
func (s *Session) variable(name string) *hcl.Variable {
	i := slices.IndexFunc(s.config.Root.Variables, func(v *hcl.Variable) bool { return v.Name == name })
	if i < 0 {
		return &hcl.Variable{}
	}
	return s.config.Root.Variables[i]
}

// environmentSources adds the environment variables that were asked for, but for those with values of ephemeral variables.
func (s *Session) environmentSources(into map[string]planfile.Source) (err error) {
	for name, text := range s.config.reading.environment {
		v := &hcl.Variable{}
		if of, ok := strings.CutPrefix(name, variablePrefix); ok {
			v = s.variable(of)
		}
		switch {
		case v.Ephemeral:
		case text == nil:
			into[name] = planfile.Source{Absent: true}
		default:
			if into[name], err = s.withhold(*text, nil, v.Sensitive || s.config.reading.isUnkept(*text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// variablePrefix is what the names of environment variables begin with that have values of variables.
const variablePrefix = "RIVETER_VAR_"

// flagSources are the values of variables that were given as flags, but for ephemeral ones.
func (s *Session) flagSources() ([]planfile.Variable, error) {
	all := []planfile.Variable{}
	for _, given := range s.config.reading.options.Variables {
		name, text, _ := strings.Cut(given.Assignment, "=")
		saved := planfile.Variable{Name: strings.TrimSpace(name), File: given.File}
		v := s.variable(saved.Name)
		if v.Ephemeral {
			continue
		}
		var err error
		if given.Assignment != "" {
			if saved.Source, err = s.withhold(text, nil, v.Sensitive || s.config.reading.isUnkept(text)); err != nil {
				return nil, err
			}
		}
		all = append(all, saved)
	}
	return all, nil
}

// withhold returns a text as it is saved: withheld where nothing of it is to be saved, or there is a secret in it, or what is written for a variable that is hidden. Before the
// ledger has a key that lasts, nobody could compare a secret without giving it away, and what is digested is what stands beside it.
func (s *Session) withhold(text string, written []string, whole bool) (planfile.Source, error) {
	if !whole && s.beside(text, written) == text {
		return planfile.Source{Content: []byte(text)}, nil
	}
	withheld := planfile.Source{Withheld: true}
	var err error
	if keyed := s.recalled.Serial > 0; keyed || !whole {
		withheld.Digest, err = s.sourceDigest(text, written, keyed)
	}
	return withheld, err
}

// beside returns what stands in a text beside secrets, and beside what is written there for variables that are hidden.
func (s *Session) beside(text string, written []string) string {
	var hidden redact.Set
	hidden.Add(written...)
	return hidden.Redact(s.secrets.Redact(text))
}

// sourceDigest is that of a text under the ledger's key, or of what is in it beside secrets.
func (s *Session) sourceDigest(text string, written []string, keyed bool) (string, error) {
	var key []byte
	if keyed {
		key = s.recalled.DigestKey
	} else {
		text = s.beside(text, written)
	}
	digest, err := value.Digest(key, cty.StringVal("plan file"), cty.StringVal(text))
	if err != nil {
		return "", fmt.Errorf("digest of what is withheld: %w", err)
	}
	return digest, nil
}
