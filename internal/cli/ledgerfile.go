package cli

import (
	"context"
	"fmt"
	"io"

	"riveter/apply/ledger"
	"riveter/internal/operate"
	"riveter/internal/redact"
	"riveter/plan/view"
)

// parts finds the ledger, for what is done to it as a whole.
func (s *session) parts(ctx context.Context, o *byHandOptions) (operate.Parts, error) {
	err := s.locate(ctx, o.ledger, !o.changes)
	return operate.Parts{Configuration: s.config, Home: s.home.Home, Ledger: s.ledgerOptions(o.ledger, "ledger", !o.changes)}, err
}

func (a *app) pullLedger(ctx context.Context, s *session, o *byHandOptions, _ []string) error {
	parts, err := s.parts(ctx, o)
	if err != nil {
		return err
	}
	return redact.Past(a.env.Stdout, func(out io.Writer) error { return operate.PullLedger(ctx, parts, out) }) // it keeps no secret in clear
}

func (a *app) pushLedger(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	if len(args) != 1 {
		return operate.Problemf("Wrong usage", "riveter ledger push takes one file, which \"riveter ledger pull\" has printed, or - for standard input.")
	}
	data, err := a.env.ReadFile(args[0])
	if err != nil {
		return err
	}
	parts, err := s.parts(ctx, o)
	if err != nil {
		return err
	}
	name := args[0]
	if name == "-" {
		name = "standard input"
	}
	done, err := operate.PushLedger(ctx, parts, name, data, s.succession(ctx, o, name))
	s.noteSucceeded(done, name)
	return err
}

func (a *app) migrateLedger(ctx context.Context, s *session, o *byHandOptions, _ []string) error {
	old, err := operate.ReadLocalLedger(ctx, o.from, s.ledgerOptions(o.ledger, "ledger", false))
	if err != nil {
		return err
	}
	parts, err := s.parts(ctx, o)
	if err != nil {
		return err
	}
	done, err := old.MoveTo(ctx, parts, s.succession(ctx, o, o.from))
	s.noteSucceeded(done, o.from)
	return err
}

// succession asks before a ledger takes the place of this one.
func (s *session) succession(ctx context.Context, o *byHandOptions, name string) operate.Succession {
	return operate.Succession{Force: o.force, Approve: func(by *ledger.Successor) error {
		return s.app.confirm(ctx, o.auto, fmt.Sprintf("Do you want to put %s, which remembers %s, in the place of the ledger %s, which remembers %d?",
			name, view.Count(by.After, "actor"), s.home, by.Before))
	}}
}

// noteSucceeded says what became of the ledger, as far as it came.
func (s *session) noteSucceeded(done *operate.Succeeded, name string) {
	switch {
	case done == nil:
		return
	case done.Same:
		s.screen.Note(fmt.Sprintf("The ledger %s is what %s has: there is nothing to do.", s.home, name))
	default:
		s.screen.Note(fmt.Sprintf("The ledger %s remembers %s, and before it was %d.", s.home, view.Count(done.After, "actor"), done.Before))
		s.noteBackup(done.Backup)
	}
	if done.Old != "" {
		s.screen.Note(fmt.Sprintf("The old one is %s now, so that nobody goes on with it.", done.Old))
	}
}

// noteBackup says where a local ledger is as it was.
func (s *session) noteBackup(path string) {
	if path != "" {
		s.screen.Note(fmt.Sprintf("As it was, it is in %s.", path))
	}
}

func (a *app) unlockLedger(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	if len(args) != 1 {
		return operate.Problemf("Wrong usage", "riveter ledger unlock takes the id of the lock, which the error of who was refused has.")
	}
	if err := s.locate(ctx, o.ledger, true); err != nil {
		return err
	}
	approve := func() error {
		return a.confirm(ctx, o.auto, "Do you want to release the lock? Whoever has it goes on, and two may then write.")
	}
	if err := operate.UnlockLedger(ctx, s.home.Home, args[0], approve); err != nil {
		return err
	}
	s.screen.Note(fmt.Sprintf("The lock %s of the ledger %s is released, as its server says.", args[0], s.home))
	return nil
}
