package address

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads what [Address.String] writes. Instance keys may be left out, for a block that is not repeated.
func Parse(s string) (Address, error) {
	segments, err := scanAddress(s)
	if err != nil {
		return Address{}, err
	}
	address, rest, err := takeAddress(segments)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%q goes on after the address of an instance", s)
	}
	return address, err
}

// ParseStep reads what [StepAddress.String] writes.
func ParseStep(s string) (StepAddress, error) {
	segments, err := scanAddress(s)
	if err != nil {
		return StepAddress{}, err
	}
	actor, rest, err := takeAddress(segments)
	if err != nil {
		return StepAddress{}, err
	}
	step, ok := takeStep(rest)
	if actor.Kind != KindActor || !ok {
		return StepAddress{}, fmt.Errorf("%q is not the address of a step, such as actor.NAME.LABEL.action.STEP", s)
	}
	step.Actor = actor
	return step, nil
}

// Parts yields the module blocks that a is in, the outermost first, and its own block, each as its address without an instance key, and that key.
func (a Address) Parts() iter.Seq2[string, InstanceKey] {
	return func(yield func(string, InstanceKey) bool) {
		path := ""
		for _, s := range modulesOf(a) {
			path += "module." + s.name
			if !yield(path, s.key) {
				return
			}
			path += s.key.String() + "."
		}
		yield(a.Block().String(), a.Key)
	}
}

// Covers reports whether a names b, or what b is in: an address without a Label means a whole module, and one that leaves out an
// instance key, its own or that of a module, every instance.
func (a Address) Covers(b Address) bool {
	isOwn := a.Kind == b.Kind && a.Name == b.Name && a.Label == b.Label && (a.Key.IsZero() || a.Key == b.Key)
	if a.Label != "" && !isOwn {
		return false
	}
	outer, inner := modulesOf(a), modulesOf(b)
	if len(outer) > len(inner) || a.Label != "" && len(outer) < len(inner) {
		return false
	}
	for i, s := range outer {
		if s.name != inner[i].name || !s.key.IsZero() && s.key != inner[i].key {
			return false
		}
	}
	return true
}

// Innermost returns the address with only its innermost modules, as the module spells it that has n module blocks around what it names.
func (a Address) Innermost(n int) Address {
	modules := modulesOf(a)
	var path []string
	for _, s := range modules[max(0, len(modules)-n):] {
		path = append(path, "module."+s.name+s.key.String())
	}
	a.Module = strings.Join(path, ".")
	return a
}

// modulesOf returns the modules that a is in, the outermost first.
func modulesOf(a Address) []segment {
	if a.Module == "" {
		return nil
	}
	segments, _ := scanAddress(a.Module) // of which it has two for each
	var modules []segment
	for i := 1; i < len(segments); i += 2 {
		modules = append(modules, segments[i])
	}
	return modules
}

// segment is a name between dots with the instance key behind it.
type segment struct {
	name string
	key  InstanceKey
}

func takeAddress(segments []segment) (Address, []segment, error) {
	var a Address
	var path []string
	for len(segments) >= 2 && segments[0].name == "module" {
		path = append(path, "module."+segments[1].name+segments[1].key.String())
		segments = segments[2:]
	}
	a.Module = strings.Join(path, ".")
	if len(segments) == 0 {
		return a, nil, errors.New("an address names an instance, such as actor.NAME.LABEL")
	}
	a.Kind = Kind(segments[0].name)
	need := 2
	switch a.Kind {
	case KindActor, KindData:
		need = 3
	case KindNamespace, KindRunnerConfig:
	default:
		return a, nil, fmt.Errorf("an address begins with actor, data, namespace, runner_config or module, not with %q", a.Kind)
	}
	if len(segments) < need {
		return a, nil, fmt.Errorf("an address of kind %s has %d parts, such as actor.NAME.LABEL", a.Kind, need)
	}
	for _, s := range segments[:need-1] {
		if !s.key.IsZero() {
			return a, nil, fmt.Errorf("only a label has an instance key, %q has none", s.name)
		}
	}
	if need == 3 {
		a.Name = segments[1].name
	}
	a.Label, a.Key = segments[need-1].name, segments[need-1].key
	return a, segments[need:], nil
}

func takeStep(segments []segment) (StepAddress, bool) {
	if len(segments) != 2 || !segments[0].key.IsZero() {
		return StepAddress{}, false
	}
	s := StepAddress{Kind: StepKind(segments[0].name), Label: segments[1].name, Key: segments[1].key}
	return s, IsStepKind(segments[0].name)
}

func scanAddress(s string) ([]segment, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("%q is not an address: it is not UTF-8", s)
	}
	var segments []segment
	rest := s
	for {
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		seg := segment{name: rest[:end]}
		if seg.name == "" {
			return nil, fmt.Errorf("%q is not an address: a name is missing", s)
		}
		rest = rest[end:]
		if strings.HasPrefix(rest, "[") {
			var err error
			if seg.key, rest, err = scanKey(rest[1:]); err != nil {
				return nil, fmt.Errorf("%q is not an address: %w", s, err)
			}
		}
		segments = append(segments, seg)
		if rest == "" {
			return segments, nil
		}
		if rest[0] != '.' {
			return nil, fmt.Errorf("%q is not an address: a dot is missing before %q", s, rest)
		}
		rest = rest[1:]
	}
}

// scanKey reads an instance key up to and with its closing bracket, and returns what follows.
func scanKey(s string) (InstanceKey, string, error) {
	if strings.HasPrefix(s, `"`) {
		text, rest, err := unquote(s[1:])
		if err != nil {
			return InstanceKey{}, "", err
		}
		if !strings.HasPrefix(rest, "]") {
			return InstanceKey{}, "", errors.New("an instance key lacks its closing bracket")
		}
		return StringKey(text), rest[1:], nil
	}
	digits, rest, closed := strings.Cut(s, "]")
	n, err := strconv.Atoi(digits)
	if !closed || err != nil || n < 0 || strconv.Itoa(n) != digits {
		return InstanceKey{}, "", errors.New(`an instance key is a number or a quoted string, such as ["general"]`)
	}
	return NumberKey(n), rest, nil
}

// unquote reads what quote writes, from behind the opening quotation mark, and returns what follows the closing one.
func unquote(s string) (text, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:], nil
		case c == '\\':
			r, n, err := unescape(s[i+1:])
			if err != nil {
				return "", "", err
			}
			b.WriteRune(r)
			i += 1 + n
		case strings.HasPrefix(s[i:], "$${") || strings.HasPrefix(s[i:], "%%{"):
			b.WriteString(s[i+1 : i+3])
			i += 3
		default:
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
			i += n
		}
	}
	return "", "", errors.New("an instance key lacks its closing quotation mark")
}

func unescape(s string) (r rune, length int, err error) {
	escapes := map[byte]rune{'n': '\n', 'r': '\r', 't': '\t', '"': '"', '\\': '\\'}
	digits := map[byte]int{'u': 4, 'U': 8}
	if s != "" {
		if r, ok := escapes[s[0]]; ok {
			return r, 1, nil
		}
		if n := digits[s[0]]; n > 0 && len(s) > n {
			if code, err := strconv.ParseUint(s[1:1+n], 16, 32); err == nil && code <= utf8.MaxRune {
				return rune(code), 1 + n, nil
			}
		}
	}
	return 0, 0, errors.New("an instance key has an escape that HCL does not know")
}
