package cli

import (
	"fmt"
	"time"

	"riveter/plan"
)

// observed is how far it is to look at a server, once that has taken a while.
func observed(stats func() plan.Stats) func(time.Duration) string {
	return func(elapsed time.Duration) string {
		s := stats()
		if elapsed < time.Second {
			return ""
		}
		return fmt.Sprintf("Observing: %d %s sought, %d %s, %d woken, %s",
			s.Resolved, plural(s.Resolved, "actor"), s.Reads, plural(s.Reads, "read"), s.Woken, seconds(elapsed))
	}
}
