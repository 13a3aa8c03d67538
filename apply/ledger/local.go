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

// IsAt reports whether a local ledger is at a path, be it only the journal of a run that was killed.
func IsAt(path string) bool { return exists(path) || exists(path+".journal") }

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
	if dir := filepath.Dir(l.path); !exists(dir) {
		return nil, fmt.Errorf("lock ledger: there is no folder %s; run this where it is, or say by -ledger=PATH where the ledger is", dir)
	}
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

func (l local) Journal(Lease) Journal { return LocalJournal(l.path + ".journal") }

// LocalJournal returns the journal that is the file at path.
func LocalJournal(path string) Journal { return &localJournal{path: path} }

type localJournal struct {
	path string
	file *os.File    // from the first time on that something is appended
	info os.FileInfo // of the file
	made bool        // it is new, and its folder does not durably have it yet
}

func (j *localJournal) String() string { return j.path }

func (j *localJournal) Open(context.Context) (io.ReadCloser, error) { return openFile(j.path) }

// Append notices when somebody has removed the file, has put another in its place or appended to it.
func (j *localJournal) Append(at int64, data []byte) error {
	if at+int64(len(data)) > maxSize {
		return fmt.Errorf("%s would have more than the %d bytes that are read again", j.path, maxSize)
	}
	if err := j.begin(at == 0); err != nil {
		return err
	}
	if info, err := os.Stat(j.path); err != nil || info.Size() != at || !os.SameFile(info, j.info) {
		return errors.Join(err, fmt.Errorf("%s is not as this run left it: another one has written to it", j.path))
	}
	_, err := j.file.Write(data)
	return err
}

func (j *localJournal) Sync() error {
	if err := j.file.Sync(); err != nil || !j.made {
		return err
	}
	j.made = false
	return atomicfile.SyncDirectory(filepath.Dir(j.path))
}

// Ready makes a file beside it, and removes that.
func (j *localJournal) Ready() error {
	probe, err := os.CreateTemp(filepath.Dir(j.path), filepath.Base(j.path)+".*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// begin opens the file, which is to be a new one or not.
func (j *localJournal) begin(anew bool) (err error) {
	if j.file != nil {
		return nil
	}
	flags := os.O_WRONLY | os.O_APPEND
	if anew {
		flags |= os.O_CREATE | os.O_EXCL
	}
	if j.file, err = os.OpenFile(j.path, flags, 0o600); err == nil {
		j.info, err = j.file.Stat()
		j.made = anew
	}
	return err
}

func (j *localJournal) Draft() Journal { return nil }

func (j *localJournal) Private() bool { return false }

// Remove closes the file before, as Windows removes none that is open.
func (j *localJournal) Remove(context.Context) error {
	if j.file != nil {
		_ = j.file.Close() // everything in it is durable
		j.file = nil
	}
	return os.Remove(j.path)
}
