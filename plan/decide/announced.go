package decide

import (
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/address"
)

// maxNames is how many announced names are listed.
const maxNames = 20

// warnOfNames says which actors are to be created that no registry has announced. It may be that their registry is not
// connected yet.
func (b *builder) warnOfNames(changes []plan.Change) {
	if b.Announced == nil {
		return
	}
	said := map[string]bool{}
	for _, name := range b.Announced {
		said[name] = true
	}
	for _, change := range changes {
		c, ok := change.(*plan.ActorChange)
		if !ok || c.Action != plan.ActionCreate || said[c.Name] {
			continue
		}
		said[c.Name] = true
		b.warnf(c.Desired, UnknownName, "%s", DescribeUnknownName(c.Name, b.Announced))
	}
}

// UnknownName sums up that no registry has announced an actor's name.
const UnknownName = "Unknown actor name"

// DescribeUnknownName says that no registry has announced a name, and which names they have.
func DescribeUnknownName(name string, announced []string) string {
	return "No registry has announced an actor named " + address.Quote(name) + ". " + describeAnnounced(announced)
}

func describeAnnounced(announced []string) string {
	names := make([]string, 0, maxNames)
	for _, name := range slices.Sorted(slices.Values(announced)) {
		names = append(names, address.Quote(name))
	}
	switch n := len(names); {
	case n == 0:
		return "None has announced any: apply waits for a registry to be connected."
	case n > maxNames:
		return "Some that are announced: " + strings.Join(names[:maxNames], ", ") + "."
	default:
		return "Announced are " + strings.Join(names, ", ") + "."
	}
}
