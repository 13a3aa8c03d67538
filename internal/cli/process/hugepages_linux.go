package process

import (
	"bytes"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
)

const (
	ahead  = 128 << 20 // bytes of the heap that are to be of huge pages
	plenty = 512 << 20 // bytes of memory with which it does not matter that some of a huge page may stay unused
)

// growIntoHugePages has Linux give the heap, as it grows, pages of 2 MB for those of 4 kB, where it does so for who asks: "madvise" in
// /sys/kernel/mm/transparent_hugepage/enabled, as most distributions have it. Of small ones, a plan of 5,000 actors touches 13,000 for the first
// time, which was half of its time in a virtual machine. Nothing is taken before it is used: what is allocated here is garbage at once, and the
// heap grows into its place.
func growIntoHugePages() {
	if isLimited("/sys/fs/cgroup/memory.max") {
		return
	}
	debug.SetGCPercent(-1) // until the one that is asked for
	_ = syscall.Madvise(make([]byte, ahead), syscall.MADV_HUGEPAGE)
	runtime.GC()
}

// isLimited reports whether the program may have only so many addresses, or too little memory by the file of its control group.
func isLimited(group string) bool {
	var addresses syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &addresses); err != nil || addresses.Cur != math.MaxUint64 {
		return true
	}
	content, err := os.ReadFile(group)
	if err != nil {
		return false
	}
	memory, err := strconv.ParseUint(string(bytes.TrimSpace(content)), 10, 64)
	return err == nil && memory < plenty // it is "max" where there is no limit
}
