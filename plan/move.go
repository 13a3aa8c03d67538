package plan

import (
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// Move says that what was declared at one address is now declared at another one. An address without a Label means a
// whole module, and one without a Key every instance of a block.
type Move struct {
	From, To address.Address
	Range    hcl2.Range
}

// Removal says that what was declared at an address, which is like that of a [Move], is no longer.
type Removal struct {
	From    address.Address
	Destroy bool // and is to be destroyed, not only forgotten
	Range   hcl2.Range
}

// concerns reports whether the removal is of a.
func (r Removal) concerns(a address.Address) bool { return covers(r.From, a) }

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
