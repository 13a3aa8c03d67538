package devrivet

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

const oldestNode = 20

var errNoNode = fmt.Errorf("a Rivet needs Node.js with npm: install Node.js %d or newer", oldestNode)

// findNode finds a node that is new enough.
func findNode(ctx context.Context) (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errNoNode
	}
	printed, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("run node --version: %w", err)
	}
	version := strings.TrimSpace(string(printed))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestNode {
		return "", fmt.Errorf("%w (this is %.20q)", errNoNode, version)
	}
	return node, nil
}

// findNPM finds npm, which comes with Node.js but not with every package of it.
func findNPM() (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errNoNode
	}
	return npm, nil
}
