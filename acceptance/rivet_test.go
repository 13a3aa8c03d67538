package acceptance

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"riveter/internal/devrivet"
)

// commands are what scripts have besides testscript's own.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"rivet":    rivet,
	"registry": registry,
	"actors":   actors,
	"call":     call,
	"create":   create,
	"destroy":  destroy,
	"await":    await,

	"ledger-server": ledgerServer,
	"ledger-of-0.1": ledgerOf01,

	"example":      example,
	"npm-packages": npmPackages,

	"follows-schema": followsSchema,

	"babbles":  babbles,
	"leads-to": leadsTo,

	"github": github,
	"gitlab": gitlab,
	"runner": runner,

	"record":         record,
	"sent-nothing":   sentNothing,
	"sent-something": sentSomething,
	"sent-planned":   sentPlanned,
}

type startedKey struct{}

// started is the Rivet of a script.
type started struct {
	rivet    *nodes
	token    string
	recorder *recorder     // nil where none is asked for
	github   *githubServer // the same
	gitlab   *gitlabServer // the same
}

func of(ts *testscript.TestScript) *started { return ts.Value(startedKey{}).(*started) }

func (s *started) engine() engine { return engine{s.rivet.Endpoint(), s.token} }

// rivet [TOKEN] starts an engine with the example registry, or the one in the folder REGISTRY, and points RIVET_ENDPOINT to it.
// With a token, the engine demands it.
func rivet(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) > 1 || s.rivet != nil {
		ts.Fatalf("usage: rivet [TOKEN], once")
	}
	s.token = strings.Join(args, "")
	r, err := startNodes(context.Background(), devrivet.Options{
		Registry:   ts.MkAbs(cmp.Or(ts.Getenv("REGISTRY"), filepath.Join(ts.Getenv("EXAMPLES"), "registry"))),
		AdminToken: s.token,
	})
	ts.Check(err)
	ts.Defer(func() { ts.Check(r.Stop()) })
	s.rivet = r
	ts.Setenv("RIVET_ENDPOINT", r.Endpoint())
}

// example NAME copies a folder of the examples, so that the ledger beside it is the script's own. Packages and ledgers that
// somebody left there are not copied.
func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: example NAME")
	}
	from, to := os.DirFS(filepath.Join(ts.Getenv("EXAMPLES"), args[0])), ts.MkAbs(args[0])
	ts.Check(fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == "node_modules" && entry.IsDir():
			return fs.SkipDir
		case entry.Name() == "node_modules", strings.HasPrefix(entry.Name(), "riveter.ledger"): // a link is no folder
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, path), 0o755)
		}
		content, err := fs.ReadFile(from, path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, path), content, 0o644)
	}))
}

// registry stop|kill|start does that to the registry. The start of one that runs puts another one in its place, as a deployment does; the
// actors of one that was stopped wait ever longer for the next, over a minute the second time.
func registry(ts *testscript.TestScript, _ bool, args []string) {
	r := of(ts).rivet.registered
	switch strings.Join(args, " ") {
	case "stop":
		r.StopRegistry()
	case "kill":
		r.KillRegistry()
	case "start":
		ts.Check(r.StartRegistry(context.Background()))
	default:
		ts.Fatalf("usage: registry stop|kill|start")
	}
}

// actors NAME prints the keys of the live actors of a name, as they are on the wire, sorted.
func actors(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: actors NAME")
	}
	found, err := of(ts).engine().list(url.Values{"name": {args[0]}, "limit": {"100000"}})
	ts.Check(err)
	var keys []string
	for _, a := range found {
		keys = append(keys, *a.Key+"\n")
	}
	slices.Sort(keys)
	fmt.Fprint(ts.Stdout(), strings.Join(keys, ""))
}

// call NAME KEY ACTION [ARG...] runs an action of the actor with a wire key and prints its output as JSON.
func call(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: call NAME KEY ACTION [ARG-AS-JSON...]")
	}
	output, err := of(ts).engine().call(args[0], args[1], args[2], args[3:]...)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", output)
}

// create NAME KEY [INPUT-AS-JSON] creates an actor, as somebody else would.
func create(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: create NAME KEY [INPUT-AS-JSON]")
	}
	var input any
	if len(args) == 3 {
		ts.Check(json.Unmarshal([]byte(args[2]), &input))
	}
	ts.Check(of(ts).engine().create(args[0], args[1], input))
}

// destroy NAME KEY destroys an actor behind riveter's back.
func destroy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: destroy NAME KEY")
	}
	ts.Check(of(ts).engine().destroy(args[0], args[1]))
}

// await NAME KEY waits until there is an actor with this wire key.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await NAME KEY")
	}
	for range 600 {
		if _, err := of(ts).engine().lookup(args[0], args[1]); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("no %s with the key %q appeared", args[0], args[1])
}
