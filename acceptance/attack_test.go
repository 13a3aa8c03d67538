package acceptance

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// hangs is longer than anything takes: what may take longest is an actor whose start the engine has lost, and a server that is
// to be asked again in half a minute, more than once.
const hangs = 4 * time.Minute

// attack is a kind of harm that is done to riveter, besides what the proxy does.
type attack struct {
	name  string
	codes []int // that it may end with
	// harm is called when the command has started, and ends when it does. prepare is called before; both may be nil.
	prepare func(c *chaos, run *exec.Cmd) (after func())
	harm    func(c *chaos, run *exec.Cmd)
}

const (
	killed      = -1 // what os/exec says of a process that a signal has ended
	interrupted = 130
)

var attacks = []attack{
	{name: "the network alone", codes: []int{0, 1}},
	{name: "a kill", codes: []int{0, 1, killed}, harm: func(c *chaos, run *exec.Cmd) {
		c.later()
		_ = run.Process.Kill()
	}},
	{name: "a signal", codes: []int{0, 1, interrupted, killed}, harm: func(c *chaos, run *exec.Cmd) {
		c.later()
		_ = run.Process.Signal(c.drawSignal())
	}},
	{name: "two signals", codes: []int{0, 1, interrupted, killed}, harm: func(c *chaos, run *exec.Cmd) {
		c.later()
		_ = run.Process.Signal(c.drawSignal())
		time.Sleep(time.Duration(c.random.IntN(100)) * time.Millisecond)
		_ = run.Process.Signal(c.drawSignal())
	}},
	{name: "a closed output", codes: []int{0, 1, interrupted}, prepare: closeOutput},
	{name: "a full disk", codes: []int{0, 1}, prepare: limitFiles},
	{name: "sleep", codes: []int{0, 1}, harm: func(c *chaos, _ *exec.Cmd) {
		for range 5 {
			c.later()
			c.sleep()
		}
	}},
}

// killNode has the engine that riveter talks to die in the middle, and come back when riveter has ended. The registry is connected to
// the other one.
var killNode = attack{
	name: "a killed node", codes: []int{0, 1},
	prepare: func(c *chaos, _ *exec.Cmd) (after func()) {
		return func() { c.must(c.revive()) }
	},
	harm: func(c *chaos, _ *exec.Cmd) {
		c.later()
		c.rivet.talked.KillEngine()
	},
}

// revive starts the killed engine again. On a busy machine it may answer with errors for longer than half a minute.
func (c *chaos) revive() error {
	err := c.rivet.talked.RestartEngine(c.Context())
	for began := time.Now(); err != nil && time.Since(began) < patience; time.Sleep(time.Second) {
		_, err = engine{endpoint: c.rivet.Endpoint()}.request(http.MethodGet, "/envoys", nil, nil)
	}
	return err
}

func (c *chaos) drawAttack() attack {
	if *nodeCount > 1 && c.random.IntN(2) == 0 {
		return killNode
	}
	return attacks[c.random.IntN(len(attacks))]
}

// later waits for a moment in the middle of an apply.
func (c *chaos) later() { time.Sleep(time.Duration(c.random.IntN(700)) * time.Millisecond) }

func (c *chaos) drawSignal() syscall.Signal {
	return []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[c.random.IntN(3)]
}

// closeOutput has nobody read what riveter prints any more, after a while.
func closeOutput(c *chaos, run *exec.Cmd) (after func()) {
	read, write, err := os.Pipe()
	c.must(err)
	run.Stdout = write
	wait := time.Duration(c.random.IntN(500)) * time.Millisecond
	var reading sync.WaitGroup
	reading.Go(func() {
		time.AfterFunc(wait, func() { _ = read.Close() })
		_, _ = io.Copy(io.Discard, read)
	})
	return func() { _ = write.Close(); reading.Wait() }
}

// limitFiles has no file grow beyond a few kilobytes, as on a disk that is full.
func limitFiles(c *chaos, run *exec.Cmd) (after func()) {
	shell, err := exec.LookPath("sh")
	c.must(err)
	run.Args = slices.Concat([]string{shell, "-c", `ulimit -f "$1" && shift && exec "$@"`, "sh", strconv.Itoa(c.random.IntN(12))}, run.Args)
	run.Path = shell
	return func() {}
}

// sleep puts an actor to sleep behind riveter's back. Of one that somebody is connected to, the engine may forget what was
// acknowledged and saved when it is made to sleep (engine 2.3.19: 2 of 434 times), which is not to be told from a call that was lost.
func (c *chaos) sleep() {
	a := c.world.Actors[c.random.IntN(len(c.world.Actors))]
	if slices.ContainsFunc(a.Steps, func(s *chaosStep) bool { return s.Awaits }) {
		return
	}
	if id, err := c.engine.lookup(a.Name, a.Key); err == nil {
		_, _ = c.engine.request("POST", "/actors/"+id+"/sleep", nil, []byte("{}")) // which may be too late
	}
}

// attack runs an apply and does it harm.
func (c *chaos) attack(flags []string) {
	said := c.plan(flags)
	how := c.drawAttack()
	run := riveterCommand("apply", c.dir, c.proxy.endpoint, slices.Concat(flags, c.mode, c.drawView(), []string{"-auto-approve"})...)
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	c.proxy.begin(c.random.Uint64(), []float64{0, 0.1, 0.2, 0.4}[c.random.IntN(4)], c.random.IntN(4) > 0)
	c.harm(how, run, &out)
	c.proxy.calm()
	code, output := run.ProcessState.ExitCode(), out.String()
	c.Logf("%s: %s: %v\n%s", how.name, run.ProcessState, run.Args, output)
	c.figures.count("attack: "+how.name, 1)
	c.must(said.limit(c.recorder.take()))
	c.expect(slices.Contains(how.codes, code), "it ended with %d", code)
	c.expect(code != 1 || run.Stdout != &out || strings.Contains(output, "Error:") || strings.Contains(output, `"@level":"error"`), "it failed and does not say why")
	c.expect(code != 0 || c.isDone(), "it ended well, and yet there is something to do")
}

func (c *chaos) drawView() []string {
	return [][]string{nil, {"-json"}, {"-concise"}}[c.random.IntN(3)]
}

// harm runs a command to its end, and does what is to be done to it.
func (c *chaos) harm(how attack, run *exec.Cmd, out *bytes.Buffer) {
	after := func() {}
	if how.prepare != nil {
		after = how.prepare(c, run)
	}
	c.must(run.Start())
	var harming sync.WaitGroup
	if how.harm != nil {
		harming.Go(func() { how.harm(c, run) })
	}
	c.await(run, out)
	harming.Wait()
	after()
}

// await waits for the end of a command, which must come.
func (c *chaos) await(run *exec.Cmd, out *bytes.Buffer) {
	timer := time.AfterFunc(hangs, func() { _ = run.Process.Signal(syscall.SIGQUIT) })
	_ = run.Wait() // how it ended is in its state
	c.expect(timer.Stop(), "%v does not end\n%s", run.Args, out)
}
