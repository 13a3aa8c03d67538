package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"riveter/apply/ledger"
)

// actorJournal is the journal that the actor keeps.
type actorJournal struct {
	home  *actorHome
	lease ledger.Lease
}

func (j *actorJournal) String() string { return "the journal of " + j.home.String() }

func (j *actorJournal) Private() bool { return false }

// Draft implements [ledger.Journal].
func (j *actorJournal) Draft() ledger.Journal {
	if j.home.options.Draft == "" {
		return nil
	}
	return privateJournal{ledger.LocalJournal(j.home.options.Draft)}
}

func (j *actorJournal) Open(ctx context.Context) (io.ReadCloser, error) {
	data, err := j.home.get(ctx, "journal")
	if err != nil {
		return nil, err
	}
	if data == nil {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// Append sends data part by part. What of it is there already, because an answer was lost, the actor knows.
func (j *actorJournal) Append(at int64, data []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), appendTimeout)
	defer cancel()
	for len(data) > 0 {
		part := data[:min(len(data), partSize)]
		file := "journal?at=" + strconv.FormatInt(at, 10)
		if err := j.home.write(ctx, j.lease, http.MethodPost, file, nil, part); err != nil {
			return err
		}
		at, data = at+int64(len(part)), data[len(part):]
	}
	return nil
}

// Sync implements [ledger.Journal]: the actor answers when it has saved what was appended.
func (j *actorJournal) Sync() error { return nil }

func (j *actorJournal) Remove(ctx context.Context) error {
	return j.home.write(ctx, j.lease, http.MethodDelete, "journal", nil, nil)
}

// privateJournal is a journal on this machine of a ledger that is elsewhere.
type privateJournal struct{ ledger.Journal }

// Ready makes a folder for it where there is none, and a file in that, and removes both.
func (j privateJournal) Ready() error {
	folder := filepath.Dir(j.String())
	err := os.MkdirAll(folder, 0o700)
	if err == nil {
		err = j.Journal.(interface{ Ready() error }).Ready()
		_ = os.Remove(folder) // where nothing else is in it
	}
	if err != nil {
		return fmt.Errorf("what is recorded is kept in %s until it is saved: %w; make that folder one that can be written to", folder, err)
	}
	return nil
}

func (j privateJournal) Private() bool { return true }

func (j privateJournal) Append(at int64, data []byte) error {
	if at == 0 {
		if err := os.MkdirAll(filepath.Dir(j.String()), 0o700); err != nil {
			return err
		}
	}
	return j.Journal.Append(at, data)
}

// Remove removes the folder too if nothing else is in it.
func (j privateJournal) Remove(ctx context.Context) error {
	err := j.Journal.Remove(ctx)
	_ = os.Remove(filepath.Dir(j.String()))
	return err
}
