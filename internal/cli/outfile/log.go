package outfile

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"riveter/internal/cli/process"
	"riveter/internal/operate"
	"riveter/internal/redact"
)

// levelTrace is below all that is logged.
const levelTrace = slog.LevelDebug - 4

// Log is where the requests of a run are logged to.
type Log struct {
	*slog.Logger
	IsShown bool // on standard error, between all that is shown there

	file    *File          // nil where that is standard error, or nothing is logged
	written *redact.Writer // to the file
}

// NewLog returns the log that RIVETER_LOG and RIVETER_LOG_PATH ask for. No secret is logged to a file, also where a server sends it
// back; what goes to standard error is redacted there.
func NewLog(env *process.Env, secrets *redact.Set, guard *Guard) (Log, error) {
	name, _ := env.Lookup("RIVETER_LOG")
	path, _ := env.Lookup("RIVETER_LOG_PATH")
	level, ok := logLevel(name)
	switch {
	case name == "" || strings.EqualFold(name, "off"):
		return Log{Logger: slog.New(slog.DiscardHandler)}, nil
	case !ok:
		return Log{}, operate.Problemf("Invalid environment", "RIVETER_LOG is trace, debug, info, warn, error or off, not %q.", name)
	case path == "":
		return Log{Logger: newLogger(env.Stderr, level), IsShown: true}, nil
	}
	file, err := New(path, os.O_APPEND, 0o600, guard)
	written := redact.NewWriter(file, secrets, nil)
	return Log{Logger: newLogger(written, level), file: file, written: written}, err
}

func newLogger(to io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level}))
}

func logLevel(name string) (slog.Level, bool) {
	if strings.EqualFold(name, "trace") {
		return levelTrace, true
	}
	var level slog.Level
	known := slices.Contains([]string{"debug", "info", "warn", "error"}, strings.ToLower(name))
	return level, known && level.UnmarshalText([]byte(name)) == nil
}

// Open returns why nothing can be logged.
func (l Log) Open() error { return explain(l.file.Open()) }

// Close closes the file of the log, if it has one, and returns why something is not in it, which nobody heard of before.
func (l Log) Close() error {
	if l.file == nil {
		return nil
	}
	lost := l.written.Flush()
	return explain(cmp.Or(lost, l.file.Close()))
}

func explain(err error) error {
	if _, explained := errors.AsType[*operate.Problem](err); err == nil || explained {
		return err
	}
	return operate.Problemf("Log cannot be written", "%s. RIVETER_LOG_PATH says where it is.", err)
}
