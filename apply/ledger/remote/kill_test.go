//go:build !windows

package remote

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"riveter/apply/ledger"
	"riveter/client"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

var kills = flag.Int("kills", 1, "how often the registry of the ledger's actor, and a run that uses it in each way, are killed")

// childVariable names the environment variable with the endpoint, by which the test binary runs as another process that
// uses the ledger of the actor whose key is its first argument. The second one is the path of its draft.
const childVariable = "LEDGER_TEST_ENDPOINT"

func actorAt(c *client.Client, key, draft string) ledger.Home {
	return Actor(ActorOptions{
		Name: "actor riveterLedger " + key, Transport: c.GetOrCreate("riveterLedger", client.Key{key}), Token: ledgerToken, Lease: time.Second,
		Draft: draft,
	})
}

func counterStep(worker, n int) (plan.Identity, address.StepAddress) {
	actor := address.Address{Kind: address.KindActor, Name: "counter", Label: "all", Key: address.NumberKey(worker)}
	return plan.IdentityOf("counter", []string{strconv.Itoa(worker)}), actor.Step(address.StepAction, "step", address.NumberKey(n))
}

// announced is how many steps of each actor a run knows of in advance.
const announced = 1000

func announce(l *ledger.Ledger) error {
	var all []plan.Intent
	for worker := range 8 {
		intent := plan.Intent{ActorID: "id"}
		for n := range announced {
			id, step := counterStep(worker, n)
			intent.Name, intent.Key, intent.Steps = id.Name, id.Parts(), append(intent.Steps, step)
		}
		all = append(all, intent)
	}
	return l.Environment("ns").Announce(context.Background(), all)
}

// child records steps of eight actors at once until its standard input ends, and says of each record when it is safe.
func child(endpoint, key, draft string, stdin io.Reader, stdout io.Writer) error {
	c, err := client.New(client.WithEndpoint(endpoint))
	if err != nil {
		return err
	}
	l, err := ledger.Open(context.Background(), actorAt(c, key, draft), ledger.Options{
		LockTimeout: time.Minute, Holder: ledger.Holder{Who: "child", Operation: "apply", PID: os.Getpid()},
	})
	if err != nil {
		return err
	}
	if err := announce(l); err != nil {
		return err
	}
	var turn sync.Mutex
	say := func(words ...any) {
		turn.Lock()
		defer turn.Unlock()
		_, _ = fmt.Fprintln(stdout, words...)
	}
	say("locked")
	for worker := range 8 {
		go func() {
			for n := 0; ; n++ {
				id, step := counterStep(worker, n)
				if err := l.Environment("ns").Started(id, step, "id", value.Memo{Absent: true}); err != nil {
					say("refused", err)
					return
				}
				say("started", worker, n)
				if l.Environment("ns").Finished(id, step, plan.StepDone, nil) == nil {
					say("done", worker, n)
				}
			}
		}()
	}
	_, err = io.Copy(io.Discard, stdin)
	return err
}

// startChild returns a running child, which has the lock, and what it says from then on.
func startChild(t *testing.T, endpoint, key, draft string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], key, draft)
	cmd.Env = append(os.Environ(), childVariable+"="+endpoint)
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

// wantSafe looks for everything that was said to be safe, and counts what is in doubt. Where a draft is gone, what was done may be
// in doubt, and so may what was about to be done.
func wantSafe(t *testing.T, r *plan.Recalled, said []string, isDraftGone bool) {
	t.Helper()
	for _, line := range said {
		var status string
		var worker, n int
		if _, err := fmt.Sscan(line, &status, &worker, &n); err != nil {
			continue // it was cut off
		}
		id, step := counterStep(worker, n)
		memo := r.Actors[id].Step(step, "id")
		if memo == nil || status == "done" && memo.Status != plan.StepDone && !isDraftGone {
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
	if inDoubt > 8*(*kills) && !isDraftGone {
		t.Errorf("%d steps are in doubt", inDoubt)
	}
}

func TestActorSurvivesItsUserBeingKilled(t *testing.T) {
	r := shared(t)
	c, err := client.New(client.WithEndpoint(r.Endpoint()))
	check(t, err)
	t.Cleanup(c.Close)
	for i := range 3 * *kills {
		key, draft, isGone := fmt.Sprint("killed", i), filepath.Join(t.TempDir(), "draft"), i%3 == 2
		if i%3 == 0 {
			draft = ""
		}
		cmd, lines := startChild(t, r.Endpoint(), key, draft)
		var said []string
		for many := 1 + rand.IntN(500); lines.Scan(); {
			if said = append(said, lines.Text()); len(said) == many {
				check(t, cmd.Process.Kill())
			}
		}
		_ = cmd.Wait()
		if isGone {
			check(t, os.Remove(draft))
		}
		l, err := ledger.Open(t.Context(), actorAt(c, key, draft), ledger.Options{LockTimeout: time.Minute})
		check(t, err)
		wantSafe(t, l.Recall("ns"), said, isGone)
		check(t, l.Close(t.Context()))
	}
}

// TestActorIsNotWrittenByAProcessThatWasStopped stops a run until somebody else has taken its lock.
func TestActorIsNotWrittenByAProcessThatWasStopped(t *testing.T) {
	r := shared(t)
	cmd, lines := startChild(t, r.Endpoint(), "stopped", filepath.Join(t.TempDir(), "draft"))
	if !lines.Scan() {
		t.Fatal("the child says nothing")
	}
	check(t, cmd.Process.Signal(syscall.SIGSTOP))
	c, err := client.New(client.WithEndpoint(r.Endpoint()))
	check(t, err)
	t.Cleanup(c.Close)
	l, err := ledger.Open(t.Context(), actorAt(c, "stopped", ""), ledger.Options{
		LockTimeout: time.Minute, Holder: ledger.Holder{Who: "bob", Operation: "apply"},
	})
	check(t, err)
	before := l.Recall("ns")
	check(t, cmd.Process.Signal(syscall.SIGCONT))
	refused := 0
	for refused < 8 && lines.Scan() {
		if strings.HasPrefix(lines.Text(), "refused") {
			refused++
			if !strings.Contains(lines.Text(), `lost to "bob"`) {
				t.Errorf("the child says %q", lines.Text())
			}
		}
	}
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	check(t, l.Close(t.Context()))
	l, err = ledger.Open(t.Context(), actorAt(c, "stopped", ""), ledger.Options{})
	check(t, err)
	defer func() { check(t, l.Close(t.Context())) }()
	if after := l.Recall("ns"); after.Serial != before.Serial || len(after.Actors) != len(before.Actors) {
		t.Errorf("serial %d and %d actors, before %d and %d", after.Serial, len(after.Actors), before.Serial, len(before.Actors))
	}
}

// TestActorSurvivesItsRegistryBeingKilled kills the registry again and again while a run goes on.
func TestActorSurvivesItsRegistryBeingKilled(t *testing.T) {
	r := start(t)
	defer func() { check(t, r.Stop()) }()
	c, err := client.New(client.WithEndpoint(r.Endpoint()))
	check(t, err)
	defer c.Close()
	draft := filepath.Join(t.TempDir(), "draft")
	var said []string
	for i := range *kills {
		l, err := ledger.Open(t.Context(), actorAt(c, "registry", draft), ledger.Options{LockTimeout: time.Minute})
		check(t, err)
		wantSafe(t, l.Recall("ns"), said, false)
		restarted := make(chan error)
		go func() {
			time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
			r.KillRegistry()
			restarted <- r.StartRegistry(context.Background())
		}()
		for n, done := 0, false; !done; n++ {
			select {
			case err := <-restarted:
				check(t, err)
				done = true
			default:
			}
			id, step := counterStep(i, n)
			if err := l.Environment("ns").Started(id, step, "id", value.Memo{Absent: true}); err != nil {
				t.Fatal(err)
			}
			said = append(said, fmt.Sprint("started ", i, " ", n))
			if err := l.Environment("ns").Finished(id, step, plan.StepDone, nil); err != nil {
				t.Fatal(err)
			}
			said = append(said, fmt.Sprint("done ", i, " ", n))
		}
		check(t, l.Close(t.Context()))
	}
	l, err := ledger.Open(t.Context(), actorAt(c, "registry", draft), ledger.Options{LockTimeout: time.Minute})
	check(t, err)
	wantSafe(t, l.Recall("ns"), said, false)
	check(t, l.Close(t.Context()))
	t.Logf("%d kills, %d records", *kills, len(said))
}
