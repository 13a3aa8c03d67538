package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/internal/cli/screen"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// byHandOptions are the flags of the ledger's commands.
type byHandOptions struct {
	source  sourceOptions
	ledger  ledgerOptions
	json    bool
	auto    bool
	force   bool
	from    string
	changes bool // and so needs the lock
}

func (a *app) ledgerCommand() *cli.Command {
	return &cli.Command{
		Name:   "ledger",
		Usage:  "look at what riveter remembers, and change it by hand",
		Action: a.noCommand,
		Subcommands: []*cli.Command{
			a.byHand("list", "[PATTERN...]", "list the actors that are remembered", &byHandOptions{}, a.listEntries, jsonFlag),
			a.byHand("show", "PATTERN...", "show all that is remembered of actors", &byHandOptions{}, a.showEntries, jsonFlag),
			a.byHand("rm", "PATTERN...", "forget actors, which stay as they are", &byHandOptions{changes: true}, a.forgetEntries, autoFlag, prefixFlag),
			a.byHand("mv", "FROM TO", "remember a step under another address", &byHandOptions{changes: true}, a.moveSteps, autoFlag, prefixFlag),
			a.byHand("pull", "", "print the whole ledger", &byHandOptions{}, a.pullLedger),
			a.byHand("push", "FILE or -", "put a ledger that was pulled in the place of this one", &byHandOptions{changes: true}, a.pushLedger, autoFlag, forceFlag),
			a.byHand("unlock", "ID", "release a lock whose holder has ended", &byHandOptions{changes: true}, a.unlockLedger, autoFlag),
			a.byHand("migrate", "", "put a local ledger where the configuration keeps it now", &byHandOptions{changes: true}, a.migrateLedger, autoFlag, forceFlag, fromFlag),
		},
	}
}

func jsonFlag(o *byHandOptions) cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON", Destination: &o.json}
}

func autoFlag(o *byHandOptions) cli.Flag {
	return &cli.BoolFlag{Name: "auto-approve", Usage: "change it without asking", Destination: &o.auto}
}

func forceFlag(o *byHandOptions) cli.Flag {
	return &cli.BoolFlag{Name: "force", Usage: "take another lineage and a lower serial too", Destination: &o.force}
}

func prefixFlag(o *byHandOptions) cli.Flag {
	return &cli.GenericFlag{
		Name: "key-prefix", Usage: "change what was applied with the parts `A/B` before every key" + keyPrefixSpelling, Value: keyPrefix(&o.source.keyPrefix),
	}
}

func fromFlag(o *byHandOptions) cli.Flag {
	return &cli.StringFlag{Name: "from", Usage: "`PATH` of the local ledger to take over", Value: "riveter.ledger.json", Destination: &o.from}
}

// byHand makes one of the ledger's commands, which work on the configuration of the working directory.
func (a *app) byHand(name, args, usage string, o *byHandOptions, run func(context.Context, *session, *byHandOptions, []string) error, flags ...func(*byHandOptions) cli.Flag) *cli.Command {
	c := &cli.Command{Name: name, Usage: usage, ArgsUsage: args, Flags: slices.Concat(o.source.flags(), o.ledger.flags())}
	for _, flag := range flags {
		c.Flags = append(c.Flags, flag(o))
	}
	c.Action = func(c *cli.Context) (err error) {
		s, err := a.loadSettings(c.Context, o)
		if err != nil {
			return err
		}
		defer func() { err = cmp.Or(err, s.close(c.Context)) }()
		return s.diagnose(o, run(c.Context, s, o, c.Args().Slice()))
	}
	return c
}

// loadSettings reads which ledger of which server is meant; from no configuration where the ledger is a file that is named.
func (a *app) loadSettings(ctx context.Context, o *byHandOptions) (*session, error) {
	loading := o.source.loading(".")
	loading.OnlySettings = true
	display := a.newScreen(viewOptions{json: o.json})
	if declared, err := configurationIn("."); err != nil || declared != "" || o.ledger.path == "" {
		return a.load(ctx, display, loading)
	}
	return a.begin(display, loading)
}

// diagnose shows an error that is not shown yet.
func (s *session) diagnose(o *byHandOptions, err error) error {
	if code := exit(0); err == nil || errors.As(err, &code) {
		return err
	}
	if _, ok := errors.AsType[*operate.Problem](err); !ok {
		summary := "Ledger cannot be read"
		if o.changes {
			summary = "Ledger was not changed"
		}
		err = operate.At(hcl2.Range{}, summary, err)
	}
	return s.show(operate.Diagnose(err))
}

// entries opens the ledger and returns what is remembered of the actors that patterns select.
func (s *session) entries(ctx context.Context, o *byHandOptions, args []string) ([]*plan.Entry, error) {
	var patterns []address.Pattern
	for _, text := range args {
		p, err := address.ParsePattern(text)
		if err != nil {
			return nil, operate.Problemf("Invalid address", "%s.", err)
		}
		patterns = append(patterns, p)
	}
	if err := s.open(ctx, o.ledger, "ledger", !o.changes); err != nil {
		return nil, err
	}
	var unknown []string
	for i, p := range patterns {
		if len(s.Remembered([]address.Pattern{p})) == 0 {
			unknown = append(unknown, args[i])
		}
	}
	if len(unknown) > 0 {
		return nil, operate.Problemf("Nothing is remembered", "The ledger remembers no actor at %s. \"riveter ledger list\" prints all that there are.", strings.Join(unknown, ", "))
	}
	return s.Remembered(patterns), nil
}

func (a *app) listEntries(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	entries, err := s.entries(ctx, o, args)
	if err != nil {
		return err
	}
	if o.json {
		return screen.WriteJSON(a.env.Stdout, screen.DescribeEntries(entries, false), screen.Foreign("args", "output"))
	}
	width := addressWidth(entries)
	for _, e := range entries {
		line := fmt.Sprintf("%-*s  %s", width, e.Address, cmp.Or(e.ActorID, "(perhaps never created)"))
		if e.Project != "" {
			line += "  " + e.Project
		}
		s.screen.Result(line)
	}
	return nil
}

// addressWidth is how many characters the longest address has.
func addressWidth(entries []*plan.Entry) int {
	width := 0
	for _, e := range entries {
		width = max(width, utf8.RuneCountInString(e.Address.String()))
	}
	return width
}

func (a *app) showEntries(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	if len(args) == 0 {
		return operate.Problemf("Wrong usage", "riveter ledger show takes addresses, such as actor.NAME.LABEL or 'actor.NAME.*'.")
	}
	entries, err := s.entries(ctx, o, args)
	if err != nil {
		return err
	}
	if o.json {
		return screen.WriteJSON(a.env.Stdout, screen.DescribeEntries(entries, true), screen.Foreign("args", "output"))
	}
	for _, e := range entries {
		s.screen.Result(view.Wrap(screen.EntryText(e, a.secrets.Redact), a.drawing(viewOptions{})))
	}
	return nil
}

func (a *app) forgetEntries(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	if len(args) == 0 {
		return operate.Problemf("Wrong usage", "riveter ledger rm takes addresses, such as actor.NAME.LABEL or 'actor.NAME.*'.")
	}
	entries, err := s.entries(ctx, o, args)
	if err != nil {
		return err
	}
	entries, others := s.Own(entries)
	for _, e := range others {
		whose := fmt.Sprintf("is the project %q's", e.Project)
		if e.Project == "" {
			whose = "was applied without that prefix"
		}
		s.screen.Note(fmt.Sprintf("Left alone: %s, which %s.", e.Address, whose))
	}
	if len(entries) == 0 {
		return operate.Problemf("Nothing to forget", "All of it is another project's.")
	}
	for _, e := range entries {
		s.screen.Note(fmt.Sprintf("Forget %s, actor %s, with %s.", e.Address, e.ActorID, view.Count(len(e.Steps), "step")))
	}
	if err := a.confirm(ctx, o.auto, "Do you want to forget this? The actors stay, and a plan asks about their steps."); err != nil {
		return err
	}
	backup, err := s.Forget(entries)
	s.noteBackup(backup)
	return err
}

// moveSteps makes the ledger remember steps under other names.
func (a *app) moveSteps(ctx context.Context, s *session, o *byHandOptions, args []string) error {
	if len(args) != 2 {
		return operate.Problemf("Wrong usage", "riveter ledger mv takes two addresses of a step: as it is remembered, and as it is called now.")
	}
	if err := s.open(ctx, o.ledger, "ledger", false); err != nil {
		return err
	}
	moves, err := s.Moves(args[0], args[1])
	if err != nil {
		return err
	}
	for _, m := range moves {
		for _, from := range slices.Sorted(maps.Keys(m.To)) {
			s.screen.Note(fmt.Sprintf("Move %s.%s to %s.", m.Entry.Address, from, m.To[from]))
		}
	}
	if err := a.confirm(ctx, o.auto, "Do you want to move what is remembered of these steps?"); err != nil {
		return err
	}
	backup, err := s.MoveSteps(moves)
	s.noteBackup(backup)
	return err
}

// confirm asks a question to which only yes is an answer.
func (a *app) confirm(ctx context.Context, auto bool, question string) error {
	if err := (approval{auto: auto, input: true}).check(&a.env, false, "ledger"); auto || err != nil {
		return err
	}
	answer, err := ask(ctx, &a.env, fmt.Sprintf("\n%s\n  Only \"yes\" will be accepted.\n\n  Enter a value: ", question))
	if err == nil && answer != "yes" {
		err = operate.Problemf("Not approved", "The answer was not \"yes\". Nothing was changed.")
	}
	return err
}
