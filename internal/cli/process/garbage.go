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

// garbage is how much of it there may be at least, in percent of what is in use. With Go's own 100, evaluating 100,000 instances takes a quarter more
// memory and a tenth less time.
const garbage = 60

// LeaveRoom keeps garbage from being collected until there is some room of it, now and after each collection, or more where much is in
// use. What the environment says in GOGC has precedence.
func LeaveRoom() {
	if os.Getenv("GOGC") != "" {
		return
	}
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(inUse)
	debug.SetGCPercent(percent(inUse[0].Value.Uint64()))
	collected := &struct{ _ *int }{} // by the next collection
	runtime.SetFinalizer(collected, func(any) { LeaveRoom() })
}

// percent returns how much garbage there may be, as a part of what is in use. The least heap of Go's is 4 MB at 100 %.
func percent(inUse uint64) int { return int(max(garbage, 100*room/max(inUse, 4<<20))) }
