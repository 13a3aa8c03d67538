package process

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// room is what may be allocated before the garbage is collected. To collect means to look through all that is in use, which many
// times over is what a heap that grows from nothing costs most.
const room = 48 << 20

// garbage is how much of it there may be at least, in percent of what is in use. With 60, evaluating 100,000 instances takes an eighth more
// memory and no less time.
const garbage = 45

// LeaveRoom keeps garbage from being collected until there is some room of it, after the first collection and after each that follows, or more
// where much is in use. The first one is Go's own, at 4 MB, which a short run does not get to. What the environment says of the heap, in GOGC
// or GOMEMLIMIT, has precedence.
func LeaveRoom() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	collected(func() {
		growIntoHugePages()
		leaveRoom()
	})
}

func leaveRoom() {
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(inUse)
	debug.SetGCPercent(percent(inUse[0].Value.Uint64()))
	collected(leaveRoom)
}

// collected calls what is to come after the next collection.
func collected(then func()) {
	runtime.SetFinalizer(&struct{ _ *int }{}, func(any) { then() })
}

// percent returns how much garbage there may be, as a part of what is in use. The least heap of Go's is 4 MB at 100 %.
func percent(inUse uint64) int { return int(max(garbage, 100*room/max(inUse, 4<<20))) }
