package cores

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

func TestEachThingIsSomebodys(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for n, want := range map[int]int32{0: 1, 1: 1, enough: 1, 2*enough + 1: 2, 10*enough + 7: 3} {
		var calls atomic.Int32
		done := make([]int, n)
		Split(n, func(from, to int) {
			calls.Add(1)
			for i := from; i < to; i++ {
				done[i]++
			}
		})
		if calls.Load() != want || slices.ContainsFunc(done, func(times int) bool { return times != 1 }) {
			t.Errorf("%d things in %d calls", n, calls.Load())
		}
	}
}
