package export

import (
	"fmt"
	"regexp"
	"slices"

	"riveter/plan"

	"github.com/zclconf/go-cty/cty"
)

// Actor is an actor that exists.
type Actor struct {
	Name        string
	Key         []string
	ID          string
	Pool        string // empty for the connection's own
	CrashPolicy string // empty for the default
	// Unfit says why no configuration can declare the actor; empty for one that can be declared.
	Unfit string

	// Input is what the actor was created with: cty.NilVal for nothing at all. It counts only if InputKnown says so.
	Input      cty.Value
	InputKnown bool
	// InputFault says why the input is not known although it was asked for.
	InputFault string

	// State is the live state to be shown in a comment, and StateFault why it could not be read. Without both there is no
	// comment.
	State      cty.Value
	StateFault string
}

// hasInput reports whether the declaration has an input.
func (a *Actor) hasInput() bool { return a.InputKnown && a.Input != cty.NilVal }

var declarable = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// CanBeNamed reports whether a configuration can declare actors of a registered name.
func CanBeNamed(name string) bool { return declarable.MatchString(name) }

// unfit says why no configuration can declare the actor, or nothing.
func (a *Actor) unfit() string {
	control, unspeakable := plan.Unspeakable(a.Key)
	switch {
	case a.Unfit != "":
		return a.Unfit
	case !CanBeNamed(a.Name):
		return "its name is not one of 1 to 64 letters, digits, underscores and dashes"
	case unspeakable:
		return fmt.Sprintf("the key has the control character U+%04X in it", control)
	case slices.ContainsFunc(a.Key, isDenormal):
		return "the key is not in Unicode's normal form C, to which HCL brings all text"
	default:
		return ""
	}
}

func isDenormal(part string) bool { return cty.NormalizeString(part) != part }
