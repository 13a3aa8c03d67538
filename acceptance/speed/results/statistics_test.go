package results

import (
	"math"
	"testing"
)

// took are measurements of a task by their round.
func took(contender string, size int, walls ...float64) Results {
	var all Results
	for i, w := range walls {
		all = append(all, Record{Key: Key{contender, Apply, size}, Round: i + 1, Cost: Cost{Wall: w}})
	}
	return all
}

func TestMedian(t *testing.T) {
	t.Parallel()
	failed := Record{Key: Key{Riveter, Apply, 100}, Round: 4, Failed: "exit status 1"}
	counted := Record{Key: Key{Riveter, Apply, 100}, Requests: 200}
	for _, of := range []struct {
		all  Results
		want float64
	}{
		{nil, math.NaN()},
		{took(Riveter, 100, 3), 3},
		{took(Riveter, 100, 33, 1, 2), 2},
		{took(Riveter, 100, 33, 1, 2, 4), 3},
		{append(took(Riveter, 100, 33, 1, 2), failed, counted), 2},
		{append(took(Riveter, 100, 5), took(Riveter, 1000, 1, 1)...), 5},
	} {
		if got := of.all.sample(Key{Riveter, Apply, 100}, wall).median(); !same(got, of.want) {
			t.Errorf("%v: %v, not %v", of.all, got, of.want)
		}
	}
}

func TestARatioComparesWithinARound(t *testing.T) {
	t.Parallel()
	for _, of := range []struct {
		ours, limit []float64
		want        float64
	}{
		{[]float64{2, 20, 4}, []float64{2, 20, 4}, 1},       // a slow machine slows both
		{[]float64{2, 40, 6}, []float64{2, 20, 4}, 1.5},     //
		{[]float64{2, 3, 33}, []float64{1, 2}, 1.75},        // a round without the limit says nothing
		{nil, []float64{1}, math.NaN()},                     //
		{[]float64{31, 1, 1}, []float64{1, 1, 31}, 1},       // each stalls once
		{[]float64{1, 1, 1}, []float64{1, 0.5, 31}, 1},      //
		{[]float64{1, 1, 1, 1}, []float64{1, 1, 2, 2}, .75}, //
	} {
		all := append(took(Riveter, 100, of.ours...), took(Limit, 100, of.limit...)...)
		if got := all.ratio(Apply, 100, Limit); !same(got, of.want) {
			t.Errorf("%v beside %v: %v, not %v", of.ours, of.limit, got, of.want)
		}
	}
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]struct {
		all  Results
		want float64
	}{
		"linear":              {append(took(Limit, 100, 1), took(Limit, 5000, 50)...), 1},
		"quadratic":           {append(append(took(Limit, 10, 1), took(Limit, 100, 100)...), took(Limit, 1000, 1e4)...), 2},
		"one size":            {took(Limit, 100, 1, 2, 3), math.NaN()},
		"a size of others":    {append(took(Limit, 100, 1), took(Riveter, 1000, 1)...), math.NaN()},
		"nothing is measured": {nil, math.NaN()},
	} {
		if got := of.all.growth(Limit, Apply, wall); !same(got, of.want) {
			t.Errorf("%s: %v, not %v", name, got, of.want)
		}
	}
}

func same(a, b float64) bool {
	return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b)
}
