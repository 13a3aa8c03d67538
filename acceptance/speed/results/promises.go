package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A check is a figure beside the most that it may be. It is NaN where something is not measured.
type check struct{ value, most float64 }

func (c check) met() bool { return c.value <= c.most }

// A promise is what riveter is held to.
type promise struct {
	text   string
	format string // of the figure
	check  func(r Results, size int) check
}

// cell is what a table says of the promise.
func (p promise) cell(r Results, size int) string {
	switch c := p.check(r, size); {
	case math.IsNaN(c.value - c.most):
		return ""
	case c.met():
		return fmt.Sprintf(p.format+" met", c.value)
	default:
		return fmt.Sprintf("**"+p.format+" not met**", c.value)
	}
}

// onRivet are the promises at each number of actors.
func onRivet() []promise {
	all := []promise{{"apply, times the limit: at most 1.10", "%.2f", func(r Results, size int) check {
		return check{r.ratio(Apply, size, Limit), 1.10}
	}}}
	for _, t := range []Task{Apply, Again, Plan, Verify} {
		all = append(all, promise{fmt.Sprintf("%s, times the best script: at most 1", t), "%.2f", func(r Results, size int) check {
			return check{r.ratio(t, size, r.bestScript(t, size)), 1}
		}})
	}
	for _, t := range Asked {
		all = append(all, promise{fmt.Sprintf("%s, ms more than 1.15 times the limit: at most 20", t), "%.0f", func(r Results, size int) check {
			return check{r.paired(Key{Riveter, t, size}, Key{Limit, t, size}, wall, func(ours, limit float64) float64 { return 1000 * (ours - 1.15*limit) }), 20}
		}})
	}
	return append(all,
		promise{"apply, requests more than the limit's: at most those of one listing", "%.0f", moreRequests},
		promise{"apply of 1,000, CPU seconds: at most 1.5", "%.2f", func(r Results, size int) check {
			if size != 1000 {
				return check{math.NaN(), 1.5}
			}
			return check{r.sample(Key{Riveter, Apply, size}, tool).median(), 1.5}
		}})
}

// alone are the promises about what needs no server.
func alone() []promise {
	var all []promise
	for _, source := range []string{FromData, FromProduct} {
		about := "validate of 100,000 " + source
		if source == FromData {
			about += ", beside " + DataAlone
		}
		all = append(all,
			promise{about + ", CPU seconds: at most 2", "%.2f", func(r Results, size int) check {
				return check{r.beside(source, size, tool), 2}
			}},
			promise{about + ", MB: at most 200", "%.0f", func(r Results, size int) check {
				return check{r.beside(source, size, megabytes), 200}
			}})
	}
	for _, start := range []string{Version, OneBlock} {
		all = append(all, promise{"`" + start + "`, ms: at most 20", "%.1f", func(r Results, _ int) check {
			return check{1000 * r.sample(Key{start, Start, 1}, wall).median(), 20}
		}})
	}
	return all
}

// beside is what riveter takes for instances, without what reading their data takes where there is some.
func (r Results) beside(source string, size int, of part) float64 {
	own := Key{source, Validate, size}
	if source != FromData {
		return r.sample(own, of).median()
	}
	return r.paired(own, Key{DataAlone, Validate, size}, of, func(all, data float64) float64 { return all - data })
}

// ratio is how many times another one's seconds riveter takes.
func (r Results) ratio(t Task, size int, other string) float64 {
	return r.paired(Key{Riveter, t, size}, Key{other, t, size}, wall, func(ours, theirs float64) float64 { return ours / theirs })
}

// bestScript is the one with the lowest median, or nothing.
func (r Results) bestScript(t Task, size int) string {
	scripts := slices.DeleteFunc(r.contenders(), func(c string) bool {
		return !strings.HasPrefix(c, Script) || len(r.sample(Key{c, t, size}, wall)) == 0
	})
	if len(scripts) == 0 {
		return ""
	}
	return slices.MinFunc(scripts, func(a, b string) int {
		if r.sample(Key{a, t, size}, wall).median() < r.sample(Key{b, t, size}, wall).median() {
			return -1
		}
		return 1
	})
}

// moreRequests compares what is asked for an apply; the limit's listing is the cheapest one.
func moreRequests(r Results, size int) check {
	ours, counted := r.requests(Key{Riveter, Apply, size})
	limit, countedToo := r.requests(Key{Limit, Apply, size})
	listing, listed := r.requests(Key{Limit, Again, size})
	if !counted || !countedToo || !listed {
		return check{math.NaN(), 0}
	}
	return check{float64(ours - limit), float64(listing)}
}
