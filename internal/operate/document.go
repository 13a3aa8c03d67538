package operate

import (
	"encoding/json"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/view"
)

// describe completes a document with what its maker leaves to the caller, and takes the secrets out of what
// servers said, and authors wrote without a mark.
func (s *Session) describe(d *view.Document, diags hcl2.Diagnostics) *view.Document {
	d.RiveterVersion = s.config.version
	d.Changes.Complete(s.hideInChange)
	for _, check := range d.Checks {
		for i := range check.Problems {
			check.Problems[i] = s.secrets.Redact(check.Problems[i])
		}
	}
	for name, o := range d.Outputs {
		s.hide(&o.Value, &o.Unknown, &o.Sensitive)
		d.Outputs[name] = o
	}
	for _, diag := range diags {
		d.Diagnostics = append(d.Diagnostics, s.discreetly(view.DescribeDiagnostic(diag, s.config.Files())))
	}
	return d
}

func (s *Session) hideInChange(c *view.Change) {
	c.Error = s.secrets.Redact(c.Error)
	s.hide(&c.Input.Before, &c.Input.After, &c.Input.AfterUnknown, &c.Input.Sensitive, &c.Input.BeforeSensitive)
	for i := range c.Steps {
		s.hideIn(&c.Steps[i])
	}
}

func (s *Session) hideIn(step *view.Step) {
	step.Error, step.Accepted = s.secrets.Redact(step.Error), s.secrets.Redact(step.Accepted)
	s.hide(&step.Before, &step.After, &step.AfterUnknown, &step.Sensitive, &step.BeforeSensitive, &step.Output, &step.OutputSensitive)
	if f := step.Fact; f != nil {
		s.hide(&f.Seen, &f.SeenUnknown, &f.SeenSensitive, &f.Want, &f.WantUnknown, &f.WantSensitive)
	}
}

// hide takes the secrets out of values, and out of the masks over them, which have the names of their members.
func (s *Session) hide(all ...*json.RawMessage) {
	for _, encoded := range all {
		if len(*encoded) == 0 {
			continue
		}
		hidden, err := s.secrets.JSON(*encoded, nil)
		if err != nil {
			hidden = nil // it is none that anybody could read
		}
		*encoded = hidden
	}
}

// discreetly takes the secrets out of a diagnostic. Its summary is riveter's own.
func (s *Session) discreetly(d *view.Diagnostic) *view.Diagnostic {
	d.Detail = s.secrets.Redact(d.Detail)
	if d.Snippet == nil {
		return d
	}
	d.Snippet.Code = s.secrets.Redact(d.Snippet.Code)
	for i := range d.Snippet.Values {
		d.Snippet.Values[i].Statement = s.secrets.Redact(d.Snippet.Values[i].Statement)
	}
	return d
}
