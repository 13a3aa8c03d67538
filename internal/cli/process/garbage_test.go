package process

import (
	"runtime"
	"runtime/metrics"
	"testing"
)

func TestThereIsRoomForGarbage(t *testing.T) {
	for inUse, want := range map[uint64]int{0: 1200, 1 << 20: 1200, 16 << 20: 300, 48 << 20: 100, 64 << 20: 75, 80 << 20: 60, 128 << 20: 45, 1 << 40: 45} {
		if got := percent(inUse); got != want {
			t.Errorf("with %d bytes in use, %d %%, and not %d %%", inUse, got, want)
		}
	}
}

func TestTheRoomFollowsWhatIsInUse(t *testing.T) {
	t.Setenv("GOGC", "")
	LeaveRoom()
	inUse := make([]byte, 3*room)
	now := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	for range 1000 { // as it follows some time after a collection
		runtime.GC()
		if metrics.Read(now); now[0].Value.Uint64() == garbage {
			break
		}
	}
	if got := now[0].Value.Uint64(); got != garbage {
		t.Errorf("%d %% with three times the room in use", got)
	}
	runtime.KeepAlive(inUse)
}
