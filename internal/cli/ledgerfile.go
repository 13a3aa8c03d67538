package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"riveter/apply/ledger"
	"riveter/internal/operate"
	"riveter/plan/view"
)

// openLedger opens the ledger alone, for what needs no server.
func (s *session) openLedger(ctx context.Context, o *byHandOptions) (*ledger.Ledger, error) {
	var err error
	if s.home, err = s.app.connector().Home(ctx, o.ledger.path, s.config.Settings(), s.config.Dir(), !o.changes); err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, s.home, o.ledger.options("ledger", !o.changes))
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
	return s.replace(ctx, o, data, args[0])
}

func (a *app) migrateLedger(ctx context.Context, s *session, o *byHandOptions, _ []string) error {
	from, err := ledger.Open(ctx, ledger.Local(o.from), ledger.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	var data bytes.Buffer
	if err := errors.Join(from.Write(&data), from.Close(ctx)); err != nil {
		return fmt.Errorf("%s: %w", o.from, err)
	}
	return s.replace(ctx, o, data.Bytes(), o.from)
}

// replace puts a ledger in the place of this one, after it was asked for, and keeps a copy of a local one.
func (s *session) replace(ctx context.Context, o *byHandOptions, data []byte, name string) (err error) {
	l, err := s.openLedger(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close(context.WithoutCancel(ctx))) }()
	question := fmt.Sprintf("Do you want to put %s in the place of the ledger %s?", name, s.home)
	if err := s.app.confirm(ctx, o.auto, question); err != nil {
		return err
	}
	if err := backUp(l, s.home); err != nil {
		return err
	}
	before, after, err := l.Replace(ctx, data, o.force)
	if err == nil {
		s.screen.Note(fmt.Sprintf("The ledger %s remembers %s, and before it was %d.", s.home, view.Count(after, "actor"), before))
	}
	return err
}

// backUp writes what a local ledger has beside it.
func backUp(l *ledger.Ledger, home ledger.Home) error {
	if _, err := os.Stat(home.String()); errors.Is(err, fs.ErrNotExist) {
		return nil // or it is not on this machine
	}
	var data bytes.Buffer
	if err := l.Write(&data); err != nil {
		return err
	}
	return os.WriteFile(home.String()+".backup", data.Bytes(), 0o600)
}

func (a *app) unlockLedger(ctx context.Context, s *session, o *byHandOptions, args []string) (err error) {
	if len(args) != 1 {
		return operate.Problemf("Wrong usage", "riveter ledger unlock takes the id of the lock, which the error of who was refused has.")
	}
	if s.home, err = s.app.connector().Home(ctx, o.ledger.path, s.config.Settings(), s.config.Dir(), true); err != nil {
		return err
	}
	unlocker, ok := s.home.Home.(ledger.Unlocker)
	if !ok {
		return operate.Problemf("Nothing to unlock", "The lock of the ledger %s ends with the process that has it. There is nothing to release by hand.", s.home)
	}
	if err := a.confirm(ctx, o.auto, "Do you want to release the lock? Whoever has it goes on, and two may then write."); err != nil {
		return err
	}
	return unlocker.Unlock(ctx, args[0])
}
