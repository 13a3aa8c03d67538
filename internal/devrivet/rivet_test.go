package devrivet_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"riveter/internal/devrivet"
)

func TestStartAnswersOverHTTP(t *testing.T) {
	rivet, err := devrivet.Start(t.Context(), devrivet.Options{
		Registry: filepath.Join("..", "..", "examples", "registry"),
		Progress: os.Stderr,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rivet.Stop()
	answer, err := http.Get(rivet.Endpoint() + "/actors/names?namespace=default")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("GET /actors/names: %s", answer.Status)
	}
}
