package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/internal/cli/screen"
	"riveter/internal/cli/usage"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
	"riveter/plan/view"
)

// actorOptions are the flags of get and call, which are about one actor.
type actorOptions struct {
	view   viewOptions
	source sourceOptions
	ledger ledgerOptions
	state  bool
}

func (o *actorOptions) flags() []cli.Flag {
	return slices.Concat(o.source.flags(), o.ledger.flags(), []cli.Flag{
		&cli.BoolFlag{Name: "json", Usage: "print JSON", Destination: &o.view.json},
		o.source.keyPrefixFlag(),
		noColorFlag(&o.view),
	})
}

func (a *app) getCommand() *cli.Command {
	o := &actorOptions{}
	return &cli.Command{
		Name:        "get",
		Usage:       "show what the server has of one actor",
		ArgsUsage:   "ADDRESS",
		Description: "The configuration is that of the working directory. The actor is not woken, except by -state.",
		Flags:       append(o.flags(), &cli.BoolFlag{Name: "state", Usage: "show its live state too; wakes it", Destination: &o.state}),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usage.Error(c, errors.New("get takes the address of one actor, such as actor.NAME.LABEL"))
			}
			return a.get(c.Context, o, c.Args().First())
		},
	}
}

const callDescription = `The configuration is that of the working directory. Each ARG is an expression of the language, such as 5, '"text"' or
'{ text = "hello" }', which may refer to variables and local values. The ledger remembers nothing of the call, and nobody is
asked before it is made.`

func (a *app) callCommand() *cli.Command {
	o := &actorOptions{}
	return &cli.Command{
		Name:        "call",
		Usage:       "call an action of one actor, and print what it answers",
		ArgsUsage:   "ADDRESS ACTION [ARG...]",
		Description: callDescription,
		Flags:       o.flags(),
		Action: func(c *cli.Context) error {
			if c.NArg() < 2 {
				return usage.Error(c, errors.New("call takes the address of an actor, the name of an action, and its arguments"))
			}
			return a.call(c.Context, o, c.Args().First(), c.Args().Get(1), c.Args().Slice()[2:])
		},
	}
}

// call calls one action of one actor.
func (a *app) call(ctx context.Context, o *actorOptions, at, action string, args []string) (err error) {
	values, err := a.arguments(ctx, o, args)
	if err != nil {
		return err
	}
	s, found, err := a.find(ctx, o, at, "call")
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err != nil {
		return err
	}
	a.interrupts.Hold()
	output, diags := s.Call(ctx, found, action, values)
	if err := s.show(diags); err != nil {
		return err
	}
	if o.view.json {
		return screen.WriteJSON(a.env.Stdout, encoded(output), nil)
	}
	return view.DrawValue(a.env.Stdout, output, a.drawing(o.view))
}

// encoded is a value as JSON has it: what is nothing at all, which JSON lacks, is null.
func encoded(v cty.Value) json.RawMessage {
	if value.IsUndefined(v) {
		return json.RawMessage("null")
	}
	return view.EncodeValue(v)
}

// arguments evaluates expressions, as far as that needs no server.
func (a *app) arguments(ctx context.Context, o *actorOptions, args []string) ([]cty.Value, error) {
	values := make([]cty.Value, len(args))
	for i, arg := range args {
		loading := o.source.loading(".")
		loading.Question = arg
		s, err := a.load(ctx, a.newScreen(o.view), loading)
		if err != nil {
			return nil, err
		}
		val, ok := s.config.Answer()
		if !ok {
			return nil, operate.Problemf("Argument is not known", "%s needs the server. An argument is made of variables, local values and functions only.", arg)
		}
		if err := s.show(s.config.Evaluation.CheckSent()); err != nil {
			return nil, err
		}
		values[i] = val
	}
	return values, nil
}

// find opens a session that is about one actor. The session is never nil, and is to be closed.
func (a *app) find(ctx context.Context, o *actorOptions, text, operation string) (*session, *operate.Found, error) {
	s := &session{app: a, screen: a.newScreen(o.view)}
	at, err := address.Parse(text)
	if err != nil {
		return s, nil, operate.Problemf("Invalid address", "%s.", err)
	}
	loading := o.source.loading(".")
	loading.Selection, loading.OnlyExisting = plan.Orders{Target: []address.Pattern{address.Exactly(at)}}, true
	if err := s.load(ctx, loading); err != nil {
		return s, nil, err
	}
	if err := s.open(ctx, o.ledger, operation, true); err != nil {
		return s, nil, err
	}
	found, diags := s.Find(ctx, at)
	return s, found, s.show(diags)
}

// record is what the server has of an actor, as JSON has it: actor.schema.json describes it.
type record struct {
	FormatVersion string `json:"format_version"`

	Address   string          `json:"address"`
	Name      string          `json:"name"`
	Key       []string        `json:"key"`
	ActorID   string          `json:"actor_id"`
	CreatedAt time.Time       `json:"created_at"`
	Pool      string          `json:"pool,omitempty"`
	Status    string          `json:"status"`
	Error     string          `json:"error,omitempty"`
	State     json.RawMessage `json:"state,omitempty"`
}

// get shows what the server has of one actor.
func (a *app) get(ctx context.Context, o *actorOptions, text string) (err error) {
	s, found, err := a.find(ctx, o, text, "get")
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err != nil {
		return err
	}
	r := describeFound(found)
	state := cty.NilVal
	if o.state {
		read, diags := s.State(ctx, found)
		if err := s.show(diags); err != nil {
			return err
		}
		r.Status, state, r.State = "awake", read, encoded(read)
	}
	if o.view.json {
		return screen.WriteJSON(a.env.Stdout, r, screen.Foreign("state", "error"))
	}
	r.Error = a.secrets.Redact(r.Error)
	s.screen.Result(r.text())
	if state == cty.NilVal {
		return nil
	}
	return view.DrawOutputs(a.env.Stdout, view.DescribeOutputs(map[string]plan.Output{"state": {Value: state}}), a.drawing(o.view))
}

func describeFound(f *operate.Found) record {
	r := record{
		FormatVersion: "1.0", Address: f.Address.String(), Name: f.Address.Name, Key: f.Desired.Key, ActorID: f.ActorID,
		CreatedAt: f.CreatedAt, Pool: f.Pool, Status: "awake", Error: f.Failing,
	}
	if r.Key == nil { // it is declared by its id
		r.Key = f.Observed.Key
	}
	switch {
	case f.Failing != "":
		r.Status = "failing"
	case f.Asleep:
		r.Status = "asleep"
	}
	return r
}

func (r record) text() string {
	text := fmt.Sprintf("%s\n  name     %s\n  key      %s\n  actor    %s\n  created  %s\n  pool     %s\n  status   %s",
		r.Address, r.Name, view.KeyText(r.Key), r.ActorID, r.CreatedAt.UTC().Format(time.RFC3339), r.Pool, r.Status)
	if r.Error != "" {
		text += "\n  error    " + view.Clean(r.Error)
	}
	return text
}
