package results

import (
	"math"
	"slices"
)

// A part is one figure of a measurement.
type part func(Record) float64

func wall(r Record) float64      { return r.Wall }
func tool(r Record) float64      { return r.Tool }
func engine(r Record) float64    { return r.Engine }
func megabytes(r Record) float64 { return float64(r.Memory) / (1 << 20) }

// A sample is one figure of comparable measurements, from the least to the most.
type sample []float64

// sample leaves out what failed.
func (r Results) sample(k Key, of part) sample {
	var all sample
	for _, m := range r {
		if m.Key == k && m.Round > 0 && m.Failed == "" {
			all = append(all, of(m))
		}
	}
	slices.Sort(all)
	return all
}

// median is NaN where nothing was measured.
func (s sample) median() float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// failures counts how often a contender came to nothing in a task.
func (r Results) failures(k Key) int {
	n := 0
	for _, m := range r {
		if m.Key == k && m.Round > 0 && m.Failed != "" {
			n++
		}
	}
	return n
}

// requests returns how many requests a contender makes, and whether they were counted.
func (r Results) requests(k Key) (int64, bool) {
	for _, m := range slices.Backward(r) {
		if m.Key == k && m.Setup == nil && m.Round == 0 && m.Failed == "" {
			return m.Requests, true
		}
	}
	return 0, false
}

// paired is the median, over the rounds that have both, of what compare makes of the one and the other.
func (r Results) paired(one, other Key, of part, compare func(one, other float64) float64) float64 {
	var all sample
	for _, in := range r.rounds() {
		if value := compare(in.sample(one, of).median(), in.sample(other, of).median()); !math.IsNaN(value) {
			all = append(all, value)
		}
	}
	slices.Sort(all)
	return all.median()
}

// rounds splits measurements by their round.
func (r Results) rounds() map[int]Results {
	split := map[int]Results{}
	for _, m := range r {
		split[m.Round] = append(split[m.Round], m)
	}
	return split
}

// growth fits a power of the size to medians, by least squares of the logarithms. It is NaN for less than two sizes, as 0/0 is.
func (r Results) growth(contender string, task Task, of part) float64 {
	var n, sx, sy, sxx, sxy float64
	for _, size := range r.sizes(task) {
		took := r.sample(Key{contender, task, size}, of).median()
		if math.IsNaN(took) {
			continue
		}
		x, y := math.Log(float64(size)), math.Log(took)
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
