package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"riveter/apply/ledger"
	"riveter/internal/operate"
	"riveter/plan/view"
)

// openLedger opens the ledger alone, for what needs no server.
func (s *session) openLedger(ctx context.Context, o *byHandOptions) (*ledger.Ledger, error) {
	if err := s.locate(ctx, o.ledger, !o.changes); err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, s.home.Home, s.ledgerOptions(o.ledger, "ledger", !o.changes))
	if err != nil {
		return nil, operate.At(s.config.Settings().Ledger.Range, "Ledger cannot be opened", err)
	}
	return l, nil
}

func (a *app) pullLedger(ctx context.Context, s *session, o *byHandOptions, _ []string) error {
	l, err := s.openLedger(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(l.Write(a.env.Stdout), l.Close(ctx))
}

func (a *app) pushLedger(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	if len(args) != 1 {
		return operate.Problemf("Wrong usage", "riveter ledger push takes one file, which \"riveter ledger pull\" has printed.")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	l, err := s.openLedger(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(s.replace(ctx, l, o, data, args[0]), l.Close(context.WithoutCancel(ctx)))
}

// migrateLedger moves a local ledger to the home that the configuration says. What was at its path is a backup then, since
// whoever went on with it would make again what others have made meanwhile.
func (a *app) migrateLedger(ctx context.Context, s *session, o *byHandOptions, _ []string) (err error) {
	if !exists(o.from) {
		return operate.Problemf("Nothing to migrate", "There is no ledger %s. Say -from=PATH.", o.from)
	}
	from, err := ledger.Open(ctx, ledger.Local(o.from), s.ledgerOptions(o.ledger, "ledger", false))
	if err != nil {
		return err
	}
	var data bytes.Buffer
	err = errors.Join(from.Write(&data), from.Close(context.WithoutCancel(ctx)))
	if err != nil {
		return fmt.Errorf("%s: %w", o.from, err)
	}
	l, err := s.openLedger(ctx, o)
	if err != nil {
		return err
	}
	if s.isKeptIn(o.from) {
		err = operate.Problemf("Nothing to migrate", "The ledger is kept in %s, and that is where it would go. Write the ledger block of its new home first, or say with -from where the old one is.", s.home)
	} else {
		err = s.replace(ctx, l, o, data.Bytes(), o.from)
	}
	if err := errors.Join(err, l.Close(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	backup := ledger.BackupPath(o.from, time.Now())
	if err := os.Rename(o.from, backup); err != nil {
		return fmt.Errorf("the ledger is in its new home, but the old one is still there: %w", err)
	}
	s.screen.Note(fmt.Sprintf("The old one is %s now, so that nobody goes on with it.", backup))
	return nil
}

// isKeptIn reports whether the ledger is kept in the file at a path.
func (s *session) isKeptIn(path string) bool {
	here, ok := s.home.Home.(ledger.OnDisk)
	return ok && slices.ContainsFunc(here.Files(), func(file string) bool { return isSameFile(destination(path), file) })
}

// replace puts a ledger in the place of this one, after it was asked for.
func (s *session) replace(ctx context.Context, l *ledger.Ledger, o *byHandOptions, data []byte, name string) error {
	successor, err := l.Successor(data, o.force)
	if err != nil {
		return fmt.Errorf("%s cannot take its place: %w", name, err)
	}
	if successor.Same {
		s.screen.Note(fmt.Sprintf("The ledger %s is what %s has: there is nothing to do.", s.home, name))
		return nil
	}
	question := fmt.Sprintf("Do you want to put %s, which remembers %s, in the place of the ledger %s, which remembers %d?",
		name, view.Count(successor.After, "actor"), s.home, successor.Before)
	if err := s.app.confirm(ctx, o.auto, question); err != nil {
		return err
	}
	backup, err := l.Backup()
	if err != nil {
		return err
	}
	if err := l.Replace(ctx, successor); err != nil {
		return err
	}
	s.screen.Note(fmt.Sprintf("The ledger %s remembers %s, and before it was %d.", s.home, view.Count(successor.After, "actor"), successor.Before))
	s.noteBackup(backup)
	return nil
}

// noteBackup says where a local ledger is as it was.
func (s *session) noteBackup(path string) {
	if path != "" {
		s.screen.Note(fmt.Sprintf("As it was, it is in %s.", path))
	}
}

func (a *app) unlockLedger(ctx context.Context, s *session, o *byHandOptions, args []string) (err error) {
	if len(args) != 1 {
		return operate.Problemf("Wrong usage", "riveter ledger unlock takes the id of the lock, which the error of who was refused has.")
	}
	if err := s.locate(ctx, o.ledger, true); err != nil {
		return err
	}
	unlocker, ok := s.home.Home.(ledger.Unlocker)
	if !ok {
		return operate.Problemf("Nothing to unlock", "The lock of the ledger %s ends with the process that has it. There is nothing to release by hand.", s.home)
	}
	if err := a.confirm(ctx, o.auto, "Do you want to release the lock? Whoever has it goes on, and two may then write."); err != nil {
		return err
	}
	if err := unlocker.Unlock(ctx, args[0]); err != nil {
		return err
	}
	s.screen.Note(fmt.Sprintf("The lock %s of the ledger %s is released, as its server says.", args[0], s.home))
	return nil
}
