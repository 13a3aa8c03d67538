//go:build linux

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

type key struct {
	contender string
	task      task
	size      int
}

type results struct {
	costs    map[key][]cost
	requests map[key]int64 // that the engine was asked
}

func newResults() *results { return &results{map[key][]cost{}, map[key]int64{}} }

func (r *results) add(k key, c cost) { r.costs[k] = append(r.costs[k], c) }

// median returns the median of one part of what was measured, and whether it was.
func median[T cmp.Ordered](r *results, k key, part func(cost) T) (T, bool) {
	var parts []T
	for _, c := range r.costs[k] {
		parts = append(parts, part(c))
	}
	if len(parts) == 0 {
		var none T
		return none, false
	}
	slices.Sort(parts)
	return parts[len(parts)/2], true
}

func wall(c cost) time.Duration   { return c.wall }
func tool(c cost) time.Duration   { return c.tool }
func engine(c cost) time.Duration { return c.engine }
func memory(c cost) int64         { return c.memory }

// print prints all of it as Markdown.
func (r *results) print(ctx context.Context, w io.Writer, s settings, all []contender) {
	fmt.Fprintf(w, "Medians of %d rounds on %s: %d cores, %s; %s, Node %s, rivetkit %s with its engine.\n",
		s.rounds, runtime.GOOS, runtime.NumCPU(), processor(), runtime.Version(), node(ctx), s.rivetkit())
	for _, n := range s.sizes {
		fmt.Fprintf(w, "\nSeconds for %d actors; in brackets, of riveter: how many times the limit.\n\n", n)
		table(w, all, func(c contender, t task) string { return r.seconds(all, c, t, n) })
		fmt.Fprintf(w, "\nCPU seconds for %d actors of the tool + of the engine, and the tool's memory.\n\n", n)
		table(w, all, func(c contender, t task) string { return r.spent(key{c.name, t, n}) })
	}
	fmt.Fprintf(w, "\nRequests to the engine for %d actors.\n\n", s.sizes[0])
	table(w, all, func(c contender, t task) string {
		if n, ok := r.requests[key{c.name, t, s.sizes[0]}]; ok {
			return fmt.Sprint(n)
		}
		return ""
	})
	if len(s.sizes) > 1 {
		fmt.Fprint(w, "\nGrowth: the power of the number of actors that the seconds grow with (1 is linear).\n\n")
		table(w, all, func(c contender, t task) string { return r.growth(c.name, t, s.sizes) })
	}
	r.printOffline(w, s)
}

func table(w io.Writer, all []contender, cell func(contender, task) string) {
	fmt.Fprint(w, "| |")
	for _, t := range tasks {
		fmt.Fprintf(w, " %s |", t)
	}
	fmt.Fprint(w, "\n| --- |", strings.Repeat(" --- |", len(tasks)), "\n")
	for _, c := range all {
		fmt.Fprintf(w, "| %s |", c.name)
		for _, t := range tasks {
			fmt.Fprintf(w, " %s |", cell(c, t))
		}
		fmt.Fprintln(w)
	}
}

func (r *results) seconds(all []contender, c contender, t task, n int) string {
	took, ok := median(r, key{c.name, t, n}, wall)
	if !ok {
		return ""
	}
	if c.name != all[0].name {
		return fmt.Sprintf("%.2f", took.Seconds())
	}
	limit, _ := median(r, key{all[1].name, t, n}, wall)
	return fmt.Sprintf("**%.2f** (%.2f)", took.Seconds(), took.Seconds()/limit.Seconds())
}

func (r *results) spent(k key) string {
	ours, ok := median(r, k, tool)
	if !ok {
		return ""
	}
	theirs, _ := median(r, k, engine)
	held, _ := median(r, k, memory)
	return fmt.Sprintf("%.2f + %.2f, %d MB", ours.Seconds(), theirs.Seconds(), held>>20)
}

// growth fits a power of the size to the seconds, by least squares of the logarithms.
func (r *results) growth(contender string, t task, sizes []int) string {
	var n, sx, sy, sxx, sxy float64
	for _, size := range sizes {
		took, ok := median(r, key{contender, t, size}, wall)
		if !ok {
			return ""
		}
		x, y := math.Log(float64(size)), math.Log(took.Seconds())
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return fmt.Sprintf("%.2f", (n*sxy-sx*sy)/(n*sxx-sx*sx))
}

func (r *results) printOffline(w io.Writer, s settings) {
	fmt.Fprint(w, "\nWithout a server: CPU seconds and memory.\n\n| |")
	for _, n := range s.offline {
		fmt.Fprintf(w, " %d |", n)
	}
	fmt.Fprint(w, "\n| --- |", strings.Repeat(" --- |", len(s.offline)), "\n")
	for _, source := range sources {
		fmt.Fprintf(w, "| validate, %s |", source.name)
		for _, n := range s.offline {
			spent, _ := median(r, key{source.name, validate, n}, tool)
			held, _ := median(r, key{source.name, validate, n}, memory)
			fmt.Fprintf(w, " %.2f, %d MB |", spent.Seconds(), held>>20)
		}
		fmt.Fprintln(w)
	}
	for _, of := range slices.Sorted(maps.Keys(starts)) {
		took, _ := median(r, key{of, start, 1}, wall)
		fmt.Fprintf(w, "\n`%s` takes %.1f ms.\n", of, 1000*took.Seconds())
	}
}

// processor is what Linux calls it.
func processor() string {
	content, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(content)) {
		if name, is := strings.CutPrefix(line, "model name\t: "); is {
			return strings.TrimSpace(name)
		}
	}
	return runtime.GOARCH
}

// node is the version of Node, as it says it.
func node(ctx context.Context) string {
	out, _ := exec.CommandContext(ctx, "node", "--version").Output()
	return strings.TrimSpace(string(out))
}

// rivetkit is the version of the registry's rivetkit.
func (s settings) rivetkit() string {
	content, _ := os.ReadFile(filepath.Join(s.registry, "node_modules", "rivetkit", "package.json"))
	var pack struct{ Version string }
	_ = json.Unmarshal(content, &pack)
	return pack.Version
}
