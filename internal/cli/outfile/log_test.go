package outfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"riveter/internal/cli/process"
	"riveter/internal/redact"
)

func TestALogOnAFullDiskIsTold(t *testing.T) {
	t.Parallel()
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]string{full: "no space left on device. RIVETER_LOG_PATH says where it is", filepath.Join(t.TempDir(), "log"): ""} {
		log, err := NewLog(&process.Env{Environ: []string{"RIVETER_LOG=info", "RIVETER_LOG_PATH=" + path}}, &redact.Set{}, &Guard{})
		if err != nil {
			t.Fatal(err)
		}
		log.Info("one")
		log.Info("two")
		if err := log.Close(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
