package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/screen"
	"riveter/internal/devrivet"
	"riveter/internal/operate"
)

const fixtureDescription = `For test helpers, in any language. Applies the configuration with keys that begin with a -key-prefix of its own, such as "t-4f1c9d2e77aa0b31",
and prints a line of JSON: the endpoint, the namespace, the key_prefix as a list, and the outputs, sensitive ones included.
Then it waits. A line on standard input has everything destroyed and made anew, and is answered by another line of JSON. When standard
input ends, which it also does when the program is killed that holds its other end, everything is destroyed that was made, protected or
not. What was there before is not: under a prefix of yours, nothing declared may exist already.`

func (a *app) fixtureCommand() *cli.Command {
	o := &applyOptions{}
	varStdin := false
	return &cli.Command{
		Name:        "fixture",
		Usage:       "apply the configuration under keys of its own, and destroy what that made when standard input ends",
		ArgsUsage:   "[PATH]",
		Description: fixtureDescription,
		Flags: append(o.source.flags(), &cli.BoolFlag{
			Name: "var-stdin", Usage: "take values of variables from the first line of standard input, which is a JSON object", Destination: &varStdin,
		}, o.source.keyPrefixFlag(), a.parallelismFlag(), noColorFlag(&o.view)),
		Action: o.source.atPath(func(ctx context.Context) error {
			if varStdin {
				o.source.variables = append(o.source.variables, hcl.Given{JSON: a.process.ReadLine()})
			}
			return a.fixture(ctx, o)
		}),
	}
}

// fixture seeds, and seeds anew for every line of standard input, until that ends.
func (a *app) fixture(ctx context.Context, o *applyOptions) (err error) {
	memory, err := devrivet.NewFolder(ctx)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, memory.Remove()) }()
	o.isFixture(memory.Path())
	again := make(chan struct{})
	ctx = a.process.Listen(ctx, func() { again <- struct{}{} })
	for alive := true; alive && err == nil; {
		alive, err = a.live(ctx, o, again)
		err = cmp.Or(err, a.goOn())
	}
	return err
}

// isFixture decides what a fixture leaves to nobody. What is remembered lies in a folder.
func (o *applyOptions) isFixture(memory string) {
	if len(o.source.keyPrefix) == 0 {
		o.source.keyPrefix = []string{"t-" + randomHex()}
		o.orders.includeAdopted = true // nobody else can have made anything under it
	}
	o.view.quiet, o.approval.auto, o.orders.refresh, o.orders.fixture = true, true, true, true
	o.ledger = ledgerOptions{lock: true, path: filepath.Join(memory, "ledger.json")}
}

func randomHex() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// live seeds, says so, waits until it is to be done again, or is over, and destroys what was made. Without a plan, nothing was.
func (a *app) live(ctx context.Context, o *applyOptions, again <-chan struct{}) (alive bool, err error) {
	display := screen.Hold(a.newScreen(o.view))
	s, p, err := a.makePlan(ctx, display, &o.planOptions, "fixture", false)
	if err != nil {
		return false, s.unseeded(ctx, display, cmp.Or(err, s.close(ctx)))
	}
	defer func() { err = cmp.Or(err, a.unseed(ctx, o)) }()
	seeded, err := s.seed(ctx, p, o)
	if err = cmp.Or(err, a.goOn()); err != nil {
		return false, s.unseeded(ctx, display, err)
	}
	display.Release()
	if err := json.NewEncoder(a.process.Stdout).Encode(seeded); err != nil {
		return false, err
	}
	select {
	case <-again:
		return true, nil
	case <-ctx.Done():
		return false, nil
	}
}

// unseeded shows why nothing is seeded, and returns the error that is. Who lets go of a fixture before wants none, unless there is nothing to
// be seeded at all.
func (s *session) unseeded(ctx context.Context, display *screen.Held, err error) error {
	if ctx.Err() == nil || s.app.interrupts.Happened() || s.server == nil {
		display.Release()
		return err
	}
	s.app.newScreen(viewOptions{}).Note("Standard input has ended before everything was seeded. A fixture lasts as long as that is held open.")
	return nil
}

// seeded is what a program is told of what was applied.
type seeded struct {
	Endpoint  string                     `json:"endpoint"`
	Namespace string                     `json:"namespace"`
	KeyPrefix []string                   `json:"key_prefix"`
	Outputs   map[string]json.RawMessage `json:"outputs"`
}

func (s *session) seed(ctx context.Context, p *operate.Planned, o *applyOptions) (told seeded, err error) {
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.apply(ctx, p, o); err != nil {
		return told, err
	}
	outputs, err := plainOutputs(s.config)
	return seeded{p.Plan.Target.Endpoint, p.Plan.Target.Namespace, o.source.keyPrefix, outputs}, err
}

// unseed destroys what was made, also after an interrupt, or under one.
func (a *app) unseed(ctx context.Context, o *applyOptions) error {
	reverse := *o
	reverse.destroy, reverse.cleaning = true, true
	_, err := a.apply(context.WithoutCancel(ctx), &reverse)
	return err
}
