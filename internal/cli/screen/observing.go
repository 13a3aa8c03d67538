package screen

import (
	"fmt"
	"time"

	"riveter/plan"
	"riveter/plan/view"
)

// observed is how far it is to look at a server, once that has taken a while.
func observed(stats func() plan.Stats) func(time.Duration, int) string {
	return func(elapsed time.Duration, _ int) string {
		s := stats()
		if elapsed < time.Second {
			return ""
		}
		if s.Resolved == 0 {
			return fmt.Sprintf("Waiting for Rivet to answer, %s", seconds(elapsed))
		}
		return fmt.Sprintf("Observing: %s sought, %s, %d woken, %s",
			view.Count(s.Resolved, "actor"), view.Count(s.Reads, "read"), s.Woken, seconds(elapsed))
	}
}
