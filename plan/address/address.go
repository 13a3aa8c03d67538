package address

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is the sort of declaration that an [Address] names.
type Kind string

// The declarations that have an address.
const (
	KindActor        Kind = "actor"
	KindData         Kind = "data"
	KindNamespace    Kind = "namespace"
	KindRunnerConfig Kind = "runner_config"
)

// Address names one declared instance, such as actor.chatRoom.room["general"]. It is the identity of a declaration in
// plans, ledgers, logs and on the command line. Addresses are compared with ==, and their String is their only spelling.
type Address struct {
	Module string // path of the declaring module with its instance keys, such as module.tenant["a"]; empty for the root
	Kind   Kind
	Name   string // registered name of the actor; empty for kinds that have only a label
	Label  string
	Key    InstanceKey
}

// String returns the canonical spelling, which [Parse] reads back.
func (a Address) String() string {
	var b strings.Builder
	if a.Module != "" {
		b.WriteString(a.Module + ".")
	}
	b.WriteString(string(a.Kind))
	if a.Name != "" {
		b.WriteString("." + a.Name)
	}
	b.WriteString("." + a.Label)
	b.WriteString(a.Key.String())
	return b.String()
}

// Block returns the address of the whole declaration: a without its instance key.
func (a Address) Block() Address {
	a.Key = InstanceKey{}
	return a
}

// Step returns the address of a step of the actor a.
func (a Address) Step(kind StepKind, label string, key InstanceKey) StepAddress {
	return StepAddress{Actor: a, Kind: kind, Label: label, Key: key}
}

// Compare orders addresses: by module, kind, name and label, and then by instance key, numbers by value.
func (a Address) Compare(b Address) int {
	return cmp.Or(
		cmp.Compare(a.Module, b.Module),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Label, b.Label),
		a.Key.Compare(b.Key),
	)
}

// StepKind is the kind of a step, which is also its block's name.
type StepKind string

// The steps that an actor may have.
const (
	StepAction  StepKind = "action"
	StepEnsure  StepKind = "ensure"
	StepMessage StepKind = "message"
	StepRequest StepKind = "request"
	StepExpect  StepKind = "expect"
)

// StepKinds returns every kind of step.
func StepKinds() []StepKind {
	return []StepKind{StepAction, StepEnsure, StepMessage, StepRequest, StepExpect}
}

// IsStepKind reports whether this is the name of a kind of step.
func IsStepKind(name string) bool { return slices.Contains(StepKinds(), StepKind(name)) }

// StepAddress names one step of an actor instance, such as actor.chatRoom.room["general"].action.addMember["alice"].
type StepAddress struct {
	Actor Address
	Kind  StepKind
	Label string
	Key   InstanceKey
}

// String returns the canonical spelling, which [ParseStep] reads back.
func (s StepAddress) String() string { return s.Actor.String() + "." + s.Relative() }

// Relative returns the spelling within the actor, such as action.addMember["alice"].
func (s StepAddress) Relative() string { return string(s.Kind) + "." + s.Label + s.Key.String() }

// InstanceKey tells the instances of a repeated block apart: a string under for_each, a number under count. The zero
// value is the key of a block that is not repeated.
type InstanceKey struct {
	kind keyKind
	str  string
	num  int
}

type keyKind uint8

const (
	noKey keyKind = iota
	numberKey
	stringKey
)

// StringKey returns the key of an instance made by for_each.
func StringKey(s string) InstanceKey { return InstanceKey{kind: stringKey, str: s} }

// NumberKey returns the key of an instance made by count.
func NumberKey(n int) InstanceKey { return InstanceKey{kind: numberKey, num: n} }

// IsZero reports whether k is the key of a block that is not repeated.
func (k InstanceKey) IsZero() bool { return k.kind == noKey }

// Text returns the key of a for_each instance, and whether k is one.
func (k InstanceKey) Text() (string, bool) { return k.str, k.kind == stringKey }

// Number returns the index of a count instance, and whether k is one.
func (k InstanceKey) Number() (int, bool) { return k.num, k.kind == numberKey }

// String returns the key with its brackets, or nothing for the zero key.
func (k InstanceKey) String() string {
	switch k.kind {
	case numberKey:
		return "[" + strconv.Itoa(k.num) + "]"
	case stringKey:
		return "[" + Quote(k.str) + "]"
	default:
		return ""
	}
}

// Compare orders keys: none, then numbers by value, then strings.
func (k InstanceKey) Compare(o InstanceKey) int {
	return cmp.Or(cmp.Compare(k.kind, o.kind), cmp.Compare(k.num, o.num), cmp.Compare(k.str, o.str))
}

// Spelled returns addresses, or patterns of them, as they are written.
func Spelled[A fmt.Stringer](all []A) []string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = a.String()
	}
	return texts
}

// ShellQuote quotes an address, or another text, so that a POSIX shell hands it on as it is.
func ShellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// Quote writes s as an HCL string literal, with control characters and invisible ones as \u escapes.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
