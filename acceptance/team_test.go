package acceptance

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"riveter/internal/devrivet"
)

// teamToken is what the ledger's actor of a team wants to be told.
const teamToken = "sesame-of-the-team"

// teamRegistry has the actors that bear witness, and one that keeps a ledger.
const teamRegistry = `import { setup } from "rivetkit";

import * as actors from "./actors.mjs";
import { counter } from "./counter.mjs";
import { ledger } from "./ledger.mjs";

export const registry = setup({ use: { ...actors, counter, riveterLedger: ledger({ token: "` + teamToken + `" }) } });

registry.start();
`

// startTeam starts an engine with the registry of a team.
func startTeam(tb testing.TB) *devrivet.Rivet {
	tb.Helper()
	dir := tb.TempDir()
	packages, err := filepath.Abs(filepath.Join("..", "examples", "registry", "node_modules"))
	err = errors.Join(err,
		copyFile(filepath.Join("witness", "package.json"), filepath.Join(dir, "package.json")),
		copyFile(filepath.Join("witness", "actors.mjs"), filepath.Join(dir, "actors.mjs")),
		copyFile(filepath.Join("..", "examples", "registry", "actors", "counter.mjs"), filepath.Join(dir, "counter.mjs")),
		copyFile(filepath.Join("..", "examples", "ledger", "ledger.mjs"), filepath.Join(dir, "ledger.mjs")),
		os.WriteFile(filepath.Join(dir, "server.mjs"), []byte(teamRegistry), 0o644),
		os.Symlink(packages, filepath.Join(dir, "node_modules")),
	)
	if err != nil {
		tb.Fatal(err)
	}
	rivet, err := devrivet.Start(tb.Context(), devrivet.Options{Registry: dir, Progress: os.Stderr})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := rivet.Stop(); err != nil {
			tb.Error(err)
		}
	})
	return rivet
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
