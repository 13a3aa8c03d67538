package address

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Pattern selects addresses: an address, in which * stands for any run of characters, but for one that is in the key of an
// instance that there is ([Pattern.Among]). The pattern of a block selects all of its instances, the pattern of an actor all of
// its steps, and that of a module all that is in it.
type Pattern struct {
	text     string
	re       *regexp.Regexp
	relative bool // to any actor
}

// ParsePattern reads a pattern as it is given on the command line.
func ParsePattern(s string) (Pattern, error) {
	if !addressStart.MatchString(s) {
		return Pattern{}, fmt.Errorf("%q is no address; one begins with a kind, such as actor.NAME.LABEL, and may have * in it", s)
	}
	return newPattern(s, false)
}

// ParseStepPattern reads a pattern that is about steps. It may also be the address of a step within any actor, as in
// action.addMember["alice"].
func ParseStepPattern(s string) (Pattern, error) {
	if kind, _, ok := strings.Cut(s, "."); ok && IsStepKind(kind) {
		return newPattern(s, true)
	}
	return ParsePattern(s)
}

// ParseFactPattern reads a pattern that is about what can be verified: an actor, a step, or a check, as in check.quota.
func ParseFactPattern(s string) (Pattern, error) {
	if strings.HasPrefix(s, "check.") {
		return newPattern(s, false)
	}
	return ParseStepPattern(s)
}

func newPattern(s string, relative bool) (Pattern, error) {
	re, err := compile("", s)
	return Pattern{s, re, relative}, err
}

// compile returns what a pattern matches that begins with a literal part.
func compile(literal, rest string) (*regexp.Regexp, error) {
	quoted := regexp.QuoteMeta(literal) + strings.ReplaceAll(regexp.QuoteMeta(rest), `\*`, `.*`)
	return regexp.Compile(`(?s)^` + quoted + `(?:[.\[].*)?$`)
}

// Exactly returns the pattern that selects what is at an address, and what is in it, whatever is in its instance key.
func Exactly(a Address) Pattern {
	text := a.String()
	re, err := compile(text, "")
	if err != nil {
		panic(err) // what is quoted can be compiled
	}
	return Pattern{text: text, re: re}
}

// Starred are the addresses that have a star in an instance key, and what they begin with, up to each such key.
type Starred map[string]bool

// Add adds the address of something that there is: of an instance, of a step of one, or of a step within any actor.
func (s Starred) Add(address string) {
	if !strings.Contains(address, "*") {
		return
	}
	for _, key := range instanceKeys.FindAllStringIndex(address, -1) {
		s[address[:key[1]]] = true
	}
}

// Among returns the pattern as it is to be read where there are these addresses: what it begins with, in as far as that is of one
// of them as it is written, means that one alone. So each address that somebody is shown selects what it is the address of.
func (p Pattern) Among(there Starred) Pattern {
	for _, key := range slices.Backward(instanceKeys.FindAllStringIndex(p.text, -1)) {
		if literal := p.text[:key[1]]; there[literal] {
			if re, err := compile(literal, p.text[key[1]:]); err == nil { // it was compiled before
				p.re = re
			}
			return p
		}
	}
	return p
}

// IsAmbiguous reports whether a star in the pattern may be one in an instance key.
func (p Pattern) IsAmbiguous() bool {
	return slices.ContainsFunc(instanceKeys.FindAllString(p.text, -1), func(key string) bool { return strings.Contains(key, "*") })
}

var addressStart = regexp.MustCompile(`^(?:\*|(?:actor|data|namespace|runner_config|module)\.)`)

// String returns the pattern as it was given.
func (p Pattern) String() string { return p.text }

// Selecting returns the first of the patterns that selects what has this address, or nil. Without patterns, nobody needs the
// text of the address.
func Selecting(patterns []Pattern, address func() string) *Pattern {
	if len(patterns) == 0 {
		return nil
	}
	text := address()
	for i, p := range patterns {
		if p.Selects(text) {
			return &patterns[i]
		}
	}
	return nil
}

// MayReach reports whether the pattern may select an instance of what is declared at an address without instance keys, such as
// module.tenant.actor.chatRoom.room.
func (p Pattern) MayReach(declared string) bool {
	start, _, open := strings.Cut(p.text, "*")
	start, _, unfinished := strings.Cut(instanceKeys.ReplaceAllString(start, ""), "[")
	if open || unfinished {
		return strings.HasPrefix(declared, start)
	}
	rest, ok := strings.CutPrefix(declared, start)
	return ok && (rest == "" || rest[0] == '.')
}

// instanceKeys are the parts of an address that tell instances apart.
var instanceKeys = regexp.MustCompile(`\["(?:[^"\\]|\\.)*"\]|\[[0-9]+\]`)

// Selects reports whether the pattern selects the address s of an instance.
func (p Pattern) Selects(s string) bool { return !p.relative && p.re.MatchString(s) }

// SelectingStep returns the first of the patterns that selects a step, or nil.
func SelectingStep(patterns []Pattern, s StepAddress) *Pattern {
	for i, p := range patterns {
		text := s.String
		if p.relative {
			text = s.Relative
		}
		if p.re.MatchString(text()) {
			return &patterns[i]
		}
	}
	return nil
}
