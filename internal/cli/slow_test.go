package cli

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"riveter/internal/cli/process"
)

func TestASilentServerIsNotWaitedForLongerThanIsSaid(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(done)
	dir := t.TempDir()
	source := "rivet {\n  endpoint = \"" + server.URL + "\"\n  retries = 0\n  timeouts {\n    request = \"1500ms\"\n  }\n}\nactor \"counter\" \"c\" {\n  key = \"c\"\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	began := time.Now()
	code := Run(process.Env{Args: []string{"plan", dir}, Stdout: &stdout, Stderr: &stderr, Stdin: strings.NewReader(""), StderrIsTerminal: true, Width: 80})
	if took := time.Since(began); code != exitError || took > 10*time.Second || !strings.Contains(stderr.String(), "no answer") {
		t.Errorf("exit code %d after %s", code, took)
	}
	if !strings.Contains(stderr.String(), "Waiting for Rivet to answer") {
		t.Errorf("nothing is said meanwhile: %s", stderr.String())
	}
}
