package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"pgregory.net/rapid"
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

// startTeam starts an engine with the registry of a team.
func startTeam(tb testing.TB) *nodes {
	tb.Helper()
	dir := tb.TempDir()
	packages, err := filepath.Abs(filepath.Join("..", "examples", "registry", "node_modules"))
	err = errors.Join(err,
		copyFile(filepath.Join("witness", "package.json"), filepath.Join(dir, "package.json")),
		copyFile(filepath.Join("witness", "actors.mjs"), filepath.Join(dir, "actors.mjs")),
		copyFile(filepath.Join("..", "examples", "registry", "actors", "counter.mjs"), filepath.Join(dir, "counter.mjs")),
		copyFile(filepath.Join("..", "examples", "registry", "actors", "probe.mjs"), filepath.Join(dir, "probe.mjs")),
		copyFile(filepath.Join("..", "examples", "ledger", "ledger.mjs"), filepath.Join(dir, "ledger.mjs")),
		os.WriteFile(filepath.Join(dir, "server.mjs"), []byte(teamRegistry), 0o644),
		os.Symlink(packages, filepath.Join(dir, "node_modules")),
	)
	if err != nil {
		tb.Fatal(err)
	}
	return startRivet(tb, dir)
}

// TestKillLosesNothingThatATeamKnows kills riveter at random moments of an apply. Somebody releases its lock and goes on: only what
// was in flight is in doubt. Where the whole checkout is gone, another one goes on, and the actor that keeps the ledger knows
// what was done but for the last moment, and all that may have been done in it.
func TestKillLosesNothingThatATeamKnows(t *testing.T) {
	t.Parallel()
	rivet := startTeam(t)
	dir, runs := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		run := fmt.Sprint("run-", runs)
		t := &trial{T: rt, run: run, dir: filepath.Join(dir, run), engine: engine{endpoint: rivet.Endpoint()}, blocks: seeding()}
		t.checkOut()
		t.kill(drawMoment(t))
		if t.isDiskGone = rapid.Bool().Draw(t.T, "the disk is gone"); t.isDiskGone {
			t.check(os.RemoveAll(t.dir))
			t.dir += "-elsewhere"
			t.checkOut()
		}
		orders := t.settle()
		t.unlock()
		t.goesOn(orders)
		_, err := os.Stat(filepath.Join(t.dir, "riveter.ledger.json"))
		t.expect(errors.Is(err, fs.ErrNotExist), "there is a ledger beside the configuration: %v", err)
	})
}

// checkOut writes the configuration, with a ledger that an actor keeps.
func (t *trial) checkOut() {
	t.write()
	settings := fmt.Sprintf("riveter {\n  ledger \"actor\" {\n    key   = [%q]\n    token = %q\n  }\n}\n", t.run, teamToken)
	t.check(os.WriteFile(filepath.Join(t.dir, "team.rivet.hcl"), []byte(settings), 0o644))
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
