package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"riveter/internal/atomicfile"
)

func TestAFileIsReplacedInWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	write := func(text string, end error) error {
		return atomicfile.Write(path, 0o640, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, end)
		})
	}
	if err := write("old", nil); err != nil {
		t.Fatal(err)
	}
	torn := errors.New("torn")
	if err := write("half of the n", torn); !errors.Is(err, torn) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "old" || err != nil {
		t.Errorf("the file has %q: %v", got, err)
	}
	if err := write("new", nil); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(path); string(got) != "new" || err != nil {
		t.Errorf("the file has %q: %v", got, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its mode is %v: %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); len(left) != 1 || err != nil {
		t.Errorf("%d files are there: %v", len(left), err)
	}
}

func TestAnErrorNamesTheFileThatIsMeant(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none", "file")
	err := atomicfile.Write(path, 0o600, func(io.Writer) error { return nil })
	if failure, ok := errors.AsType[*fs.PathError](err); !ok || failure.Path != path || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestADeviceIsWrittenToAndStays(t *testing.T) {
	t.Parallel()
	before, err := os.Stat(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(os.DevNull, path); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(path, 0o600, func(w io.Writer) error { _, err := io.WriteString(w, "gone"); return err }); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is %v, %v", info, err)
	}
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("what it leads to is %v, %v", after, err)
	}
	if err := atomicfile.Write(filepath.Dir(path), 0o600, func(io.Writer) error { return nil }); err == nil {
		t.Error("a folder was written to")
	}
}

func TestAFileIsMadeWhereThereIsNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := atomicfile.Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Create(path, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "first" || err != nil {
		t.Errorf("the file has %q: %v", got, err)
	}
	link := filepath.Join(filepath.Dir(path), "link")
	if err := os.Symlink("nowhere", link); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Create(link, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
}
