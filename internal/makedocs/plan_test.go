package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestThePictureIsCurrent asks a real engine for the plan that the README shows. It changes the directory of the process.
func TestThePictureIsCurrent(t *testing.T) {
	t.Chdir("../..")
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want, err := drawPlan(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, planPicture))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is out of date; \"go run ./internal/makedocs\" draws it anew: %s", planPicture, diff)
	}
}
