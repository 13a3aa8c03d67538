//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"riveter/internal/devrivet"
)

// A cost is what a task took.
type cost struct {
	wall, tool, engine time.Duration // by the clock, and CPU of either side
	memory             int64         // the most that the tool held, in bytes
}

// measure has the contender do each task in turn, on a Rivet of its own.
func (s settings) measure(ctx context.Context, c contender, actors int, r *results) error {
	return s.onRivet(ctx, func(rivet *devrivet.Rivet) error {
		return eachTask(c, actors, rivet, func(t task, argv []string) error {
			before := engineTime()
			spent, err := spend(ctx, argv, rivet.Folder(), rivet.Endpoint())
			spent.engine = engineTime() - before
			r.add(key{c.name, t, actors}, spent)
			return err
		})
	})
}

// onRivet starts a Rivet with the configurations of riveter in its folder.
func (s settings) onRivet(ctx context.Context, do func(*devrivet.Rivet) error) error {
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: s.registry})
	if err != nil {
		return err
	}
	defer func() { _ = rivet.Stop() }()
	if err := declare(rivet.Folder()); err != nil {
		return err
	}
	return do(rivet)
}

// eachTask calls do with what the contender runs for each task that it knows.
func eachTask(c contender, actors int, rivet *devrivet.Rivet, do func(t task, argv []string) error) error {
	for _, t := range tasks {
		argv := c.command(t, actors, rivet.Folder())
		if argv == nil {
			continue
		}
		if err := do(t, argv); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	return nil
}

// spend runs a program to its end.
func spend(ctx context.Context, argv []string, dir, endpoint string) (cost, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(devrivet.WithoutRivet(os.Environ()), "RIVET_ENDPOINT="+endpoint, "NO_COLOR=1")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%w\n%s", err, said.String())
	}
	spent := cost{wall: time.Since(began), tool: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		spent.memory = usage.Maxrss << 10 // Linux counts kilobytes
	}
	return spent, nil
}

// engineTime is the CPU time of the engines that this program has started, by Linux' /proc.
func engineTime() time.Duration {
	const ticks = time.Second / 100 // what Linux shows to programs, whatever its own are
	var sum time.Duration
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	parents := map[string]string{}
	spent := map[string]time.Duration{}
	for _, path := range stats {
		content, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		name, rest, _ := strings.Cut(string(content), ") ")
		fields := strings.Fields(rest)
		pid, name, _ := strings.Cut(name, " (")
		parents[pid] = fields[1]
		if strings.HasPrefix(name, "rivet-engine") {
			var user, system int64
			if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err == nil {
				spent[pid] = time.Duration(user+system) * ticks
			}
		}
	}
	self := fmt.Sprint(os.Getpid())
	for pid, time := range spent {
		for at := pid; at != "" && at != "0"; at = parents[at] {
			if at == self {
				sum += time
				break
			}
		}
	}
	return sum
}
