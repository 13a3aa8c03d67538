package apply

import "time"

// Concurrency when nobody fixes it.
const (
	initialLimit = 8
	usualLimit   = 16  // keeps an engine of one node busy, so that less needs a reason
	maximumLimit = 128 // needs one too
)

// How much more at once is tried, how much more must come of it to be worth it, and how much less may come of less.
const (
	stride = 3.0 / 2
	gain   = 1.2
	loss   = 0.95
)

// restWindows is how long a limit is left alone that turned out to be right.
const restWindows = 8

// limit says how many changes may run at once. It looks for the fewest that end the most of them a second, and gives way at once
// when the server asks for less.
type limit struct {
	current  int
	fixed    bool
	pressure int64 // last seen
	pressed  bool  // ever

	ended int       // changes, in this window
	since time.Time // when the window began

	proven int     // the limit that others are compared with
	rate   float64 // the changes a second that ended with it
	rest   int     // windows until another one is tried
	fewer  bool    // whether that is to be a smaller one
}

func newLimit(parallelism int, pressure int64, now time.Time) *limit {
	if parallelism > 0 {
		return &limit{current: parallelism, fixed: true}
	}
	return &limit{current: initialLimit, pressure: pressure, since: now}
}

// observe adapts the limit after a change has ended.
func (l *limit) observe(pressure int64, now time.Time) {
	switch {
	case l.fixed:
	case pressure > l.pressure:
		l.pressure, l.pressed = pressure, true
		l.settle(max(1, l.current/2), 0, now)
	default:
		if l.ended++; l.current < usualLimit {
			l.approach(now)
		} else if l.ended >= 4*l.current {
			l.judge(float64(l.ended)/now.Sub(l.since).Seconds(), now)
		}
	}
}

// approach goes on to the usual limit when as many changes have ended as run at once: fast, unless the server has asked for less.
func (l *limit) approach(now time.Time) {
	if l.ended < l.current {
		return
	}
	next := min(2*l.current, usualLimit)
	if l.pressed {
		next = l.current + 1
	}
	l.settle(next, 0, now)
}

// judge compares the limit with the proven one, by the changes a second that ended with it, and says what is tried next.
func (l *limit) judge(rate float64, now time.Time) {
	switch {
	case l.current == l.proven && l.rest > 0:
		l.rest--
		l.restart(now)
	case l.current == l.proven || l.rate == 0:
		l.settle(l.current, rate, now)
		l.try(now)
	case l.current > l.proven && rate >= gain*l.rate:
		l.settle(l.current, rate, now)
		l.try(now)
	case l.current < l.proven && rate >= loss*l.rate:
		l.settle(l.current, rate, now)
	default:
		l.settle(l.proven, l.rate, now)
		l.rest, l.fewer = restWindows, !l.fewer
	}
}

// try has another limit, which is compared with the proven one.
func (l *limit) try(now time.Time) {
	l.current = min(maximumLimit, int(float64(l.proven)*stride))
	if l.fewer {
		l.current = max(usualLimit, int(float64(l.proven)/stride))
	}
	if l.current == l.proven {
		l.fewer = !l.fewer
	}
	l.restart(now)
}

func (l *limit) settle(proven int, rate float64, now time.Time) {
	l.current, l.proven, l.rate, l.rest = proven, proven, rate, 0
	l.restart(now)
}

func (l *limit) restart(now time.Time) { l.ended, l.since = 0, now }
