package devrivet

import (
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

// TestATetheredProgramEndsWithUs lets go of the tether, as the kernel does for one who is killed, and releases it.
func TestATetheredProgramEndsWithUs(t *testing.T) {
	for _, c := range []struct {
		name   string
		letGo  func(*guard) error
		killed bool
	}{
		{"let go", func(g *guard) error { return g.hold.Close() }, true},
		{"released", (*guard).dismiss, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			program := exec.Command("sleep", "20")
			if err := program.Start(); err != nil {
				t.Fatal(err)
			}
			g, err := startGuard(t.Context(), "tether", endScript+tetherScript, strconv.Itoa(program.Process.Pid))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.letGo(g); err != nil {
				t.Error(err)
			}
			if !c.killed {
				if err := program.Process.Signal(syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
			}
			_ = program.Wait()
			_ = g.shell.Wait()
			if by := program.ProcessState.Sys().(syscall.WaitStatus).Signal(); (by == syscall.SIGTERM) != c.killed {
				t.Errorf("the program ended by %v", by)
			}
		})
	}
}
