package devrivet

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

const (
	shell       = "/bin/sh"        // where POSIX systems have it, whatever PATH says
	leashFailed = 15 * time.Second // longer than end.sh leaves a program
)

//go:embed leash.sh
var leashScript string

// A program is what a leash holds.
type program struct {
	name string // what people call it, in errors
	argv []string
	dir  string
	env  []string // all of its environment
	log  io.Writer
	hold *os.File // a file that it holds open as long as it lives, or nil
}

// A process is a program that was started on a leash.
type process struct {
	name   string
	group  int
	leash  *os.File
	output *output
	ended  chan struct{}
	err    error // how it ended, once ended is closed
}

// launch starts a program. What becomes of ctx does not matter to it.
func launch(ctx context.Context, p program) (*process, error) {
	end, leash, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer end.Close()
	out := &output{next: p.log}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), shell, append([]string{"-c", endScript + leashScript, p.name}, p.argv...)...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = end, out, out
	cmd.WaitDelay = time.Second
	if p.hold != nil {
		cmd.ExtraFiles = []*os.File{p.hold}
	}
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		leash.Close()
		return nil, fmt.Errorf("start the %s: %w", p.name, err)
	}
	started := &process{name: p.name, group: cmd.Process.Pid, leash: leash, output: out, ended: make(chan struct{})}
	go started.wait(cmd)
	return started, nil
}

func (p *process) wait(cmd *exec.Cmd) {
	defer close(p.ended)
	p.err = cmd.Wait()
	killGroup(p.group)
	p.leash.Close()
}

// stop asks the program to end, sees to it that it does, and waits.
func (p *process) stop() {
	p.leash.Close()
	select {
	case <-p.ended:
	case <-time.After(leashFailed):
		p.kill()
	}
}

// kill ends the program without asking, and waits.
func (p *process) kill() {
	killGroup(p.group)
	<-p.ended
}

// failure is nil while the program runs; afterwards it has the program's last words.
func (p *process) failure() error {
	select {
	case <-p.ended:
		return fmt.Errorf("the %s ended (%s)%s", p.name, p.status(), p.output.lastWords())
	default:
		return nil
	}
}

func (p *process) status() string {
	if p.err == nil {
		return "exit status 0"
	}
	return p.err.Error()
}
