package acceptance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"riveter/apply/ledger/ledgertest"
)

// teamToken is what the ledger's actor of a team wants to be told.
const teamToken = "sesame-of-the-team"

// teamRegistry has the actors that bear witness, and one that keeps a ledger.
const teamRegistry = `import { setup } from "rivetkit";

import * as actors from "./actors.mjs";
import { counter } from "./counter.mjs";
import { ledger } from "./ledger.mjs";
import { probe } from "./probe.mjs";

export const registry = setup({ use: { ...actors, counter, probe, riveterLedger: ledger({ token: "` + teamToken + `" }) } });

registry.start();
`

// keeperRegistry has only the actor that keeps a ledger.
const keeperRegistry = `import { setup } from "rivetkit";

import { ledger } from "./ledger.mjs";

export const registry = setup({ use: { riveterLedger: ledger({ token: "` + teamToken + `" }) } });

registry.start();
`

// startTeam starts an engine with the registry of a team.
func startTeam(tb testing.TB) *nodes {
	tb.Helper()
	dir := tb.TempDir()
	err := errors.Join(
		copyFile(filepath.Join("witness", "package.json"), filepath.Join(dir, "package.json")),
		copyFile(filepath.Join("witness", "actors.mjs"), filepath.Join(dir, "actors.mjs")),
		copyFile(filepath.Join("..", "examples", "registry", "actors", "counter.mjs"), filepath.Join(dir, "counter.mjs")),
		copyFile(filepath.Join("..", "examples", "registry", "actors", "probe.mjs"), filepath.Join(dir, "probe.mjs")),
		copyFile(filepath.Join("..", "examples", "ledger", "ledger.mjs"), filepath.Join(dir, "ledger.mjs")),
		os.WriteFile(filepath.Join(dir, "server.mjs"), []byte(teamRegistry), 0o644),
	)
	if err != nil {
		tb.Fatal(err)
	}
	linkPackages(tb, dir)
	return startRivet(tb, dir)
}

// inActor is the block of a ledger that an actor with this key keeps.
func inActor(key, settings string) string {
	return fmt.Sprintf("ledger \"actor\" {\n    key   = [%q]\n    token = %q\n    %s\n  }", key, teamToken, settings)
}

// atServer is the block of a ledger that a server keeps, which is started.
func atServer(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(&ledgertest.Server{Manner: ledgertest.Reference})
	t.Cleanup(server.Close)
	return fmt.Sprintf("ledger \"http\" { address = %q }", server.URL)
}

// TestKillLosesNothingThatATeamKnows kills riveter at random moments of an apply. Somebody releases its lock and goes on: only what
// was in flight is in doubt, also when others have applied meanwhile. Where the whole checkout is gone, another one goes on: the home of the ledger knows what was done but for the
// last moments, and all that may have been done in them.
func TestKillLosesNothingThatATeamKnows(t *testing.T) {
	t.Parallel()
	rivet := startTeam(t)
	for name, home := range map[string]func(t *testing.T, run string) string{
		"actor":  func(_ *testing.T, run string) string { return inActor(run, "") },
		"server": func(t *testing.T, _ string) string { t.Helper(); return atServer(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, runs := t.TempDir(), 0
			rapid.Check(t, func(rt *rapid.T) {
				runs++
				run := fmt.Sprint(name, "-", runs)
				t := &trial{T: rt, run: run, dir: filepath.Join(dir, run), engine: engine{endpoint: rivet.Endpoint()}, blocks: seeding(), home: home(t, run)}
				t.checkOut()
				t.kill(drawMoment(t))
				if t.isDiskGone = rapid.Bool().Draw(t.T, "the disk is gone"); t.isDiskGone {
					t.check(os.RemoveAll(t.dir))
					t.dir += "-elsewhere"
					t.checkOut()
				}
				if rapid.Bool().Draw(t.T, "others apply meanwhile") {
					t.letOthersApply()
				}
				orders := t.settle()
				t.unlock()
				t.goesOn(orders)
				_, err := os.Stat(filepath.Join(t.dir, "riveter.ledger.json"))
				t.expect(errors.Is(err, fs.ErrNotExist), "there is a ledger beside the configuration: %v", err)
			})
		})
	}
}

// TestKillOfTheLedgerLosesNothing kills the registry of the actor that keeps the ledger, once or twice in the middle of an apply.
func TestKillOfTheLedgerLosesNothing(t *testing.T) {
	t.Parallel()
	keeper := startRivet(t, ledgerRegistry(t))
	check(t, func(t *trial) {
		t.blocks, t.home = seeding(), inActor(t.run, fmt.Sprintf("endpoint = %q", keeper.Endpoint()))
		t.checkOut()
		run := t.command("apply", []string{"-auto-approve"})
		t.check(run.Start())
		for range rapid.IntRange(1, 2).Draw(t.T, "kills") {
			time.Sleep(drawMoment(t))
			keeper.registered.KillRegistry()
			t.check(keeper.registered.StartRegistry(context.Background()))
		}
		_ = run.Wait() // whether it ends well or not
		t.awaitLedger()
		t.goesOn(t.settle())
	})
}

// awaitLedger waits until the actor of the ledger is there again, which the engine may take its time for when it was killed.
func (t *trial) awaitLedger() {
	for range 5 {
		run := exec.Command("riveter", "ledger", "list")
		run.Dir, run.Env = t.dir, append(os.Environ(), "RIVET_ENDPOINT="+t.engine.endpoint)
		if run.Run() == nil {
			return
		}
	}
	t.Fatal("the ledger does not come back")
}

// ledgerRegistry is the folder of a registry that has nothing but the actor of the ledger.
func ledgerRegistry(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := errors.Join(
		copyFile(filepath.Join("..", "examples", "ledger", "package.json"), filepath.Join(dir, "package.json")),
		copyFile(filepath.Join("..", "examples", "ledger", "ledger.mjs"), filepath.Join(dir, "ledger.mjs")),
		os.WriteFile(filepath.Join(dir, "server.mjs"), []byte(keeperRegistry), 0o644),
	)
	if err != nil {
		t.Fatal(err)
	}
	linkPackages(t, dir)
	return dir
}

// linkPackages gives a registry the packages of another one.
func linkPackages(tb testing.TB, dir string) {
	tb.Helper()
	packages, err := filepath.Abs(filepath.Join("..", "examples", "registry", "node_modules"))
	if err = errors.Join(err, os.Symlink(packages, filepath.Join(dir, "node_modules"))); err != nil {
		tb.Fatal(err)
	}
}

// checkOut writes the configuration, with the home of its ledger.
func (t *trial) checkOut() {
	t.write()
	t.check(os.WriteFile(filepath.Join(t.dir, "team.rivet.hcl"), []byte("riveter {\n  "+t.home+"\n}\n"), 0o644))
}

// letOthersApply has a checkout elsewhere go on with the ledger, which knows nothing of the draft in this one.
func (t *trial) letOthersApply() {
	here := t.dir
	defer func() { t.dir = here }()
	t.dir += "-others"
	t.checkOut()
	t.save("", fmt.Appendf(nil, "actor \"counter\" \"others\" {\n  key = [%q]\n}\n", t.run))
	t.unlock()
	if code, output := t.riveter("apply", []string{"-auto-approve", "-target=actor.counter.others"}); code != 0 {
		t.Fatalf("the apply of others ended with %d\n%s", code, output)
	}
}

// lockID finds the id of a lock in what is said to who was refused it.
var lockID = regexp.MustCompile(`\(lock "([^"]+)"\)`)

// unlock releases the lock of who has ended, if there is one, as a person does.
func (t *trial) unlock() {
	refused := t.byHand("rm", "actor.nobody.at_all")
	if id := lockID.FindSubmatch(refused); id != nil {
		t.byHand("unlock", string(id[1]))
	}
}

func (t *trial) byHand(command, arg string) (output []byte) {
	run := exec.Command("riveter", "ledger", command, "-auto-approve", arg)
	run.Dir, run.Env = t.dir, append(os.Environ(), "RIVET_ENDPOINT="+t.engine.endpoint)
	output, _ = run.CombinedOutput() // that it is refused is no error here
	t.Logf("%v\n%s", run.Args, output)
	return output
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
