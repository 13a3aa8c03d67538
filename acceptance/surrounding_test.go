package acceptance

import (
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// isSurrounding reports whether the change is of a namespace or pool.
func (c plannedChange) isSurrounding() bool {
	return strings.HasPrefix(c.Address, "namespace.") || strings.HasPrefix(c.Address, "runner_config.")
}

// surrounding lists what will be sent about a namespace or pool, which is one request at most.
func (c plannedChange) surrounding() []promise {
	pool := "/runner-configs/" + c.Name
	switch c.Action {
	case "destroy":
		return []promise{{sent: sent{Verb: "DELETE", What: pool}}}
	case "create", "update":
		if strings.HasPrefix(c.Address, "runner_config.") {
			return []promise{{sent: sent{"PUT", pool, map[string]any{"datacenters": c.Input.shown()}}}}
		}
		body := map[string]any{"display_name": c.Name} // which is shown only where it is another one
		maps.Copy(body, c.Input.shown().(map[string]any))
		body["name"] = c.Name
		return []promise{{sent: sent{"POST", "/namespaces", body}}}
	default:
		return nil
	}
}

// takeSurrounding removes what was sent about no actor and is promised.
func (c plannedChange) takeSurrounding(taken map[string][]sent) (all []sent) {
	promised := c.surrounding()
	taken[""] = slices.DeleteFunc(taken[""], func(s sent) bool {
		isIt := slices.ContainsFunc(promised, func(p promise) bool { return cmp.Equal(p.sent, s, overlookHidden) })
		if isIt {
			all = append(all, s)
		}
		return isIt
	})
	if len(taken[""]) == 0 {
		delete(taken, "")
	}
	return all
}
