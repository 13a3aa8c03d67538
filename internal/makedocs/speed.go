package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"riveter/acceptance/speed/results"
)

// What acceptance/speed has measured, and where it is told.
const (
	speedResults = "acceptance/speed/results.jsonl"
	speedPage    = "docs/speed.md"
	speedPicture = "docs/picture/speed.svg"
)

// measured is a line of the page after which there are tables until its end.
const measured = "<!-- measured: " + speedResults + " -->\n"

// fillSpeed fills the page about speed, and draws its picture.
func fillSpeed(dir string, pages map[string][]byte) error {
	lines, err := os.ReadFile(filepath.Join(dir, speedResults))
	if err != nil {
		return err
	}
	all, err := results.Parse(lines)
	if err != nil {
		return fmt.Errorf("%s: %w", speedResults, err)
	}
	path := filepath.Join(dir, speedPage)
	told, _, found := bytes.Cut(pages[path], []byte(measured))
	if !found {
		return fmt.Errorf("%s has no line %q", speedPage, measured)
	}
	page := bytes.NewBuffer(append(bytes.Clone(told), measured+"\n"...))
	all.WriteMarkdown(page)
	pages[path] = append(bytes.TrimSpace(page.Bytes()), '\n')
	pages[filepath.Join(dir, speedPicture)] = all.Picture()
	return nil
}
