package cli

import (
	"cmp"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"riveter/internal/operate/operatetest"
	"riveter/plan/view"
)

// atTerminal makes standard input, output and error a terminal of 60 columns, at which somebody types.
func (w *world) atTerminal(typed string) {
	w.env.StdinIsTerminal, w.env.StdoutIsTerminal, w.env.StderrIsTerminal, w.env.Width = true, true, true, 60
	w.env.Stdin = strings.NewReader(typed)
}

func probed(t *testing.T) *world {
	t.Helper()
	return newWorld(t, map[string]string{"main.rivet.hcl": probes})
}

func TestAPersonIsAsked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, typed string
		args        []string
		code        int
		says        []string
	}{
		{"yes", "yes\n", []string{"apply", "DIR"}, 0, []string{`Do you want to perform these actions\?`, `Only "yes" will be accepted`}},
		{"no", "no\n", []string{"apply", "DIR"}, 1, []string{`Not approved`, `The answer was not "yes"`}},
		{"nothing", "", []string{"apply", "DIR"}, 1, []string{"There was no answer"}},
		{"yes without an end", "yes", []string{"apply", "DIR"}, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := probed(t)
			w.atTerminal(c.typed)
			w.run(c.args...).ends(c.code).says(c.says...).prints(`\x1b\[32m`, `Plan:\S* 2 to create`)
			exist(w, "probe", 1-c.code)
		})
	}
}

func TestHelpIsAsWideAsTheTerminal(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.atTerminal("")
	for _, args := range [][]string{nil, {"help"}, {"help", "plan"}, {"apply", "-help"}, {"ledger"}, {"ledger", "mv", "-h"}} {
		got := w.run(args...)
		for line := range strings.Lines(got.stdout) {
			if width := view.Width(strings.TrimSuffix(line, "\n")); width > w.env.Width && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("%q has a line of %d columns: %s", args, width, line)
			}
		}
		got.prints("^USAGE:$")
	}
}

// A paragraph is broken where the terminal ends, and nowhere else; where there is none, as for 80 columns. Examples are one line each.
func TestHelpHasWholeParagraphs(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{0, 30, 80, 200} {
		w := probed(t)
		if columns > 0 {
			w.atTerminal("")
			w.env.Width = columns
		}
		width := cmp.Or(columns, 80)
		for _, args := range [][]string{{"plan", "-help"}, {"dev", "-help"}, {"export", "-help"}, {"fixture", "-help"}, {"ledger", "migrate", "-help"}} {
			got := w.run(args...)
			_, description, _ := strings.Cut(got.stdout, "DESCRIPTION:\n")
			words, examples, _ := strings.Cut(description, "   Examples:\n")
			for paragraph := range strings.SplitSeq(strings.TrimSpace(words), "\n\n") {
				lines := strings.Split(strings.TrimSpace(paragraph), "\n   ")
				for i, line := range lines[1:] {
					if first, _, _ := strings.Cut(line, " "); len("   "+lines[i]+" "+first) <= width || first == "" {
						t.Errorf("%q in %d columns is broken before %q:\n%s", args, columns, line, paragraph)
					}
				}
			}
			if first, _, _ := strings.Cut(examples, "\n"); columns != 30 && !strings.HasPrefix(first, "     riveter "+args[0]) {
				t.Errorf("%q in %d columns: the first example is %q", args, columns, first)
			}
		}
	}
}

func TestADestroyWantsTheNamespace(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.run("apply", "-auto-approve", "DIR").ends(0)
	w.atTerminal("yes\n")
	w.run("destroy", "DIR").ends(1).says("There is no undo", `Only "default" will be accepted`)
	w.atTerminal("default\n")
	w.run("destroy", "DIR").ends(0)
	exist(w, "probe", 0)
}

func TestWhereThereIsNothingToDoNobodyIsAsked(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.run("apply", "-auto-approve", "DIR").ends(0)
	w.atTerminal("no\n")
	w.run("apply", "DIR").ends(0).prints("No changes").without("Do you want")
}

func TestTheConsolePromptsAtATerminal(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.atTerminal("[\n1]\nnonsense\n2\n")
	w.run("console", "DIR").ends(0).prints(`^\[1\]$`, "^2$").says("^> ", "  ", "nonsense")
}

func TestALiveLineIsErased(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.atTerminal("yes\n")
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			time.Sleep(300 * time.Millisecond) // longer than between two drawings of the line
		}
		return operatetest.Delivered
	}
	r := w.run("apply", "DIR").ends(0).says("Applying: ")
	if line := "\r" + strings.Repeat(" ", 59) + "\r"; !strings.Contains(r.stderr, line) {
		t.Errorf("it is not erased: %q", r.stderr)
	}
	w = probed(t)
	w.atTerminal("yes\n")
	w.env.Environ = []string{"TERM=dumb"}
	w.run("apply", "DIR").ends(0).without("Applying: ", `\x1b`)
}

func TestAnInterruptLetsRunningCallsFinish(t *testing.T) {
	t.Parallel()
	w := probed(t)
	interrupts := make(chan os.Signal, 2)
	w.env.Interrupts, w.env.Release = interrupts, func() {}
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			interrupts <- os.Interrupt
			interrupts <- os.Interrupt         // which somebody has passed on
			time.Sleep(100 * time.Millisecond) // until it is noticed
		}
		return operatetest.Delivered
	}
	w.run("apply", "-auto-approve", "-parallelism=1", "DIR").ends(exitInterrupted).says("Interrupted: nothing more is started").prints(`^Apply interrupted: .*1 stopped`)
	count(w, "first", 1)
	w.rivet.OnRequest = nil
	w.env.Interrupts = nil
	w.run("apply", "-auto-approve", "DIR").ends(0)
	count(w, "first", 1)
}

func TestASecondInterruptCutsOff(t *testing.T) {
	t.Parallel()
	w := probed(t)
	interrupts := make(chan os.Signal, 2)
	released := make(chan struct{})
	w.env.Interrupts, w.env.Release = interrupts, func() { close(released) }
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb != "call" {
			return operatetest.Delivered
		}
		interrupts <- os.Interrupt
		time.Sleep(300 * time.Millisecond) // as what somebody has passed on never is
		interrupts <- os.Interrupt
		<-released
		return operatetest.LostAfter
	}
	w.run("apply", "-auto-approve", "-parallelism=1", "DIR").ends(exitInterrupted).prints(`^Apply interrupted: .*1 in doubt`, "^What is in doubt may").
		says(`^! actor\.probe\.p is in doubt after`).without("Apply failed", "failed after", "canceled")
}

func TestAnInterruptWhilePlanning(t *testing.T) {
	t.Parallel()
	w := probed(t)
	interrupts := make(chan os.Signal, 2)
	released := make(chan struct{})
	w.env.Interrupts, w.env.Release = interrupts, func() { close(released) }
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "observe" {
			interrupts <- os.Interrupt
			<-released
			time.Sleep(50 * time.Millisecond)
		}
		return operatetest.Delivered
	}
	w.run("plan", "DIR").ends(exitInterrupted).says("Interrupted").without("failed")
}

func TestAnInterruptedQuestionIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.atTerminal("")
	interrupts := make(chan os.Signal, 1)
	never, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	w.env.Stdin, w.env.Interrupts, w.env.Release = never, interrupts, func() {}
	time.AfterFunc(100*time.Millisecond, func() { interrupts <- os.Interrupt })
	w.run("apply", "DIR").ends(exitInterrupted).says("The run was interrupted. Nothing was")
	exist(w, "probe", 0)
}

// endless is an input of which nothing ever comes.
type endless struct{}

// Read implements io.Reader.
func (endless) Read([]byte) (int, error) { select {} }

func TestAnInterruptEndsWhatWaitsForInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"show"}, {"fmt", "-"}, {"console", "DIR"}, {"apply", "-auto-approve", "-expect-plan=-", "DIR"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			w := probed(t)
			interrupts := make(chan os.Signal, 1)
			w.env.Stdin, w.env.Interrupts, w.env.Release = endless{}, interrupts, func() {}
			interrupts <- syscall.SIGTERM
			w.run(args...).ends(exitInterrupted).says("Interrupted")
		})
	}
}
