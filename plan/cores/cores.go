// Package cores has work on many things of one kind done on all cores.
package cores

import (
	"runtime"
	"sync"
)

// enough is how many things are worth a core of their own.
const enough = 1_000

// Split calls work with ranges that are all of n things together, one a core and at the same time, and returns when all of them are done. Few things
// are one range.
func Split(n int, work func(from, to int)) {
	shares := min(runtime.GOMAXPROCS(0), max(1, n/enough))
	var all sync.WaitGroup
	for share := range shares - 1 {
		all.Go(func() { work(n*share/shares, n*(share+1)/shares) })
	}
	work(n*(shares-1)/shares, n)
	all.Wait()
}
