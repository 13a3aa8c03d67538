package address

import (
	"fmt"
	"regexp"
	"strings"
)

// Pattern selects addresses: an address, in which * stands for any run of characters. The pattern of a block selects all
// of its instances, the pattern of an actor all of its steps, and that of a module all that is in it.
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
	quoted := strings.ReplaceAll(regexp.QuoteMeta(s), `\*`, `.*`)
	re, err := regexp.Compile(`(?s)^` + quoted + `(?:[.\[].*)?$`)
	return Pattern{s, re, relative}, err
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
