package operate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"riveter/apply/ledger"
)

// PullLedger writes the whole ledger of p, as [PushLedger] takes it. It needs no server, as whatever is done to a ledger as a whole.
func PullLedger(ctx context.Context, p Parts, to io.Writer) error {
	l, err := openAlone(ctx, p)
	if err != nil {
		return err
	}
	return errors.Join(l.Write(to), l.Close(ctx))
}

// openAlone opens the ledger without the server that it is about.
func openAlone(ctx context.Context, p Parts) (*ledger.Ledger, error) {
	l, err := ledger.Open(ctx, p.Home, p.Ledger)
	if err != nil {
		return nil, At(p.Configuration.Settings().Ledger.Range, "Ledger cannot be opened", err)
	}
	return l, nil
}

// Succession says how a ledger comes into the place of another one.
type Succession struct {
	Force   bool                          // also with another lineage or a lower serial
	Approve func(*ledger.Successor) error // asked before anything is changed
}

// Succeeded is what came of a succession, also where something went wrong after it.
type Succeeded struct {
	*ledger.Successor
	Backup string // where a local ledger is as it was; empty elsewhere
	Old    string // where the ledger is now that was moved; empty for one that was pushed
}

// PushLedger puts a ledger, which has a name for people, in the place of that of p.
func PushLedger(ctx context.Context, p Parts, name string, data []byte, s Succession) (*Succeeded, error) {
	l, err := openAlone(ctx, p)
	if err != nil {
		return nil, err
	}
	done, err := s.carryOut(ctx, l, name, data)
	return done, errors.Join(err, l.Close(context.WithoutCancel(ctx)))
}

func (s Succession) carryOut(ctx context.Context, l *ledger.Ledger, name string, data []byte) (*Succeeded, error) {
	successor, err := l.Successor(data, s.Force)
	if err != nil {
		return nil, fmt.Errorf("its place cannot be taken by %s: %w", name, err) // whose name begins no sentence
	}
	if successor.Same {
		return &Succeeded{Successor: successor}, nil
	}
	if err := s.Approve(successor); err != nil {
		return nil, err
	}
	backup, err := l.Backup()
	if err != nil {
		return nil, err
	}
	if err := l.Replace(ctx, successor); err != nil {
		return nil, err
	}
	return &Succeeded{Successor: successor, Backup: backup}, nil
}

// LocalLedger is what a local ledger remembers that is to move.
type LocalLedger struct {
	path string
	data []byte
}

// ReadLocalLedger reads the ledger at a path, with what a run that crashed has left there.
func ReadLocalLedger(ctx context.Context, path string, o ledger.Options) (*LocalLedger, error) {
	if !ledger.IsAt(path) {
		return nil, Problemf("Nothing to migrate", "There is no ledger %s. Say -from=PATH.", path)
	}
	l, err := ledger.Open(ctx, ledger.Local(path), o)
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if err := errors.Join(l.Write(&data), l.Close(context.WithoutCancel(ctx))); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &LocalLedger{path, data.Bytes()}, nil
}

// MoveTo puts it in the place of the ledger of p. What was at its path is a backup then, since whoever went on with it would make again
// what others have made meanwhile.
func (o *LocalLedger) MoveTo(ctx context.Context, p Parts, s Succession) (*Succeeded, error) {
	l, err := openAlone(ctx, p)
	if err != nil {
		return nil, err
	}
	var done *Succeeded
	if o.isKeptIn(p.Home) {
		err = Problemf("Nothing to migrate", "The ledger is kept in %s, and that is where it would go. Write the ledger block of its new home first, or say with -from where the old one is.", p.Home)
	} else {
		done, err = s.carryOut(ctx, l, o.path, o.data)
	}
	if err := errors.Join(err, l.Close(context.WithoutCancel(ctx))); err != nil {
		return done, err
	}
	done.Old = ledger.BackupPath(o.path, time.Now())
	if err := os.Rename(o.path, done.Old); err != nil {
		done.Old = ""
		return done, fmt.Errorf("the ledger is in its new home, but the old one is still there: %w", err)
	}
	return done, nil
}

// isKeptIn reports whether its file is one of those of a home, whatever links lead there.
func (o *LocalLedger) isKeptIn(home ledger.Home) bool {
	here, ok := home.(ledger.OnDisk)
	if !ok {
		return false
	}
	own, err := os.Stat(o.path)
	return err == nil && slices.ContainsFunc(here.Files(), func(path string) bool {
		file, err := os.Stat(path)
		return err == nil && os.SameFile(own, file)
	})
}

// UnlockLedger releases the lock with this id, whoever has it, when that is approved.
func UnlockLedger(ctx context.Context, home ledger.Home, id string, approve func() error) error {
	unlocker, ok := home.(ledger.Unlocker)
	if !ok {
		return Problemf("Nothing to unlock", "The lock of the ledger %s ends with the process that has it. There is nothing to release by hand.", home)
	}
	if err := approve(); err != nil {
		return err
	}
	return unlocker.Unlock(ctx, id)
}
