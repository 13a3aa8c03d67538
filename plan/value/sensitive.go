package value

import "github.com/zclconf/go-cty/cty"

// Sensitive marks values that are never shown. Ephemeral marks those that are kept nowhere, in no ledger and no saved
// plan, since they differ from run to run.
const (
	Sensitive = sensitiveMark("sensitive")
	Ephemeral = sensitiveMark("ephemeral")
)

type sensitiveMark string

// HasSensitive reports whether v or a part of it is marked [Sensitive].
func HasSensitive(v cty.Value) bool { return has(v, Sensitive) }

// HasEphemeral reports whether v or a part of it is marked [Ephemeral].
func HasEphemeral(v cty.Value) bool { return has(v, Ephemeral) }

func has(v cty.Value, mark sensitiveMark) bool {
	if v == cty.NilVal || !v.ContainsMarked() {
		return false
	}
	_, marks := v.UnmarkDeep()
	_, ok := marks[mark]
	return ok
}

// Secrets returns the strings and numbers in v that are marked [Sensitive], or are in something that is.
func Secrets(v cty.Value) []string {
	if !HasSensitive(v) {
		return nil
	}
	var secrets []string
	collectSecrets(v, false, &secrets)
	return secrets
}

func collectSecrets(v cty.Value, inside bool, secrets *[]string) {
	v, marks := v.Unmark()
	_, marked := marks[Sensitive]
	inside = inside || marked
	switch {
	case !v.IsKnown() || v.IsNull():
	case v.Type() == cty.String:
		if inside {
			*secrets = append(*secrets, v.AsString())
		}
	case v.Type() == cty.Number:
		if inside {
			*secrets = append(*secrets, NumberText(v.AsBigFloat()))
		}
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			collectSecrets(element, inside, secrets)
		}
	}
}
