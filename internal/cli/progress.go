package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"riveter/apply"
	"riveter/plan"
)

const (
	liveInterval  = 100 * time.Millisecond // between two drawings of the live line
	plainInterval = 10 * time.Second       // between two lines where there is no terminal
)

// progress tells a person how far an apply is: one live line on a terminal, a line now and then elsewhere, and a line of
// its own for what fails.
type progress struct {
	out   io.Writer
	live  bool
	width int

	mu      sync.Mutex
	began   time.Time
	total   int
	done    int
	calls   int
	running map[*plan.Change]time.Time

	finished chan struct{}
	wg       sync.WaitGroup
}

// startProgress begins to show progress; the caller ends it with stop.
func startProgress(out io.Writer, live bool, width, total int) *progress {
	p := &progress{
		out: out, live: live, width: width,
		began: time.Now(), total: total,
		running:  map[*plan.Change]time.Time{},
		finished: make(chan struct{}),
	}
	interval := plainInterval
	if live {
		interval = liveInterval
	}
	p.wg.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.draw()
			case <-p.finished:
				return
			}
		}
	})
	return p
}

func (p *progress) stop() {
	close(p.finished)
	p.wg.Wait()
	p.erase()
}

// event counts what happened.
func (p *progress) event(e apply.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case apply.ChangeStarted:
		p.running[e.Change] = time.Now()
	case apply.StepEnded:
		p.calls++
	case apply.ChangeEnded:
		p.done++
		delete(p.running, e.Change)
		if e.Result.Outcome == plan.OutcomeFailed || e.Result.Outcome == plan.OutcomeInDoubt {
			p.erase()
			fmt.Fprintf(p.out, "! %s failed after %s\n", e.Change.Address, seconds(e.Result.Elapsed))
		}
	case apply.StepStarted:
	}
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := p.line()
	if !p.live {
		fmt.Fprintln(p.out, line)
		return
	}
	p.erase()
	if r := []rune(line); p.width > 1 && len(r) >= p.width {
		line = string(r[:p.width-1])
	}
	io.WriteString(p.out, line)
	flush(p.out)
}

func (p *progress) line() string {
	elapsed := time.Since(p.began)
	line := fmt.Sprintf("Applying: %d of %d %s, %d %s, %.0f actors/s, %s",
		p.done, p.total, plural(p.total, "actor"), p.calls, plural(p.calls, "call"), float64(p.done)/max(elapsed.Seconds(), 0.001), seconds(elapsed))
	if slowest, since := p.slowest(); slowest != nil && time.Since(since) > time.Second {
		line += fmt.Sprintf("; slowest: %s, %s", slowest.Address, seconds(time.Since(since)))
	}
	return line
}

// slowest is the change that has been running longest. Not many run at once.
func (p *progress) slowest() (slowest *plan.Change, since time.Time) {
	for c, began := range p.running {
		if slowest == nil || began.Before(since) {
			slowest, since = c, began
		}
	}
	return slowest, since
}

// erase clears the live line.
func (p *progress) erase() {
	if p.live {
		io.WriteString(p.out, "\r"+strings.Repeat(" ", max(p.width-1, 0))+"\r")
		flush(p.out)
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1fs", d.Seconds()) }
