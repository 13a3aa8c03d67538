//go:build linux

package main

import (
	"testing"
	"time"
)

func TestAProcessMayHaveAnyName(t *testing.T) {
	t.Parallel()
	const rest = " S 7 42 42 0 -1 4194560 1 0 0 0 150 25 3 4 20 0 9 0 1 2 3"
	for _, name := range []string{"rivet-engine", "a (b) c", ") ) 1 2"} {
		want := stat{42, 7, name, 1750 * time.Millisecond}
		if got := parseStat("42 (" + name + ")" + rest); got != want {
			t.Errorf("%q: %+v", name, got)
		}
	}
}
