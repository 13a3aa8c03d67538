package acceptance

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var steps = flag.Int("cost.steps", 1000, "how many steps BenchmarkCostOfTheLedger applies")

// pairs is how often BenchmarkCostOfTheLedger compares two applies.
const pairs = 3

// BenchmarkCostOfTheLedger applies steps with a ledger beside the configuration and with one that an actor keeps, in turn, and
// reports how much longer the second takes.
func BenchmarkCostOfTheLedger(b *testing.B) {
	rivet := startTeam(b)
	b.Setenv("RIVETER_LEDGER_TOKEN", teamToken)
	for _, actors := range []int{1, *steps / 50, *steps / 10} {
		b.Run(fmt.Sprintf("actors=%d", actors), func(b *testing.B) {
			for range b.N {
				var ratios []float64
				var local, actor []time.Duration
				for pair := range pairs {
					run := fmt.Sprintf("%d-%d-%d", actors, pair, time.Now().UnixNano())
					l := applySteps(b, rivet.Endpoint(), run+"-l", "", actors)
					a := applySteps(b, rivet.Endpoint(), run+"-a", `ledger "actor" { key = ["`+run+`"] }`, actors)
					local, actor, ratios = append(local, l), append(actor, a), append(ratios, a.Seconds()/l.Seconds())
				}
				b.ReportMetric(100*(median(ratios)-1), "%-longer")
				b.ReportMetric(median(local).Seconds(), "s-local")
				b.ReportMetric(median(actor).Seconds(), "s-actor")
			}
		})
	}
}

func median[T float64 | time.Duration](of []T) T {
	slices.Sort(of)
	return of[len(of)/2]
}

// applySteps applies the steps on that many new actors, and returns how long it took.
func applySteps(b *testing.B, endpoint, run, ledger string, actors int) time.Duration {
	b.Helper()
	dir := b.TempDir()
	configuration := fmt.Sprintf(`
riveter {
  %s
}
actor "counter" "many" {
  count = %d
  key   = ["%s", count.index]
  action "increment" {
    for_each = toset([for i in range(%d) : tostring(i)])
  }
}
`, ledger, actors, run, *steps/actors)
	if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(configuration), 0o644); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	out, err := riveterCommand("apply", dir, endpoint, "-auto-approve", "-concise").CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, strings.TrimSpace(string(out)))
	}
	return time.Since(began)
}
