package plan

import (
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// StepMove says that a step of an actor was called otherwise before. Both addresses leave out the actor; one without a key
// means all instances of a step.
type StepMove struct {
	From, To address.StepAddress
	Range    hcl2.Range
}

// Removal says that an actor is no longer declared: one that was declared at an address, or the one with a name and a key. An
// address without a Label means a whole module, and one without a Key every instance of a block.
type Removal struct {
	From    address.Address
	Name    string // registered name of the actor; empty where From says which it is
	Key     []string
	Destroy bool // and is to be destroyed, not only forgotten
	Range   hcl2.Range
}

// concerns reports whether the removal is of what is remembered.
func (r Removal) concerns(e *Entry) bool {
	if r.Name != "" {
		return IdentityOf(r.Name, r.Key) == e.Identity()
	}
	return covers(r.From, e.Address)
}

// covers reports whether an address that may mean a whole block or module is that of a, or of something that a is in.
func covers(target, a address.Address) bool {
	if target.Label != "" {
		return target == a || target.Key.IsZero() && target == a.Block()
	}
	rest, ok := strings.CutPrefix(a.Module, target.Module)
	if !ok {
		return false
	}
	return rest == "" || rest[0] == '.' || rest[0] == '[' && !strings.HasSuffix(target.Module, "]")
}
