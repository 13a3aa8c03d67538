package acceptance

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"riveter/internal/devrivet"
)

// commands are what scripts have besides testscript's own. They know Rivet by its HTTP interface alone, and nothing of
// riveter, so that they can bear witness.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"rivet":    rivet,
	"registry": registry,
	"actors":   actors,
	"call":     call,
	"create":   create,
	"destroy":  destroy,
	"await":    await,
	"example":  example,

	"record":       record,
	"sent-nothing": sentNothing,
	"sent-planned": sentPlanned,
}

type startedKey struct{}

// started is the Rivet of a script.
type started struct {
	rivet    *devrivet.Rivet
	token    string
	recorder *recorder // nil where none is asked for
}

func of(ts *testscript.TestScript) *started { return ts.Value(startedKey{}).(*started) }

// rivet [TOKEN] starts an engine with the example registry and points RIVET_ENDPOINT to it. With a token, the engine
// demands it.
func rivet(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	if neg || len(args) > 1 || s.rivet != nil {
		ts.Fatalf("usage: rivet [TOKEN], once")
	}
	s.token = strings.Join(args, "")
	r, err := devrivet.Start(context.Background(), devrivet.Options{
		Registry:   filepath.Join(ts.Getenv("EXAMPLES"), "registry"),
		AdminToken: s.token,
		Progress:   os.Stderr,
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
		case entry.Name() == "node_modules":
			return fs.SkipDir
		case strings.HasPrefix(entry.Name(), "riveter.ledger"):
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

// registry stop|kill|start does that to the registry.
func registry(ts *testscript.TestScript, _ bool, args []string) {
	r := of(ts).rivet
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

type actor struct {
	ID  string  `json:"actor_id"`
	Key *string `json:"key"`
}

// actors NAME prints the keys of the live actors of a name, as they are on the wire, sorted.
func actors(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: actors NAME")
	}
	var keys []string
	for _, a := range list(ts, url.Values{"name": {args[0]}, "limit": {"100000"}}) {
		keys = append(keys, *a.Key+"\n")
	}
	slices.Sort(keys)
	fmt.Fprint(ts.Stdout(), strings.Join(keys, ""))
}

func list(ts *testscript.TestScript, query url.Values) []actor {
	var answer struct{ Actors []actor }
	ts.Check(json.Unmarshal(request(ts, http.MethodGet, "/actors", query, nil), &answer))
	return answer.Actors
}

// call NAME KEY ACTION [ARG...] runs an action of the actor with a wire key and prints its output as JSON.
func call(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: call NAME KEY ACTION [ARG-AS-JSON...]")
	}
	id := lookup(ts, args[0], args[1])
	body := []byte(`{"args":[` + strings.Join(args[3:], ",") + `]}`)
	var answer struct{ Output json.RawMessage }
	path := "/gateway/" + id + "/action/" + args[2]
	ts.Check(json.Unmarshal(request(ts, http.MethodPost, path, nil, body), &answer))
	fmt.Fprintf(ts.Stdout(), "%s\n", answer.Output)
}

func lookup(ts *testscript.TestScript, name, key string) string {
	found := list(ts, url.Values{"name": {name}, "key": {key}})
	if len(found) == 0 {
		ts.Fatalf("there is no %s with the key %q", name, key)
	}
	return found[0].ID
}

// create NAME KEY [INPUT-AS-JSON] creates an actor, as somebody else would.
func create(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: create NAME KEY [INPUT-AS-JSON]")
	}
	body := map[string]any{"name": args[0], "key": args[1], "runner_name_selector": "default", "crash_policy": "sleep"}
	if len(args) == 3 {
		var input any
		ts.Check(json.Unmarshal([]byte(args[2]), &input))
		encoded, err := cbor.Marshal(input)
		ts.Check(err)
		body["input"] = base64.StdEncoding.EncodeToString(encoded)
	}
	data, err := json.Marshal(body)
	ts.Check(err)
	request(ts, http.MethodPut, "/actors", nil, data)
}

// destroy NAME KEY destroys an actor behind riveter's back.
func destroy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: destroy NAME KEY")
	}
	request(ts, http.MethodDelete, "/actors/"+lookup(ts, args[0], args[1]), nil, nil)
}

// await NAME KEY waits until there is an actor with this wire key.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await NAME KEY")
	}
	query := url.Values{"name": {args[0]}, "key": {args[1]}}
	for range 600 {
		if len(list(ts, query)) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("no %s with the key %q appeared", args[0], args[1])
}

func request(ts *testscript.TestScript, method, path string, query url.Values, body []byte) []byte {
	if query == nil {
		query = url.Values{}
	}
	if !strings.HasPrefix(path, "/gateway/") {
		query.Set("namespace", "default")
	}
	target := of(ts).rivet.Endpoint() + path + "?" + query.Encode()
	req, err := http.NewRequestWithContext(context.Background(), method, target, bytes.NewReader(body))
	ts.Check(err)
	req.Header.Set("content-type", "application/json")
	if token := of(ts).token; token != "" {
		req.Header.Set("authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	ts.Check(err)
	if response.StatusCode != http.StatusOK {
		ts.Fatalf("%s %s: %s: %s", method, path, response.Status, data)
	}
	return data
}
