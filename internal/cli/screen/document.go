package screen

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"riveter/internal/redact"
	"riveter/plan/view"
)

// WriteJSON prints v for programs and people. Secrets are taken out of the members that are foreign: those with what others have
// said or authors have written. Where none is named, that is everything.
func WriteJSON(out io.Writer, v any, foreign ...string) error {
	line, err := view.JSONLine(v)
	if err != nil {
		return err
	}
	hiding, ok := out.(*redact.Writer)
	if ok {
		if line, err = hiding.JSON(line, riveters(foreign)); err != nil {
			return err
		}
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(line), "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	if ok {
		return hiding.WriteHidden(view.EscapeUnprintable(indented.Bytes()))
	}
	_, err = out.Write(view.EscapeUnprintable(indented.Bytes()))
	return err
}

// riveters returns which members are riveter's own: all but those that are foreign, and the lists of steps that lead to some.
func riveters(foreign []string) func(path []string) bool {
	if len(foreign) == 0 {
		return nil
	}
	return func(path []string) bool {
		return path[len(path)-1] != "steps" && !slices.ContainsFunc(path, func(name string) bool { return slices.Contains(foreign, name) })
	}
}
