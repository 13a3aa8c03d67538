package apply

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// server models what a server does with so many requests at once: how many of them end a second, and whether it asks for less.
type server struct {
	name string
	ends func(atOnce float64) float64
	most int // at once that it bears, or 0
}

var servers = []server{
	{"of few cores", func(atOnce float64) float64 { return min(10*atOnce, 40) }, 0},
	{"far away", func(atOnce float64) float64 { return 10 * atOnce }, 0},
	{"of many cores", func(atOnce float64) float64 { return min(10*atOnce, 600) }, 0},
	{"that stumbles", func(atOnce float64) float64 { return 100 / (1 + max(0, atOnce-20)/20) }, 0},
	{"that sheds load", func(atOnce float64) float64 { return 10 * atOnce }, 24},
}

// simulate ends changes on the server, at the limit's pace, and returns how many ended a second and the limit at the end.
func (s server) simulate(l *limit, changes int, seed uint64) (rate float64, last int) {
	random := rand.New(rand.NewPCG(seed, 0))
	began := time.Unix(0, 0)
	now, pressure := began, int64(0)
	for range changes {
		now = now.Add(time.Duration(random.ExpFloat64() / s.ends(float64(l.current)) * float64(time.Second)))
		if s.most > 0 && l.current > s.most {
			pressure++
		}
		l.observe(pressure, now)
	}
	return float64(changes) / now.Sub(began).Seconds(), l.current
}

func TestLimitIsNoWorseThanTheUsualOne(t *testing.T) {
	for _, s := range servers {
		for _, changes := range []int{100, 1000, 10000} {
			t.Run(fmt.Sprintf("a server %s, %d changes", s.name, changes), func(t *testing.T) {
				var adapted, fixed float64
				for seed := range uint64(20) {
					a, _ := s.simulate(newLimit(0, 0, time.Unix(0, 0)), changes, seed)
					f, _ := s.simulate(newLimit(usualLimit, 0, time.Unix(0, 0)), changes, seed)
					adapted, fixed = adapted+a, fixed+f
				}
				t.Logf("%.2f times as fast", adapted/fixed)
				if adapted < 0.93*fixed {
					t.Errorf("%.2f times as fast as with %d at once", adapted/fixed, usualLimit)
				}
			})
		}
	}
}

// TestLimitFindsWhatAServerCanDo looks at limits after a while, of servers that gain by more at once and of those that do not.
func TestLimitFindsWhatAServerCanDo(t *testing.T) {
	for name, within := range map[string][2]int{
		"of few cores": {usualLimit, 36}, "far away": {100, maximumLimit}, "of many cores": {48, maximumLimit},
		"that stumbles": {usualLimit, 24}, "that sheds load": {usualLimit / 2, 24},
	} {
		for _, s := range servers {
			if s.name != name {
				continue
			}
			var sum int
			for seed := range uint64(20) {
				_, last := s.simulate(newLimit(0, 0, time.Unix(0, 0)), 20000, seed)
				sum += last
			}
			if mean := sum / 20; mean < within[0] || mean > within[1] {
				t.Errorf("a server %s: %d at once, want %v", name, mean, within)
			}
		}
	}
}

func TestLimitGivesWayToPressure(t *testing.T) {
	l := newLimit(0, 0, time.Now())
	for range 2 * initialLimit {
		l.observe(0, time.Now())
	}
	if l.current != usualLimit {
		t.Errorf("after quiet results: %d at once, want %d", l.current, usualLimit)
	}
	l.observe(3, time.Now())
	l.observe(3, time.Now())
	if want := usualLimit / 2; l.current != want {
		t.Errorf("after one time of pressure: %d at once, want %d", l.current, want)
	}
	for pressure := range int64(100) {
		l.observe(4+pressure, time.Now())
	}
	if l.current != 1 {
		t.Errorf("under constant pressure: %d at once, want 1", l.current)
	}
}

func TestLimitStaysWhereItIsFixed(t *testing.T) {
	l := newLimit(3, 0, time.Now())
	for pressure := range int64(100) {
		l.observe(pressure/10, time.Now())
	}
	if l.current != 3 {
		t.Errorf("%d at once, want the fixed 3", l.current)
	}
}
