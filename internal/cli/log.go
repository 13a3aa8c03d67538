package cli

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"riveter/internal/operate"
	"riveter/internal/redact"
)

// levelTrace is below all that is logged.
const levelTrace = slog.LevelDebug - 4

// logs is where the requests of a run are logged to.
type logs struct {
	*slog.Logger
	file    *outlet // nil where that is standard error, or nothing is logged
	isShown bool    // on standard error, between all that is shown there
}

// openLogs opens what RIVETER_LOG and RIVETER_LOG_PATH say. Nothing secret is logged, also where a server sends it back.
func (a *app) openLogs() (logs, error) {
	name, _ := a.env.lookup("RIVETER_LOG")
	path, _ := a.env.lookup("RIVETER_LOG_PATH")
	level, ok := logLevel(name)
	switch {
	case name == "" || strings.EqualFold(name, "off"):
		return logs{Logger: slog.New(slog.DiscardHandler)}, nil
	case !ok:
		return logs{}, operate.Problemf("Invalid environment", "RIVETER_LOG is trace, debug, info, warn, error or off, not %q.", name)
	case path == "":
		return logs{Logger: newLogger(a.env.Stderr, level), isShown: true}, nil
	}
	file, err := a.newOutlet(path, os.O_APPEND, 0o600)
	return logs{Logger: newLogger(redact.NewWriter(file, a.secrets, nil), level), file: file}, err
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

// open returns why nothing can be logged.
func (l logs) open() error {
	if l.file == nil {
		return nil
	}
	return l.explain(l.file.open())
}

func (l logs) close() error {
	if l.file == nil {
		return nil
	}
	return l.explain(l.file.Close())
}

func (l logs) explain(err error) error {
	if _, explained := errors.AsType[*operate.Problem](err); err == nil || explained {
		return err
	}
	return operate.Problemf("Log cannot be written", "%s. RIVETER_LOG_PATH says where it is.", err)
}
