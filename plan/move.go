package plan

import (
	"fmt"
	"maps"
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

// Rename returns the address that a has after the move, and whether the move concerns it.
func (m Move) Rename(a address.Address) (address.Address, bool) {
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

// Move returns the memory with everything under the address that it has after the moves, one after the other where they
// follow each other. Where something is remembered at both ends of a move, nothing moves, which is worth a warning.
func (r *Recalled) Move(moves []Move) (*Recalled, hcl2.Diagnostics) {
	if len(moves) == 0 {
		return r, nil
	}
	m := mover{recalled: r, direct: map[address.Address]Move{}}
	for _, move := range moves {
		if move.From.Label == "" {
			m.modules = append(m.modules, move)
		} else {
			m.direct[move.From] = move
		}
	}
	moved := *r
	moved.Entries, moved.Moved = maps.Clone(r.Entries), map[address.Address]address.Address{}
	for address, entry := range r.Entries {
		to, by := m.destination(address)
		if to == address {
			continue
		}
		if other := r.Entries[to]; other != nil && !m.leaves(to) {
			if other.ActorID != entry.ActorID {
				m.collide(address, to, by)
				continue
			}
		}
		if moved.Entries[address] == entry {
			delete(moved.Entries, address)
		}
		moved.Entries[to], moved.Moved[to] = entry, address
	}
	return &moved, m.diags
}

// mover finds out where entries go.
type mover struct {
	recalled *Recalled
	direct   map[address.Address]Move // by what they move
	modules  []Move
	diags    hcl2.Diagnostics
}

// destination follows the moves from an address. The last of them is returned too.
func (m *mover) destination(a address.Address) (address.Address, Move) {
	var last Move
	for range len(m.direct) + len(m.modules) { // a circle of moves ends where it began
		next, by, ok := m.next(a)
		if !ok {
			break
		}
		a, last = next, by
	}
	return a, last
}

func (m *mover) next(a address.Address) (address.Address, Move, bool) {
	for _, from := range []address.Address{a, a.Block()} {
		if move, ok := m.direct[from]; ok {
			to, ok := move.Rename(a)
			return to, move, ok
		}
	}
	for _, move := range m.modules {
		if to, ok := move.Rename(a); ok {
			return to, move, true
		}
	}
	return a, Move{}, false
}

// leaves reports whether what is at an address moves away itself.
func (m *mover) leaves(a address.Address) bool {
	to, _ := m.destination(a)
	return to != a
}

func (m *mover) collide(from, to address.Address, by Move) {
	m.diags = append(m.diags, &hcl2.Diagnostic{
		Severity: hcl2.DiagWarning,
		Summary:  "Nothing was moved",
		Detail: fmt.Sprintf("The ledger remembers both %s and %s, so the one cannot become the other. The first is taken to be no longer declared. "+
			"Remove this block.", from, to),
		Subject: by.Range.Ptr(),
	})
}
