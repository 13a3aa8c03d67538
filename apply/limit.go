package apply

// Concurrency when nobody fixes it. More than a few at once brings nothing on an engine of one node and lengthens the
// waiting, so the limit grows slowly and shrinks fast.
const (
	initialLimit = 8
	maximumLimit = 16
)

// limit says how many changes may run at once.
type limit struct {
	current  int
	fixed    bool
	pressure int64 // last seen
	calm     int   // results since the limit last moved
}

func newLimit(parallelism int, pressure int64) *limit {
	if parallelism > 0 {
		return &limit{current: parallelism, fixed: true}
	}
	return &limit{current: initialLimit, pressure: pressure}
}

// observe adapts the limit after a change has ended: halved when the server asked for less meanwhile, one more after as
// many quiet results as run at once.
func (l *limit) observe(pressure int64) {
	if l.fixed {
		return
	}
	if pressure > l.pressure {
		l.pressure, l.calm = pressure, 0
		l.current = max(1, l.current/2)
		return
	}
	if l.calm++; l.calm >= l.current {
		l.calm = 0
		l.current = min(maximumLimit, l.current+1)
	}
}
