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
	for i := range d.Changes {
		c := &d.Changes[i]
		c.Error = s.secrets.Redact(c.Error)
		c.Input.Before, c.Input.After = s.hidden(c.Input.Before), s.hidden(c.Input.After)
		for j := range c.Steps {
			s.hideIn(&c.Steps[j])
		}
	}
	for _, check := range d.Checks {
		for i := range check.Problems {
			check.Problems[i] = s.secrets.Redact(check.Problems[i])
		}
	}
	for name, o := range d.Outputs {
		o.Value = s.hidden(o.Value)
		d.Outputs[name] = o
	}
	for _, diag := range diags {
		d.Diagnostics = append(d.Diagnostics, s.discreetly(view.DescribeDiagnostic(diag, s.config.Files())))
	}
	return d
}

func (s *Session) hideIn(step *view.Step) {
	step.Error, step.Accepted = s.secrets.Redact(step.Error), s.secrets.Redact(step.Accepted)
	step.Before, step.After, step.Output = s.hidden(step.Before), s.hidden(step.After), s.hidden(step.Output)
	if step.Fact != nil {
		step.Fact.Seen, step.Fact.Want = s.hidden(step.Fact.Seen), s.hidden(step.Fact.Want)
	}
}

// hidden returns a value without the secrets in its strings and numbers.
func (s *Session) hidden(encoded json.RawMessage) json.RawMessage {
	if len(encoded) == 0 {
		return encoded
	}
	hidden, err := s.secrets.JSON(encoded, nil)
	if err != nil {
		return nil // it is none that anybody could read
	}
	return hidden
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
