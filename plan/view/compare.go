package view

import (
	"strings"
)

// comparedLines is how much of the difference of two plans is told.
const comparedLines = 200

// Compare returns the difference of what two plans would do, as a unified difference of their drawings. It is empty where
// they look the same.
func Compare(before, after *Document) (string, error) {
	old, err := before.drawn()
	if err != nil {
		return "", err
	}
	current, err := after.drawn()
	if err != nil {
		return "", err
	}
	lines := strings.SplitAfter(string(Unified("approved", "now", old, current)), "\n")
	if more := len(lines) - 1 - comparedLines; more > 0 {
		return strings.Join(lines[:comparedLines], "") + "… and " + Count(more, "more line") + "\n", nil
	}
	return strings.Join(lines, ""), nil
}

// drawn is what the document would do, with every instance, and its closing line.
func (d *Document) drawn() (string, error) {
	var b strings.Builder
	c := newCanvas(&b, Options{Verbose: true})
	c.changes(d, false)
	c.println(d.PlanLine())
	err := c.flush()
	return b.String(), err
}
