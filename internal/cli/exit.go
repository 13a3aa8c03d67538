package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// The exit codes. A code that a script does not know means failure.
const (
	exitOK          = 0
	exitError       = 1
	exitChanges     = 2   // with -detailed-exitcode: the plan has changes
	exitUnformatted = 3   // with fmt -check: something differs
	exitInterrupted = 130 // stopped by a signal
)

// exit is an error that says nothing but the exit code: everything else was shown already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// problems are diagnostics on their way to being shown.
type problems struct{ diags hcl2.Diagnostics }

func (p *problems) Error() string { return p.diags.Error() }

// problem returns an error that is shown with a summary and what to do.
func problem(summary, format string, args ...any) error {
	return &problems{hcl2.Diagnostics{{Severity: hcl2.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...)}}}
}

// at gives an error its place in the configuration, where it has one.
func at(place hcl2.Range, summary string, err error) error {
	return &problems{hcl2.Diagnostics{diagnosticAt(place, summary, sentence(err.Error()))}}
}

func diagnosticAt(place hcl2.Range, summary, detail string) *hcl2.Diagnostic {
	diag := &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: summary, Detail: detail}
	if place.Filename != "" {
		diag.Subject = place.Ptr()
	}
	return diag
}

// asDiagnostics gives every error the form in which it is shown.
func asDiagnostics(err error) hcl2.Diagnostics {
	if p, ok := errors.AsType[*problems](err); ok {
		return p.diags
	}
	return hcl2.Diagnostics{{Severity: hcl2.DiagError, Summary: "Command failed", Detail: sentence(err.Error())}}
}

// sentence makes one of an error's text.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}
