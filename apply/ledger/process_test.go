package ledger

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"riveter/plan"
)

// childVariable names the environment variable by which the test binary runs as another process that uses a ledger.
const childVariable = "LEDGER_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		if err := child(path, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// child records steps on eight actors at once until its standard input ends, and says of each record when it is safe.
func child(path string, stdin io.Reader, stdout io.Writer) error {
	l, err := Open(context.Background(), Local(path), Options{Holder: Holder{Who: "child", Operation: "test", PID: os.Getpid()}})
	if err != nil {
		return err
	}
	out := &speaker{out: stdout}
	out.say("locked")
	for worker := range 8 {
		go func() {
			for step := 0; ; step++ {
				s := addMember(strconv.Itoa(worker), strconv.Itoa(step))
				if l.Environment("ns").Started(roomOf(s), s, "id", memo(`[]`)) == nil {
					out.say("started", worker, step)
				}
				if l.Environment("ns").Finished(roomOf(s), s, plan.StepDone, nil) == nil {
					out.say("done", worker, step)
				}
			}
		}()
	}
	_, err = io.Copy(io.Discard, stdin)
	return err
}

// speaker says one thing at a time.
type speaker struct {
	turn sync.Mutex
	out  io.Writer
}

func (s *speaker) say(words ...any) {
	s.turn.Lock()
	defer s.turn.Unlock()
	_, _ = fmt.Fprintln(s.out, words...)
}

// startChild returns a running child, which has the lock, and what it says from then on.
func startChild(t *testing.T, home Home) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+home.String())
	cmd.Stderr = os.Stderr
	_, err := cmd.StdinPipe()
	check(t, err)
	stdout, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() || lines.Text() != "locked" {
		t.Fatalf("the child says %q", lines.Text())
	}
	return cmd, lines
}

// TestLedgerSurvivesKill kills a process that records as fast as it can, and looks for every record that it was told of.
func TestLedgerSurvivesKill(t *testing.T) {
	home := newHome(t)
	cmd, lines := startChild(t, home)
	var said []string
	for lines.Scan() {
		if said = append(said, lines.Text()); len(said) == 500 {
			check(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait()
	// A last line may be cut off, too.
	said = said[:len(said)-1]

	for _, o := range []Options{readOnly(options(1)), options(1)} {
		l := open(t, home, o)
		r := l.Recall("ns")
		for _, line := range said {
			words := strings.Fields(line)
			status := plan.StepStatus(words[0])
			memo := r.Actors[identity(words[1])].Steps[addMember(words[1], words[2]).Relative()]
			if memo == nil || memo.Status != status && status == plan.StepDone {
				t.Fatalf("%q was promised, and %v is recalled", line, memo)
			}
		}
		inDoubt := 0
		for _, entry := range r.Actors {
			for _, memo := range entry.Steps {
				if memo.Status == plan.StepStarted {
					inDoubt++
				}
			}
		}
		if inDoubt > 8 {
			t.Errorf("%d steps are in doubt, and 8 were in flight", inDoubt)
		}
		closeLedger(t, l)
	}
	if got := files(t, home); len(got) != 1 {
		t.Errorf("afterwards there are %v", got)
	}
}

func TestLockKeepsAnotherProcessOut(t *testing.T) {
	home := newHome(t)
	cmd, _ := startChild(t, home)
	_, err := Open(t.Context(), home, options(1))
	wantError(t, err, "lock ledger "+home.String(), `"child" holds it for "test"`, fmt.Sprint("process ", cmd.Process.Pid), "-lock-timeout")
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	closeLedger(t, open(t, home, options(1))) // a lock ends with its process
}
