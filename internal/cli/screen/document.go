package screen

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"riveter/internal/redact"
	"riveter/plan/view"
)

// WriteJSON prints v for programs and people, without the secrets that are in what others have said or authors have written: part
// tells that from what is riveter's own, and nil says that it is everything.
func WriteJSON(out io.Writer, v any, part func(path []string) redact.Part) error {
	line, err := view.JSONLine(v)
	if err != nil {
		return err
	}
	hiding, ok := out.(*redact.Writer)
	if ok {
		if line, err = hiding.JSON(line, part); err != nil {
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

// Foreign tells the members of these names, and the lists of entries and steps that lead to some, from all others, which are riveter's own.
func Foreign(names ...string) func(path []string) redact.Part {
	return func(path []string) redact.Part {
		switch last := path[len(path)-1]; {
		case slices.Contains(names, last):
			return redact.Value
		case last == "entries", last == "steps":
			return redact.Structure
		default:
			return redact.Own
		}
	}
}

// Outputs tells the values of outputs from what else is said of each.
func Outputs(path []string) redact.Part {
	switch {
	case len(path) == 1:
		return redact.Structure
	case path[1] == "value":
		return redact.Value
	default:
		return redact.Own
	}
}
