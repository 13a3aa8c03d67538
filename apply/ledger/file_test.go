//go:build !windows

package ledger

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLocalRefusesWhatIsNoFile would hang, fill the memory or replace something if one of its paths were opened unseen.
func TestLocalRefusesWhatIsNoFile(t *testing.T) {
	kinds := map[string]struct {
		make func(t *testing.T, path string) error
		want string
	}{
		"a pipe":               {func(_ *testing.T, path string) error { return syscall.Mkfifo(path, 0o600) }, "is a pipe"},
		"a directory":          {func(_ *testing.T, path string) error { return os.Mkdir(path, 0o700) }, "is a directory"},
		"a dangling link":      {func(_ *testing.T, path string) error { return os.Symlink("nowhere", path) }, "leads nowhere"},
		"a link to itself":     {func(_ *testing.T, path string) error { return os.Symlink(path, path) }, "leads nowhere"},
		"more than memory has": {func(_ *testing.T, path string) error { return makeFile(path, maxSize+1) }, "at most"},
		"a socket":             {listen, "is a socket"},
	}
	for name, kind := range kinds {
		for suffix, reading := range map[string]bool{"": true, ".journal": true, ".lock": false, ".holder": false} {
			t.Run(name+" as ledger"+suffix, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "l")
				check(t, kind.make(t, path+suffix))
				before := modes(t, filepath.Dir(path))
				_, err := Open(t.Context(), Local(path), options(1))
				wantError(t, err, path+suffix, kind.want)
				l, err := Open(t.Context(), Local(path), readOnly(options(2)))
				if reading {
					wantError(t, err, path+suffix, kind.want)
				} else if check(t, err); err == nil {
					closeLedger(t, l)
				}
				if diff := cmp.Diff(before, modes(t, filepath.Dir(path))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestLocalRefusesADevice(t *testing.T) {
	link := filepath.Join(t.TempDir(), "l")
	check(t, os.Symlink("/dev/zero", link))
	for _, o := range []Options{options(1), readOnly(options(2))} {
		_, err := Open(t.Context(), Local(link), o)
		wantError(t, err, "/dev/zero is a device")
	}
}

func makeFile(path string, size int64) error {
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return err
	}
	return os.Truncate(path, size)
}

// listen makes a socket at path, whose name is too long for an address, by way of a short one.
func listen(t *testing.T, path string) error {
	t.Helper()
	short, err := os.MkdirTemp("", "l") //nolint:usetesting // which has a long name
	if err != nil {
		return err
	}
	t.Cleanup(func() { _ = os.RemoveAll(short) })
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(short, "s")})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	t.Cleanup(func() { _ = l.Close() })
	return os.Rename(filepath.Join(short, "s"), path)
}

func modes(t *testing.T, directory string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	check(t, err)
	out := map[string]string{}
	for _, entry := range entries {
		out[entry.Name()] = entry.Type().String()
	}
	return out
}

func TestLocalJournalIsNotMadeLargerThanIsRead(t *testing.T) {
	journal := Local(filepath.Join(t.TempDir(), "l")).Journal(nil)
	check(t, makeFile(journal.String(), maxSize))
	wantError(t, journal.Append(maxSize, []byte("x")), "more than")
}

func TestLocalNeedsItsDirectory(t *testing.T) {
	home := Local(filepath.Join(t.TempDir(), "missing", "ledger.json"))
	for _, o := range []Options{options(1), readOnly(options(2))} {
		if _, err := Open(t.Context(), home, o); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("error %v", err)
		}
	}
}

// TestLocalJournalNoticesAnother has what others may do to a journal between two records.
func TestLocalJournalNoticesAnother(t *testing.T) {
	for name, did := range map[string]func(path string) error{
		"removed":     os.Remove,
		"appended to": func(path string) error { return os.WriteFile(path, []byte("first and more"), 0o600) },
		"cut":         func(path string) error { return os.Truncate(path, 1) },
		"replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+".new", []byte("first"), 0o600), os.Rename(path+".new", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal")
			j := LocalJournal(path)
			check(t, j.Append(0, []byte("first")))
			check(t, did(path))
			before, _ := os.ReadFile(path)
			wantError(t, j.Append(5, []byte("second")), path, "another one has written to it")
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Errorf("it has %q after %q", after, before)
			}
			if name != "removed" {
				check(t, j.Remove(t.Context()))
			}
		})
	}
}
