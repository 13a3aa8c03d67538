package plan

import (
	"slices"
	"strings"

	"riveter/plan/address"
)

// maxNames is how many announced names are listed.
const maxNames = 20

// warnOfNames says which actors are to be created that no registry has announced. It may be that their registry is not
// connected yet.
func (b *builder) warnOfNames(changes []Change) {
	if b.Announced == nil {
		return
	}
	var warned []string
	for _, change := range changes {
		c, ok := change.(*ActorChange)
		if !ok || c.Action != ActionCreate || slices.Contains(b.Announced, c.Name) || slices.Contains(warned, c.Name) {
			continue
		}
		warned = append(warned, c.Name)
		b.warnf(c.Desired, "Unknown actor name", "No registry has announced an actor named %s. %s", address.Quote(c.Name), DescribeAnnounced(b.Announced))
	}
}

// DescribeAnnounced is a sentence about the names that registries have announced.
func DescribeAnnounced(announced []string) string {
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
