//go:build !windows

package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ticking takes a quarter of a minute.
const ticking = `
actor "witness" "slow" {
  key = "slow"
  action "tell" {
    for_each = toset([for i in range(30) : format("%02d", i)])
    args     = [each.key, 500]
  }
}
`

// TestAHolderThatSleptPastItsLeaseBeginsNothing stops an apply in the middle of a step until another one, in its folder or elsewhere, has
// taken over its lock, and wakes it up while that one is at work.
func TestAHolderThatSleptPastItsLeaseBeginsNothing(t *testing.T) {
	t.Parallel()
	for name, isElsewhere := range map[string]bool{"in its folder": false, "elsewhere": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			there := dir
			if isElsewhere {
				there = t.TempDir()
			}
			sleepPastLease(t, dir, there)
		})
	}
}

// sleepPastLease has a second run take over from a stopped one.
func sleepPastLease(t *testing.T, dir, there string) {
	t.Helper()
	rivet := startTeam(t)
	e := engine{endpoint: rivet.Endpoint()}
	first := startTicking(t, rivet.Endpoint(), dir)
	for len(ticks(e)) < 3 {
		time.Sleep(50 * time.Millisecond)
	}
	first.signal(syscall.SIGSTOP)
	second := startTicking(t, rivet.Endpoint(), there, "-lock-timeout=3m", "-on-unknown=skip")
	for !strings.Contains(second.says(), `The lock of the ledger had run out: "`) {
		time.Sleep(50 * time.Millisecond)
	}
	first.signal(syscall.SIGCONT)
	if code := first.wait(); code != 1 || !strings.Contains(first.says(), "was lost to") || strings.Contains(first.says(), "journal") {
		t.Errorf("the first ended with %d\n%s", code, first.says())
	}
	if code := second.wait(); code != 0 {
		t.Errorf("the second ended with %d\n%s", code, second.says())
	}
	for name, n := range ticks(e) {
		if n != 1 {
			t.Errorf("%s was made %d times", name, n)
		}
	}
	if n := len(ticks(e)); n < 20 {
		t.Errorf("only %d steps were made", n)
	}
}

// ticks is how often each step was made.
func ticks(e engine) map[string]int {
	var told struct{ Counts map[string]int }
	if report, err := e.call("witness", "slow", "report"); err == nil {
		_ = json.Unmarshal(report, &told)
	}
	return told.Counts
}

// background is a riveter that runs, with the file that has what it says.
type background struct {
	*testing.T
	run  *exec.Cmd
	path string
}

// startTicking applies the steps in a folder.
func startTicking(t *testing.T, endpoint, dir string, flags ...string) *background {
	t.Helper()
	b := &background{t, riveterCommand("apply", dir, endpoint, append(flags, "-auto-approve")...), filepath.Join(t.TempDir(), "said")}
	settings := "riveter {\n  " + inActor("stopped", "") + "\n}\n"
	said, err := os.Create(b.path)
	b.check(err)
	b.run.Stdout, b.run.Stderr = said, said
	b.check(os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(settings+ticking), 0o644))
	b.check(b.run.Start())
	b.check(said.Close())
	t.Cleanup(func() { _ = b.run.Process.Kill() })
	return b
}

func (b *background) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *background) signal(s syscall.Signal) {
	b.Helper()
	b.check(b.run.Process.Signal(s))
}

func (b *background) says() string {
	b.Helper()
	said, err := os.ReadFile(b.path)
	b.check(err)
	return string(said)
}

func (b *background) wait() (code int) {
	_ = b.run.Wait() // how it ended is in its state
	return b.run.ProcessState.ExitCode()
}
