package results

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// WriteMarkdown writes the tables of what there is.
func (r Results) WriteMarkdown(w io.Writer) {
	if len(r) == 0 {
		return
	}
	for _, setup := range r.setups() {
		fmt.Fprintf(w, "Measured %s on %s.\n\n", r.dates(), setup)
	}
	r.writePromises(w)
	for _, n := range r.sizes(Tasks...) {
		r.writeSize(w, n)
	}
	r.writeRequests(w)
	r.writeGrowth(w)
	r.writeAlone(w)
}

func (r Results) writePromises(w io.Writer) {
	fmt.Fprint(w, "What riveter is held to. A ratio or difference is the median of those within each round, since the machine's speed differs more between rounds than within one.\n\n")
	sizes := r.sizes(Tasks...)
	table(w, "actors", grouped(sizes), onRivet(), func(p promise) string { return p.text }, func(p promise, column int) string { return p.cell(r, sizes[column]) })
	table(w, "without a server", []string{"measured"}, alone(), func(p promise) string { return p.text }, func(p promise, _ int) string { return p.cell(r, 100_000) })
}

// writeSize writes what was measured with a number of actors.
func (r Results) writeSize(w io.Writer, n int) {
	rounds := 0
	for _, c := range r.contenders() {
		rounds = max(rounds, len(r.sample(Key{c, Apply, n}, wall)))
	}
	fmt.Fprintf(w, "## %s actors\n\nSeconds: median of %d, from the fastest to the slowest.\n\n", group(n), rounds)
	r.tasks(w, func(c string, t Task) string { return r.seconds(Key{c, t, n}, rounds) })
	fmt.Fprint(w, "CPU seconds of the tool + of the engine, and the tool's memory: medians.\n\n")
	r.tasks(w, func(c string, t Task) string { return r.spent(Key{c, t, n}) })
}

// seconds says how many measurements there are where it is not the expected number.
func (r Results) seconds(k Key, expected int) string {
	all := r.sample(k, wall)
	var said []string
	switch {
	case len(all) == 1:
		said = append(said, fmt.Sprintf("**%s**", figure(all[0])))
	case len(all) > 1:
		said = append(said, fmt.Sprintf("**%s** (%s–%s)", figure(all.median()), figure(all[0]), figure(all[len(all)-1])))
	}
	if len(all) != expected && len(all) > 0 {
		said = append(said, fmt.Sprintf("of %d", len(all)))
	}
	if n := r.failures(k); n > 0 {
		said = append(said, fmt.Sprintf("%d failed", n))
	}
	return strings.Join(said, ", ")
}

func (r Results) spent(k Key) string {
	if len(r.sample(k, tool)) == 0 {
		return ""
	}
	return fmt.Sprintf("%s + %s, %.0f MB", figure(r.sample(k, tool).median()), figure(r.sample(k, engine).median()), r.sample(k, megabytes).median())
}

func (r Results) writeRequests(w io.Writer) {
	sizes := slices.DeleteFunc(r.sizes(Tasks...), func(n int) bool {
		_, counted := r.requests(Key{Limit, Apply, n})
		return !counted
	})
	if len(sizes) == 0 {
		return
	}
	fmt.Fprintf(w, "## Requests\n\nTo the engine, for %s actors.\n\n", strings.Join(grouped(sizes), " / "))
	r.tasks(w, func(c string, t Task) string {
		var all []string
		for _, n := range sizes {
			if counted, ok := r.requests(Key{c, t, n}); ok {
				all = append(all, group(int(counted)))
			}
		}
		return strings.Join(all, " / ")
	})
}

// superlinear is a power from which on growth is worth a look.
const superlinear = 1.2

func (r Results) writeGrowth(w io.Writer) {
	if len(r.sizes(Tasks...)) < 2 {
		return
	}
	fmt.Fprintf(w, "## Growth\n\nThe power of the number of actors with which the seconds grow; 1 is linear. Riveter's is bold where it is above %g and the limit's is not.\n\n", superlinear)
	r.tasks(w, func(c string, t Task) string {
		power := r.growth(c, t, wall)
		return emphasized(power, c == Riveter && !(r.growth(Limit, t, wall) > superlinear))
	})
}

// emphasized writes a power, bold where it may be and is superlinear.
func emphasized(power float64, may bool) string {
	switch {
	case math.IsNaN(power):
		return ""
	case may && power > superlinear:
		return fmt.Sprintf("**%.2f**", power)
	}
	return fmt.Sprintf("%.2f", power)
}

func (r Results) writeAlone(w io.Writer) {
	sizes := r.sizes(Validate)
	if len(sizes) == 0 {
		return
	}
	fmt.Fprintf(w, "## Without a server\n\n`riveter validate`: CPU seconds and memory, medians of %d, and how the seconds grow, bold above %g.\n\n",
		len(r.sample(Key{DataAlone, Validate, sizes[0]}, tool)), superlinear)
	table(w, "", append(grouped(sizes), "growth"), []string{DataAlone, FromData, FromProduct}, func(name string) string { return name }, func(name string, column int) string {
		if column == len(sizes) {
			return emphasized(r.growth(name, Validate, tool), true)
		}
		k := Key{name, Validate, sizes[column]}
		return fmt.Sprintf("%s, %.0f MB", figure(r.sample(k, tool).median()), r.sample(k, megabytes).median())
	})
}

// tasks writes a table of contenders and tasks.
func (r Results) tasks(w io.Writer, cell func(contender string, t Task) string) {
	var header []string
	for _, t := range Tasks {
		header = append(header, string(t))
	}
	table(w, "", header, r.contenders(), title, func(c string, column int) string { return cell(c, Tasks[column]) })
}

// table writes a table with a row for each of all, but for those of which there is nothing to say.
func table[T any](w io.Writer, corner string, header []string, all []T, name func(T) string, cell func(row T, column int) string) {
	fmt.Fprintf(w, "| %s | %s |\n| --- |%s\n", corner, strings.Join(header, " | "), strings.Repeat(" --- |", len(header)))
	for _, row := range all {
		var cells []string
		for column := range header {
			cells = append(cells, cell(row, column))
		}
		if strings.Join(cells, "") != "" {
			fmt.Fprintf(w, "| %s | %s |\n", name(row), strings.Join(cells, " | "))
		}
	}
	fmt.Fprintln(w)
}

// figure writes seconds with about three digits.
func figure(seconds float64) string {
	switch {
	case seconds >= 100:
		return fmt.Sprintf("%.0f", seconds)
	case seconds >= 10:
		return fmt.Sprintf("%.1f", seconds)
	case seconds >= 0.1:
		return fmt.Sprintf("%.2f", seconds)
	}
	return fmt.Sprintf("%.3f", seconds)
}

func grouped(all []int) []string {
	var words []string
	for _, n := range all {
		words = append(words, group(n))
	}
	return words
}

// group writes a number with a comma between thousands.
func group(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
