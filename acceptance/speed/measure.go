//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"riveter/acceptance/speed/results"
	"riveter/internal/devrivet"
)

// patience is how long a program may take.
const patience = time.Hour

// spend runs a program to its end.
func spend(ctx context.Context, argv []string, dir, endpoint string) (results.Cost, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // Terraform has children
	cmd.WaitDelay = 10 * time.Second
	cmd.Dir = dir
	cmd.Env = append(devrivet.WithoutRivet(os.Environ()), "RIVET_ENDPOINT="+endpoint, "NO_COLOR=1")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := slim(); err != nil {
		return results.Cost{}, err
	}
	before, began := engineTime(), time.Now()
	if err := cmd.Run(); err != nil {
		return results.Cost{}, fmt.Errorf("%w\n%s", err, said.String())
	}
	spent := results.Cost{
		Wall:   seconds(time.Since(began)),
		Tool:   seconds(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()),
		Engine: seconds(engineTime() - before),
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		spent.Memory = usage.Maxrss << 10 // Linux counts kilobytes
	}
	return spent, nil
}

func seconds(d time.Duration) float64 { return d.Round(100 * time.Microsecond).Seconds() }

// slim gives back what this program holds and forgets the most that it held, which Linux counts as a child's.
func slim() error {
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// engineTime is the CPU time of the engines that this program has started, by Linux' /proc.
func engineTime() time.Duration {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	parents, spent := map[int]int{}, map[int]time.Duration{}
	for _, path := range stats {
		if content, err := os.ReadFile(path); err == nil { // it has not ended
			p := parseStat(string(content))
			parents[p.id] = p.parent
			if strings.HasPrefix(p.name, "rivet-engine") {
				spent[p.id] = p.spent
			}
		}
	}
	var sum time.Duration
	for id, time := range spent {
		for at := id; at != 0; at = parents[at] {
			if at == os.Getpid() {
				sum += time
				break
			}
		}
	}
	return sum
}

// rest waits until the engines do next to nothing, as they go on for seconds after they were asked the last time. What they never
// end is part of what is measured.
func rest(ctx context.Context) error {
	const (
		look    = 500 * time.Millisecond
		longest = time.Minute
		quiet   = look / 20
	)
	for began := time.Now(); time.Since(began) < longest; {
		before := engineTime()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(look):
		}
		if engineTime()-before <= quiet {
			return nil
		}
	}
	return nil
}

// A stat is what Linux says of a process.
type stat struct {
	id, parent int
	name       string
	spent      time.Duration
}

func parseStat(content string) stat {
	const ticks = time.Second / 100            // what Linux shows to programs, whatever its own are
	end := strings.LastIndexByte(content, ')') // a name may have any letter
	id, name, _ := strings.Cut(content[:end], " (")
	fields := strings.Fields(content[end+1:])
	number := func(word string) int { n, _ := strconv.Atoi(word); return n }
	return stat{number(id), number(fields[1]), name, time.Duration(number(fields[11])+number(fields[12])) * ticks}
}
