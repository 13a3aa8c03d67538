//go:build linux

package main

import (
	"slices"
	"testing"
)

func TestInEachTwoRoundsEverybodyIsBeforeAndAfterEverybodyElse(t *testing.T) {
	t.Parallel()
	all := []contender{{name: "a"}, {name: "b"}, {name: "c"}}
	isBefore := func(one, other string, round int) bool {
		at := func(name string) int {
			return slices.IndexFunc(order(all, round), func(c contender) bool { return c.name == name })
		}
		return at(one) < at(other)
	}
	begin := map[string]bool{}
	for round := 1; round <= 6; round += 2 {
		begin[order(all, round)[0].name] = true
		for _, pair := range [][2]string{{"a", "b"}, {"b", "c"}, {"a", "c"}} {
			if isBefore(pair[0], pair[1], round) == isBefore(pair[0], pair[1], round+1) {
				t.Errorf("rounds %d and %d: %s and %s are in the same order", round, round+1, pair[0], pair[1])
			}
		}
	}
	if len(begin) != len(all) {
		t.Errorf("only %v begin", begin)
	}
}
