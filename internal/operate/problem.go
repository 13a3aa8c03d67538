package operate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// Problem is an error that has the form already in which it is shown.
type Problem struct{ Diagnostics hcl2.Diagnostics }

// Error returns the first diagnostic in a line.
func (p *Problem) Error() string { return p.Diagnostics.Error() }

// Problemf returns a problem without a place: a summary, and what is wrong and what to do.
func Problemf(summary, format string, args ...any) *Problem {
	return &Problem{hcl2.Diagnostics{diagnostic(hcl2.Range{}, summary, fmt.Sprintf(format, args...))}}
}

// At gives an error its place in the configuration, where it has one.
func At(place hcl2.Range, summary string, err error) *Problem {
	return &Problem{hcl2.Diagnostics{diagnostic(place, summary, sentence(err.Error()))}}
}

// Diagnose gives every error the form in which it is shown.
func Diagnose(err error) hcl2.Diagnostics {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p.Diagnostics
	}
	if errors.Is(err, context.Canceled) {
		return Problemf("Interrupted", "The run was interrupted. Nothing was changed.").Diagnostics
	}
	return At(hcl2.Range{}, "Command failed", err).Diagnostics
}

func diagnostic(place hcl2.Range, summary, detail string) *hcl2.Diagnostic {
	diag := &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: summary, Detail: detail}
	if place.Filename != "" {
		diag.Subject = place.Ptr()
	}
	return diag
}

// sentence makes one of an error's text. A first word that is a name, such as a file's or an address, stays as it is.
func sentence(text string) string {
	word, _, _ := strings.Cut(text, " ")
	word = strings.TrimRight(word, ",:;.")
	if !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		first, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if strings.HasSuffix(text, "?") {
		return text
	}
	return strings.TrimSuffix(text, ".") + "."
}

// isDiagnosed reports whether an error says itself how it is shown.
func isDiagnosed(err error) bool {
	_, ok := errors.AsType[*Problem](err)
	return ok || errors.Is(err, context.Canceled)
}
