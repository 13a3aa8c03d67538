package client

import (
	"math"
	"strconv"
	"time"
)

// confirms reports whether live, as JSON shows it, proves that exact is current. What
// JSON shows alike for different values proves nothing.
func confirms(live, exact any) bool {
	switch exact := exact.(type) {
	case nil, bool, string:
		return live == exact
	case float64:
		return live == exact || live == nil && (math.IsNaN(exact) || math.IsInf(exact, 0))
	case time.Time:
		return live == exact.Format("2006-01-02T15:04:05.000Z")
	case []byte:
		return confirmsBytes(live, exact)
	case []any:
		items, ok := live.([]any)
		return ok && len(items) == len(exact) && confirmsItems(items, exact)
	case map[string]any:
		return confirmsMembers(live, exact)
	default:
		return false
	}
}

func confirmsItems(live, exact []any) bool {
	for i, item := range exact {
		if item == (Undefined{}) {
			item = nil
		}
		if !confirms(live[i], item) {
			return false
		}
	}
	return true
}

func confirmsBytes(live any, exact []byte) bool {
	members, ok := live.(map[string]any)
	if !ok || len(members) != len(exact) || len(exact) == 0 {
		return false
	}
	for i, b := range exact {
		if members[strconv.Itoa(i)] != float64(b) {
			return false
		}
	}
	return true
}

func confirmsMembers(live any, exact map[string]any) bool {
	members, ok := live.(map[string]any)
	if !ok {
		return false
	}
	defined := 0
	for name, member := range exact {
		if member == (Undefined{}) {
			continue
		}
		defined++
		shown, ok := members[name]
		if !ok || !confirms(shown, member) {
			return false
		}
	}
	return defined == len(members)
}
