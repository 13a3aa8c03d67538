// Makedocs writes what is generated in the documentation: the parts of pages that the language and the commands say, what
// acceptance/speed has measured, and the picture of a plan, for which it starts a real engine. It is to be run in the root of the repository:
//
//	go run ./internal/makedocs
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"
)

func main() {
	if err := write(context.Background()); err != nil {
		log.Fatal("makedocs: ", err)
	}
}

func write(ctx context.Context) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	pages, err := fill(root)
	if err != nil {
		return err
	}
	drawn, err := drawPlan(ctx, root)
	if err != nil {
		return err
	}
	pages[filepath.Join(root, planPicture)] = drawn
	for path, content := range pages {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
