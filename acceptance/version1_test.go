package acceptance

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// version1 is a ledger of riveter 0.1, as far as it depends on the engine.
type version1 struct {
	Version      int                                 `json:"version"`
	Lineage      string                              `json:"lineage"`
	Serial       int                                 `json:"serial"`
	DigestKey    string                              `json:"digest_key"`
	LastJournal  string                              `json:"last_journal"`
	Environments map[string]map[string]version1Entry `json:"environments"`
}

type version1Entry struct {
	Name    string                  `json:"name"`
	Key     []string                `json:"key"`
	ActorID string                  `json:"actor_id"`
	Created bool                    `json:"created"`
	Fresh   bool                    `json:"fresh"`
	Input   json.RawMessage         `json:"input"`
	Steps   map[string]version1Step `json:"steps"`
}

type version1Step struct {
	Status string       `json:"status"`
	At     string       `json:"at"`
	Args   version1Memo `json:"args"`
}

type version1Memo struct {
	Digest string          `json:"digest"`
	Value  json.RawMessage `json:"value,omitempty"`
}

// version2 is as much of a ledger of today.
type version2 struct {
	Environments map[string]struct {
		Actors []struct {
			version1Entry
			Address string `json:"address"`
		}
	}
}

// ledgerOf01 FILE LEDGER makes the ledger of riveter 0.1 in FILE the one that a configuration has: one without memory where there is
// none yet, and else what 0.1 would have written of the actors that today's ledger has. What does not depend on their ids is
// as 0.1 wrote it.
func ledgerOf01(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ledger-of-0.1 FILE LEDGER")
	}
	var old version1
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &old))
	var now version2
	if data, err := os.ReadFile(ts.MkAbs(args[1])); err == nil {
		ts.Check(json.Unmarshal(data, &now))
	}
	old.Environments = old.of(ts, now)
	data, err := json.Marshal(old)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
}

// of returns the memory with the ids of the actors that there are now.
func (old version1) of(ts *testscript.TestScript, now version2) map[string]map[string]version1Entry {
	environments := map[string]map[string]version1Entry{}
	for id, environment := range now.Environments {
		environments[id] = map[string]version1Entry{}
		for _, was := range old.Environments {
			for _, a := range environment.Actors {
				entry, ok := was[a.Address]
				if !ok || len(entry.Steps) != len(a.Steps) {
					ts.Fatalf("0.1 did not do with %s what is done today", a.Address)
				}
				environments[id][a.Address] = entry.of(a.version1Entry)
			}
		}
	}
	return environments
}

func (e version1Entry) of(now version1Entry) version1Entry {
	e.ActorID = now.ActorID
	for name, step := range e.Steps {
		if args := now.Steps[name].Args; !bytes.Equal(compact(step.Args.Value), compact(args.Value)) { // there are ids in it
			step.Args = args
			e.Steps[name] = step
		}
	}
	return e
}

func compact(data json.RawMessage) []byte {
	var b bytes.Buffer
	_ = json.Compact(&b, data) // it was decoded
	return b.Bytes()
}
