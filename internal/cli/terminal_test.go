package cli

import (
	"os"
	"strings"
	"testing"
	"time"

	"riveter/apply"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
	"riveter/plan/address"
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
			time.Sleep(3 * liveInterval)
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

func TestProgressCountsWhatHappens(t *testing.T) {
	t.Parallel()
	a := newApplying(2)
	c := &plan.ActorChange{ChangeHead: plan.ChangeHead{Address: address.Address{Kind: address.KindActor, Name: "a", Label: "b"}}}
	events := []apply.Event{
		apply.ChangeStarted{Change: c},
		apply.StepStarted{},
		apply.StepEnded{Step: &plan.StepChange{}},
		apply.ChangeEnded{Change: c, Result: plan.ChangeResult{Result: plan.Result{Outcome: plan.OutcomeFailed, Elapsed: time.Second}}},
	}
	var failures []string
	for _, e := range events {
		if failure := a.event(e); failure != "" {
			failures = append(failures, failure)
		}
	}
	if got := strings.Join(failures, "\n"); got != "! actor.a.b failed after 1.0s" {
		t.Errorf("failures: %q", got)
	}
	if got := a.line(2 * time.Second); got != "Applying: 1 of 2 actors, 1 call, 0 actors/s, 2.0s" {
		t.Errorf("the line is %q", got)
	}
	a.event(apply.ChangeStarted{Change: c})
	a.running[c] = time.Now().Add(-time.Minute)
	if got := a.line(time.Second); !strings.Contains(got, "; slowest: actor.a.b, 60.") {
		t.Errorf("the line is %q", got)
	}
}

func TestProgressIsOfWhatIsDue(t *testing.T) {
	t.Parallel()
	h := &human{env: &Env{Stderr: &strings.Builder{}}}
	head := func(label string) plan.ChangeHead {
		return plan.ChangeHead{Address: address.Address{Kind: address.KindActor, Name: "a", Label: label}, Action: plan.ActionNoOp}
	}
	due := &plan.ActorChange{ChangeHead: head("due")}
	due.Action = plan.ActionCreate
	h.Begin(&plan.Plan{Changes: []plan.Change{&plan.ActorChange{ChangeHead: head("idle")}, due}})
	h.progress.stop()
	if got := h.applying.line(time.Second); !strings.Contains(got, "0 of 1 actor,") {
		t.Errorf("the line is %q", got)
	}
	h.applying.event(apply.StepEnded{Step: &plan.StepChange{Address: due.Address.Step(address.StepExpect, "e", address.InstanceKey{})}})
	if got := h.applying.line(time.Second); !strings.Contains(got, " 0 calls") {
		t.Errorf("an expectation counts as a call: %q", got)
	}
}

func TestObservingIsToldOnceItTakesLong(t *testing.T) {
	t.Parallel()
	line := observed(func() plan.Stats { return plan.Stats{Resolved: 1, Reads: 2, Woken: 3} })
	if got := line(time.Second / 2); got != "" {
		t.Errorf("told at once: %q", got)
	}
	if got := line(2 * time.Second); got != "Observing: 1 actor sought, 2 reads, 3 woken, 2.0s" {
		t.Errorf("the line is %q", got)
	}
}
