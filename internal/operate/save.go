package operate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/internal/planfile"
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
		Ledger:         planfile.Ledger{Home: home, Lineage: s.recalled.Lineage, Serial: s.recalled.Serial},
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
		Target: spelled(o.Target), Exclude: spelled(o.Exclude), Rerun: spelled(o.Rerun), MarkDone: spelled(o.MarkDone),
		Invoke: spelled(o.Invoke), Replace: spelled(o.Replace),
	}
}

func spelled(patterns []address.Pattern) []string {
	texts := make([]string, len(patterns))
	for i, p := range patterns {
		texts[i] = p.String()
	}
	return texts
}

// sources are all that the configuration has read.
func (s *Session) sources() (planfile.Sources, error) {
	all := planfile.Sources{Files: map[string]planfile.Source{}, Environment: map[string]planfile.Source{}, Variables: []planfile.Variable{}}
	var err error
	for name, content := range s.config.Sources() {
		if all.Files[name], err = s.withhold(string(content)); err != nil {
			return all, err
		}
	}
	for name, text := range s.config.reading.environment {
		if text == nil {
			all.Environment[name] = planfile.Source{Absent: true}
		} else if all.Environment[name], err = s.withhold(*text); err != nil {
			return all, err
		}
	}
	for _, given := range s.config.reading.options.Variables {
		v := planfile.Variable{File: given.File}
		if given.Assignment != "" {
			name, text, _ := strings.Cut(given.Assignment, "=")
			v.Name = strings.TrimSpace(name)
			if v.Source, err = s.withhold(text); err != nil {
				return all, err
			}
		}
		all.Variables = append(all.Variables, v)
	}
	return all, nil
}

// withhold returns a text as it is saved: withheld where there is a secret in it.
func (s *Session) withhold(text string) (planfile.Source, error) {
	if s.secrets.Redact(text) == text {
		return planfile.Source{Content: []byte(text)}, nil
	}
	digest, err := s.sourceDigest(text)
	return planfile.Source{Withheld: true, Digest: digest}, err
}

// sourceDigest is empty where the ledger has no key that lasts.
func (s *Session) sourceDigest(text string) (string, error) {
	if s.recalled.Serial == 0 {
		return "", nil
	}
	digest, err := value.Digest(s.recalled.DigestKey, cty.StringVal("plan file"), cty.StringVal(text))
	if err != nil {
		return "", fmt.Errorf("digest of what is withheld: %w", err)
	}
	return digest, nil
}
