package apply

import "testing"

func TestLimitAdaptsToPressure(t *testing.T) {
	l := newLimit(0, 0)
	for range 1000 {
		l.observe(0)
	}
	if l.current != maximumLimit {
		t.Errorf("after quiet results: %d at once, want %d", l.current, maximumLimit)
	}
	l.observe(3)
	l.observe(3)
	if want := maximumLimit / 2; l.current != want {
		t.Errorf("after one time of pressure: %d at once, want %d", l.current, want)
	}
	for pressure := range int64(100) {
		l.observe(4 + pressure)
	}
	if l.current != 1 {
		t.Errorf("under constant pressure: %d at once, want 1", l.current)
	}
}

func TestLimitStaysWhereItIsFixed(t *testing.T) {
	l := newLimit(3, 0)
	for pressure := range int64(100) {
		l.observe(pressure / 10)
	}
	if l.current != 3 {
		t.Errorf("%d at once, want the fixed 3", l.current)
	}
}
