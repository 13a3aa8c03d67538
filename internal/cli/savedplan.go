package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/atomicfile"
	"riveter/internal/cli/process"
	"riveter/internal/operate"
	"riveter/internal/planfile"
	"riveter/plan/transition"
	"riveter/plan/view"
)

// savingOptions say where a plan is saved.
type savingOptions struct {
	out       string
	encryptTo cli.StringSlice
}

func (o *savingOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "out", Usage: "save the plan to `FILE`, for apply", Destination: &o.out},
		&cli.StringSliceFlag{Name: "encrypt-to", Usage: "seal the file for the age `RECIPIENT`, such as age1…; may be repeated", Destination: &o.encryptTo},
	}
}

// save saves a plan, if it is to be, in one piece or not at all.
func (o *savingOptions) save(s *session, p *operate.Planned, ledger string) error {
	if o.out == "" && len(o.encryptTo.Value()) > 0 {
		return operate.Problemf("Conflicting flags", "-encrypt-to seals the file that -out=FILE names, and there is none.")
	}
	if o.out == "" {
		return nil
	}
	if err := s.app.guard.Check(o.out); err != nil {
		return err
	}
	f, err := s.Save(p, cmp.Or(ledger, s.config.Settings().Ledger.Kind, "local"))
	if err == nil {
		err = atomicfile.Write(o.out, 0o600, func(w io.Writer) error { return planfile.Encode(w, f, o.encryptTo.Value()) })
	}
	if err != nil {
		return operate.Problemf("Plan cannot be saved", "%s.", err)
	}
	s.screen.Note(s.app.andThen(fmt.Sprintf("Saved the plan to %s.", o.out), fmt.Sprintf(`"riveter apply %s" carries it out.`, view.ShellWord(o.out))))
	return nil
}

// isPlanFile reports whether an argument names a saved plan, and no configuration.
func isPlanFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && !hcl.IsConfiguration(path)
}

// planFile reads a saved plan, which must be the one that was approved.
func (e *expectation) planFile(env *process.Env, path string) (*planfile.File, error) {
	approved, err := e.read(env)
	if err != nil {
		return nil, err
	}
	data, err := readInput(env, path)
	if err != nil {
		return nil, err
	}
	f, err := decodePlanFile(path, data)
	if err == nil && !transition.Matches(f.Transition, approved.Transition) {
		err = operate.Problemf("The plan is not the one that was approved", "Nothing was changed. The plan in %s is another one.\n\n  approved: %s\n  there:    %s",
			path, approved.Transition, f.Transition)
	}
	return f, err
}

func decodePlanFile(path string, data []byte) (*planfile.File, error) {
	f, err := planfile.Decode(data)
	if err != nil {
		return nil, operate.Problemf("Plan file cannot be used", "%s: %s.", path, err)
	}
	return f, nil
}

// readDocument reads a plan or report from a file, which may be a saved plan, or from standard input for "-".
func readDocument(env *process.Env, path string) (*view.Document, error) {
	data, err := readInput(env, path)
	if err != nil {
		return nil, err
	}
	if planfile.IsPlan(data) {
		f, err := decodePlanFile(path, data)
		if err != nil {
			return nil, err
		}
		data = f.Plan
	}
	d, err := view.Read(bytes.NewReader(data))
	if err != nil {
		return nil, operate.Problemf("File holds no plan", "%s: %s.", path, err)
	}
	return d, nil
}

// readInput reads a file, or standard input for "-", unsealed if it is a sealed plan.
func readInput(env *process.Env, path string) ([]byte, error) {
	data, err := env.ReadFile(path)
	if err != nil {
		return nil, operate.Problemf("File cannot be read", "%s.", err)
	}
	identity, _ := env.Lookup("RIVETER_AGE_IDENTITY_FILE")
	opened, err := planfile.Open(data, identity)
	if err != nil {
		return nil, operate.Problemf("Plan cannot be opened", "%s: %s.", path, err)
	}
	return opened, nil
}

// ofApplying are the flags of apply that are not about planning.
var ofApplying = []string{
	"json", "json-into", "no-color", "concise", "verbose", "lock", "lock-timeout", "ledger", "auto-approve", "input", "parallelism", "keep-failed",
	"detailed-exitcode", "stale", "var", "expect", "expect-plan",
}

// refusePlanning refuses flags that belong to planning, as the file has them, and what is no answer to what is stale.
func refusePlanning(c *cli.Context) error {
	for _, name := range c.LocalFlagNames() {
		if !slices.Contains(ofApplying, name) {
			return operate.Problemf("Conflicting flags", "-%s belongs to planning, and the plan in %s is made already. Give it to riveter plan -out.", name, c.Args().First())
		}
	}
	if stale := c.String("stale"); stale != "" && stale != "skip" {
		return operate.Problemf("Invalid flag", "-stale is skip, or is left out, not %q.", stale)
	}
	return nil
}

// applyFile carries out a saved plan, about which nobody is asked, unless the flags refuse it.
func (a *app) applyFile(ctx context.Context, o *applyOptions, path string, refused error) (err error) {
	s := &session{app: a, screen: a.newScreen(o.view)}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	a.guard.Keep(path)
	var f *planfile.File
	if err = refused; err == nil {
		f, err = o.expectation.planFile(&a.env, path)
	}
	if err != nil {
		return s.show(operate.Diagnose(err))
	}
	p, err := s.resume(ctx, f, o)
	if err != nil {
		if p == nil && !a.interrupts.Happened() {
			s.screen.PlanFailed(len(s.errors))
		}
		return err
	}
	o.approval.auto, o.destroy = true, strings.EqualFold(f.Options.Mode, "destroy")
	return s.apply(ctx, p, o)
}

// resume makes a saved plan again, and shows it with what of it is stale.
func (s *session) resume(ctx context.Context, f *planfile.File, o *applyOptions) (*operate.Planned, error) {
	loading, err := s.app.loading(operate.LoadOptions{Variables: o.source.variables})
	if err != nil {
		return nil, err
	}
	restored, err := operate.Restore(f, loading)
	if err != nil {
		return nil, s.show(operate.Diagnose(err))
	}
	var diags hcl2.Diagnostics
	s.config, diags = operate.Load(ctx, restored.Loading)
	s.app.guard.KeepSources(s.config.Config)
	if err := s.show(diags); err != nil {
		return nil, err
	}
	restored.Skip, restored.Moved = o.stale == "skip", o.ledger.path != ""
	if f.Ledger.Home == "none" { // what was planned with no memory is done with none
		o.ledger.path = cmp.Or(o.ledger.path, f.Ledger.Home)
	}
	if err := s.open(ctx, o.ledger, "apply", false); err != nil {
		return nil, err
	}
	p, diags := s.Resume(ctx, restored)
	return p, s.showPlan(p, diags)
}
