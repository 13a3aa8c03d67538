package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"riveter/internal/atomicfile"
)

// Local returns the home of a ledger that is the file at path, with its journal and its lock beside it, all of them
// readable by their owner alone. Where path is a symbolic link, that is beside the file that it points to. Anything else at
// one of these paths than a file of a sensible size is an error of whatever would use it, and is left alone.
func Local(path string) Home {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return local{path}
}

// Document returns where the document of a home is on this machine, as an absolute path; nothing where [Local] has not returned it.
func Document(h Home) string {
	l, ok := h.(local)
	if !ok {
		return ""
	}
	path, err := filepath.Abs(l.path)
	if err != nil {
		return l.path // of a working directory that is gone
	}
	return path
}

type local struct{ path string }

func (l local) String() string { return l.path }

func (l local) Files() []string {
	return []string{l.path, l.path + ".journal", l.path + ".lock", l.path + ".holder"}
}

func (l local) Lock(_ context.Context, holder Holder) (Lease, error) {
	for _, path := range []string{l.path, l.path + ".lock", l.path + ".holder"} {
		if err := checkFile(path); err != nil {
			return nil, fmt.Errorf("lock ledger: %w", err)
		}
	}
	return lockFile(l.path, holder)
}

func (l local) Load(context.Context) ([]byte, error) {
	data, err := readFile(l.path)
	if !errors.Is(err, fs.ErrNotExist) {
		return data, err
	}
	_, err = os.Stat(filepath.Dir(l.path)) // a ledger may be missing, its directory is a mistake
	return nil, err
}

func (l local) Save(_ context.Context, _ Lease, write func(io.Writer) error) error {
	if err := atomicfile.Write(l.path, 0o600, write); err != nil {
		return fmt.Errorf("%w; the old version is still there", err)
	}
	return nil
}

func (l local) Journal(Lease) Journal { return localJournal{l.path + ".journal"} }

// LocalJournal returns the journal that is the file at path.
func LocalJournal(path string) Journal { return localJournal{path} }

type localJournal struct{ path string }

func (j localJournal) String() string { return j.path }

func (j localJournal) Open(context.Context) (io.ReadCloser, error) { return openFile(j.path) }

// Append opens the file anew each time, and so notices when somebody has removed it or appended to it.
func (j localJournal) Append(at int64, data []byte) (err error) {
	if at+int64(len(data)) > maxSize {
		return fmt.Errorf("%s would have more than the %d bytes that are read again", j.path, maxSize)
	}
	flags := os.O_WRONLY | os.O_APPEND
	if at == 0 {
		flags |= os.O_CREATE | os.O_EXCL
	}
	file, err := os.OpenFile(j.path, flags, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if info, err := file.Stat(); err != nil || info.Size() != at {
		return errors.Join(err, fmt.Errorf("%s is not as this run left it: another one has written to it", j.path))
	}
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := file.Sync(); err != nil || at > 0 {
		return err
	}
	return atomicfile.SyncDirectory(filepath.Dir(j.path))
}

func (j localJournal) Draft() Journal { return nil }

func (j localJournal) Private() bool { return false }

func (j localJournal) Remove(context.Context) error { return os.Remove(j.path) }
