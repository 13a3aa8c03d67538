package devrivet

import (
	"bufio"
	"io"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestATetheredProgramEndsWithUs lets go of the tether, as the kernel does for one who is killed. As npm does, the program does not
// tell its own child of it.
func TestATetheredProgramEndsWithUs(t *testing.T) {
	program := exec.Command(shell, "-c", "sleep 20 & echo; wait")
	printed, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	g := tethered(t, program)
	output := bufio.NewReader(printed)
	if _, err := output.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	_ = g.hold.Close()
	_, _ = io.ReadAll(output) // both of them have it
	_ = program.Wait()
	_ = g.shell.Wait()
	if took := time.Since(begin); took > 15*time.Second || endedBy(program) != syscall.SIGTERM {
		t.Errorf("the program ended by %v, and its child after %v", endedBy(program), took)
	}
}

func TestAProgramThatIsReleasedGoesOn(t *testing.T) {
	program := exec.Command("sleep", "20")
	if err := tethered(t, program).dismiss(); err != nil {
		t.Error(err)
	}
	if err := program.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = program.Wait()
	if by := endedBy(program); by != syscall.SIGKILL {
		t.Errorf("the program ended by %v", by)
	}
}

func tethered(t *testing.T, program *exec.Cmd) *guard {
	t.Helper()
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	g, err := startGuard(t.Context(), "tether", endScript+tetherScript, strconv.Itoa(program.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func endedBy(program *exec.Cmd) syscall.Signal {
	return program.ProcessState.Sys().(syscall.WaitStatus).Signal()
}
