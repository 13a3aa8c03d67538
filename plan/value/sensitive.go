package value

import (
	"index/suffixarray"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Sensitive marks values that are never shown. Ephemeral marks those that are kept nowhere, in no ledger and no saved
// plan, since they differ from run to run. Found marks those that are sensitive only because a secret was found in them.
const (
	Sensitive = sensitiveMark("sensitive")
	Ephemeral = sensitiveMark("ephemeral")
	Found     = sensitiveMark("found")
)

type sensitiveMark string

// HasSensitive reports whether v or a part of it is marked [Sensitive].
func HasSensitive(v cty.Value) bool { return has(v, Sensitive) }

// HasDeclared reports whether v or a part of it is marked [Sensitive], and not because a secret was found in it.
func HasDeclared(v cty.Value) bool {
	return AnyPart(v, func(part cty.Value) bool { return part.HasMark(Sensitive) && !part.HasMark(Found) })
}

// HasEphemeral reports whether v or a part of it is marked [Ephemeral].
func HasEphemeral(v cty.Value) bool { return has(v, Ephemeral) }

func has(v cty.Value, mark sensitiveMark) bool {
	return v != cty.NilVal && AnyPart(v, func(part cty.Value) bool { return part.HasMark(mark) })
}

// MarkSecrets adds marks to the parts of v that are marked [Sensitive].
func MarkSecrets(v cty.Value, marks ...any) cty.Value {
	if !HasSensitive(v) {
		return v
	}
	return replace(v, func(part cty.Value) (cty.Value, bool) {
		return part.WithMarks(cty.NewValueMarks(marks...)), part.HasMark(Sensitive)
	})
}

// Open returns v without its own mark as [Sensitive]; where it has none that somebody gave it, without those of its parts that are [Found].
func Open(v cty.Value) cty.Value {
	if bare, marks := v.Unmark(); v.HasMark(Sensitive) && !v.HasMark(Found) {
		delete(marks, Sensitive)
		return bare.WithMarks(marks)
	}
	if !v.ContainsMarked() {
		return v
	}
	opened, err := cty.Transform(v, func(path cty.Path, part cty.Value) (cty.Value, error) {
		part, marks := part.Unmark()
		if _, found := marks[Found]; found || len(path) == 0 {
			delete(marks, Sensitive)
			delete(marks, Found)
		}
		return part.WithMarks(marks), nil
	})
	if err != nil {
		return v
	}
	return opened
}

// Secrets returns the strings and numbers in v that are marked [Sensitive], or are in something that is, and what other values
// there look like as such.
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
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			collectSecrets(element, inside, secrets)
		}
	case inside:
		*secrets = append(*secrets, texts(v)...)
	}
}

// Names returns the names of all members in v, of whatever is in it.
func Names(v cty.Value) []string {
	var names []string
	AnyPart(v, func(part cty.Value) bool {
		part, _ = part.Unmark()
		if isNamed(part) {
			names = slices.AppendSeq(names, maps.Keys(part.AsValueMap()))
		}
		return false
	})
	return names
}

// isNamed reports whether what is in v has names.
func isNamed(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && (v.Type().IsObjectType() || v.Type().IsMapType())
}

// Showing returns what reports whether a text is to be seen in a value: within a string or number, or the name of a member.
func Showing(v cty.Value) (shows func(text string) bool) {
	var seen []byte
	see := func(text string) { seen = append(append(seen, text...), 0) }
	AnyPart(v, func(part cty.Value) bool {
		part, _ = part.Unmark()
		switch {
		case !part.IsKnown() || part.IsNull():
		case isNamed(part):
			for name := range part.AsValueMap() {
				see(name)
			}
		default:
			for _, text := range texts(part) {
				see(text)
			}
		}
		return false
	})
	index := suffixarray.New(seen)
	return func(text string) bool { return len(index.Lookup([]byte(text), 1)) > 0 }
}

// texts are what a value that has no elements looks like where somebody says it.
func texts(v cty.Value) []string {
	switch {
	case v.Type() == cty.String:
		return []string{v.AsString()}
	case v.Type() == cty.Number:
		return []string{NumberText(v.AsBigFloat())}
	case !v.Type().IsCapsuleType():
		return nil
	}
	switch x := v.EncapsulatedValue().(type) {
	case *big.Int:
		return []string{x.String()}
	case *[]byte:
		return []string{string(*x)}
	case *time.Time:
		return []string{x.UTC().Format(time.RFC3339Nano), x.UTC().Format("2006-01-02T15:04:05.000Z"), strconv.FormatInt(x.UnixMilli(), 10)}
	default:
		return nil
	}
}
