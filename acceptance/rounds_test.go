package acceptance

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// How hard TestEveryApplySucceeds tries.
var (
	rounds = flag.Int("rounds", 1, "applies of TestEveryApplySucceeds")
	crowd  = flag.Int("crowd", 40, "new actors in each of them")
)

// TestEveryApplySucceeds creates many actors in applies after each other, with a call each. Now and then the engine loses the
// start of an actor for half a minute, says so, and starts it then: that is waited for, and no reason to fail.
func TestEveryApplySucceeds(t *testing.T) {
	t.Parallel()
	rivet := startRivet(t, filepath.Join("..", "examples", "registry"))
	configuration := fmt.Sprintf(`
variable "round" { type = number }
actor "counter" "many" {
  count = %d
  key   = [var.round, count.index]
  action "increment" { args = [1] }
}
`, *crowd)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(configuration), 0o644); err != nil {
		t.Fatal(err)
	}
	for round := range *rounds {
		run := riveterCommand("apply", dir, rivet.Endpoint(), "-auto-approve", "-concise", "-ledger=none", fmt.Sprintf("-var=round=%d", round))
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("round %d: %v\n%s", round, err, out)
		}
	}
}
