// Package manual writes Markdown about the language and the commands, made of what decodes and runs them, so that it cannot grow
// stale: parts of the pages in docs, and instructions for coding agents.
package manual

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
)

// Manual is what there is to write about.
type Manual struct {
	Language *hcl.Schema
	Program  *cli.App
}

// What is between a line that begins with begin and one that is end is written by Fill.
const (
	begin = "<!-- generated: "
	end   = "<!-- /generated -->"
)

// Fill returns a page with its generated parts as they are now. Each is named by a comment before it:
//
//	<!-- generated: block actor.action -->
//	<!-- /generated -->
//
// The parts are "top" (a table of the blocks of a file), "block" with the path of one, "functions", "commands" (a table), and "command" with the name of one.
func (m *Manual) Fill(page []byte) ([]byte, error) {
	var out bytes.Buffer
	open := ""
	for line := range strings.Lines(string(page)) {
		rest, begins := strings.CutPrefix(line, begin)
		switch {
		case begins:
			open = strings.TrimSuffix(strings.TrimSpace(rest), " -->")
			part, err := m.part(strings.Fields(open))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", open, err)
			}
			fmt.Fprintf(&out, "%s\n%s\n", line, part)
		case strings.TrimSpace(line) == end:
			open = ""
			out.WriteString(line)
		case open == "":
			out.WriteString(line)
		}
	}
	if open != "" {
		return nil, fmt.Errorf("%s: there is no %s after it", open, end)
	}
	return out.Bytes(), nil
}

// part writes the part of a name.
func (m *Manual) part(words []string) (string, error) {
	switch {
	case len(words) == 1 && words[0] == "top":
		return m.top(), nil
	case len(words) == 2 && words[0] == "block":
		return m.block(words[1])
	case len(words) == 2 && words[0] == "command":
		return m.command(words[1])
	case len(words) == 1 && words[0] == "commands":
		return m.commands(), nil
	case len(words) == 1 && words[0] == "functions":
		return m.functions(), nil
	default:
		return "", fmt.Errorf("there is no such part")
	}
}

// cell is a text in a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
