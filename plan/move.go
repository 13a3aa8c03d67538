package plan

import (
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// Move says that what was declared at one address is now declared at another one. An address without a Label means a
// whole module, and one without a Key every instance of a block.
type Move struct {
	From, To Address
	Range    hcl2.Range
}

// Removal says that what was declared at an address, which is like that of a [Move], is no longer.
type Removal struct {
	From    Address
	Destroy bool // and is to be destroyed, not only forgotten
	Range   hcl2.Range
}

// Rename returns the address that a has after the move, and whether the move concerns it.
func (m Move) Rename(a Address) (Address, bool) {
	if !covers(m.From, a) {
		return a, false
	}
	if m.From.Label == "" {
		a.Module = m.To.Module + strings.TrimPrefix(a.Module, m.From.Module)
		return a, true
	}
	key := a.Key
	a = m.To
	if m.From.Key.IsZero() && a.Key.IsZero() {
		a.Key = key
	}
	return a, true
}

// Concerns reports whether the removal is of a.
func (r Removal) Concerns(a Address) bool { return covers(r.From, a) }

// covers reports whether an address that may mean a whole block or module is that of a, or of something that a is in.
func covers(target, a Address) bool {
	if target.Label != "" {
		return target == a || target.Key.IsZero() && target == a.Block()
	}
	rest, ok := strings.CutPrefix(a.Module, target.Module)
	if !ok {
		return false
	}
	return rest == "" || rest[0] == '.' || rest[0] == '[' && !strings.HasSuffix(target.Module, "]")
}
