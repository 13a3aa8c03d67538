package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// written is what the tests have seen of the output of -json.
var written stream

// stream is messages, a line each. In the end another validator of JSON Schema looks at them than the tests have
// themselves.
type stream struct {
	mu    sync.Mutex
	lines strings.Builder
}

// add keeps the messages in an output, which may have other lines too.
func (s *stream) add(output string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, `{"@level":`) && strings.HasSuffix(line, "\n") {
			s.lines.WriteString(line)
		}
	}
}

// validate has ajv look at all of it, in a file.
func (s *stream) validate(file string) error {
	if s.lines.Len() == 0 {
		return nil
	}
	if err := os.WriteFile(file, []byte(s.lines.String()), 0o600); err != nil {
		return err
	}
	dir, err := installed("ajv")
	if err != nil {
		return err
	}
	ajv := exec.Command("node", "validate.cjs", "internal/cli/screen/stream.schema.json", file)
	ajv.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(dir, "lib", "node_modules"))
	if out, err := ajv.CombinedOutput(); err != nil {
		return fmt.Errorf("what -json has written does not follow its schema, ajv says: %w\n%s", err, out)
	}
	return nil
}
