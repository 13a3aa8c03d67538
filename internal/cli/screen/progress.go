package screen

import (
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"time"

	"riveter/internal/redact"
	"riveter/plan/view"
)

const (
	liveInterval  = 100 * time.Millisecond // between two drawings of the live line
	plainInterval = 10 * time.Second       // between two lines where there is no terminal
)

// progress tells a person how far something is: one live line on a terminal, a line now and then elsewhere.
type progress struct {
	out   io.Writer
	live  bool
	width int
	line  func(elapsed time.Duration, columns int) string // for so many columns; empty while there is nothing worth saying

	mu       sync.Mutex // held while something is written
	began    time.Time
	finished chan struct{}
	wg       sync.WaitGroup
}

// start begins to show progress; the caller ends it with stop.
func (p *progress) start() {
	p.began, p.finished = time.Now(), make(chan struct{})
	interval := plainInterval
	if p.live {
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
}

func (p *progress) stop() {
	close(p.finished)
	p.wg.Wait()
	p.erase()
}

func (p *progress) draw() {
	columns := math.MaxInt
	if p.live && p.width > 1 {
		columns = p.width - 1
	}
	line := p.line(time.Since(p.began), columns)
	if line == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.live {
		fmt.Fprintln(p.out, line)
		return
	}
	p.erase()
	io.WriteString(p.out, view.Cut(line, columns))
	redact.Flush(p.out)
}

// say writes a line that stays.
func (p *progress) say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	fmt.Fprintln(p.out, line)
}

// erase clears the live line.
func (p *progress) erase() {
	if p.live {
		io.WriteString(p.out, "\r"+strings.Repeat(" ", max(p.width-1, 0))+"\r")
		redact.Flush(p.out)
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1fs", d.Seconds()) }
