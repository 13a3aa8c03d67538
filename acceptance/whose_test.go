package acceptance

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestWhoseAnActorIs puts somebody between riveter and an engine, who loses what riveter sends or is answered while somebody else makes the same
// actor, or gives answers of his own.
func TestWhoseAnActorIs(t *testing.T) {
	t.Parallel()
	rivet := startRivet(t, filepath.Join("..", "examples", "registry"))
	for name, test := range map[string]func(*meddled){
		"a wrong lookup":                  (*meddled).looksUpWrongly,
		"somebody made it before":         (*meddled).isRefusedAfterStranger,
		"somebody made it after a kill":   (*meddled).isKilledBeforeStranger,
		"it was made before a kill":       (*meddled).isKilledAfterCreation,
		"somebody made it between":        (*meddled).repeatsAfterStranger,
		"it was made and the answer lost": (*meddled).repeatsAfterCreation,
		"it arrives in the next apply":    (*meddled).isLate,
		"it was made and is removed":      (*meddled).isRemovedAfterCreation,
		"somebody made it and it is gone": (*meddled).isPrunedAfterStranger,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &meddled{T: t, engine: engine{endpoint: rivet.Endpoint()}, dir: t.TempDir(), key: "whose-" + strings.ReplaceAll(name, " ", "-")}
			m.between(rivet.Endpoint())
			m.write(`input = { start = 5 }`)
			test(m)
		})
	}
}

// meddled is a riveter with somebody between it and its engine.
type meddled struct {
	*testing.T
	engine   engine
	dir, key string
	endpoint string
	// meddle answers a request, or does something before it goes on, for which it returns false.
	meddle atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]
}

func (m *meddled) between(endpoint string) {
	to, err := url.Parse(endpoint)
	m.must(err)
	on := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if meddle := m.meddle.Load(); meddle == nil || !(*meddle)(w, r) {
			on.ServeHTTP(w, r)
		}
	}))
	server.Config.ErrorLog = nil
	m.Cleanup(server.Close)
	m.endpoint = server.URL
}

func (m *meddled) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *meddled) write(input string) {
	m.Helper()
	m.declares("actor \"counter\" \"a\" {\n  key = \"" + m.key + "\"\n  " + input + "\n  action \"increment\" { args = [1] }\n}\n")
}

func (m *meddled) declares(source string) {
	m.Helper()
	m.must(os.WriteFile(filepath.Join(m.dir, "main.rivet.hcl"), []byte(source), 0o600))
}

// creates has this done to each creation, until calm.
func (m *meddled) creates(do func(w http.ResponseWriter, r *http.Request, attempt int) bool) {
	var attempts atomic.Int64
	meddle := func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPut && r.URL.Path == "/actors" && do(w, r, int(attempts.Add(1)))
	}
	m.meddle.Store(&meddle)
}

func (m *meddled) calm() { m.meddle.Store(nil) }

// stranger makes the actor as somebody else would.
func (m *meddled) stranger() { m.must(m.engine.create("counter", m.key, map[string]any{"start": 70})) }

// runs runs riveter, which must end with a code and say something.
func (m *meddled) runs(code int, says, command string, flags ...string) {
	m.Helper()
	run := riveterCommand(command, m.dir, m.endpoint, flags...)
	out, _ := run.CombinedOutput()
	if got := run.ProcessState.ExitCode(); got != code || !strings.Contains(string(out), says) {
		m.Fatalf("%s ended with %d, not %d, or does not say %q:\n%s", command, got, code, says, out)
	}
}

// isKilled applies until something has happened, and kills it.
func (m *meddled) isKilled(happened <-chan struct{}) {
	run := riveterCommand("apply", m.dir, m.endpoint, "-auto-approve")
	m.must(run.Start())
	select {
	case <-happened:
	case <-time.After(time.Minute):
		m.Error("it did not happen")
	}
	m.must(run.Process.Kill())
	_ = run.Wait()
}

// counts says what the actor holds.
func (m *meddled) counts(want string) {
	m.Helper()
	got, err := m.engine.call("counter", m.key, "get")
	if err != nil || string(got) != want {
		m.Errorf("it holds %s, not %s; %v", got, want, err)
	}
}

// isAnothers says that riveter neither calls nor destroys the actor.
func (m *meddled) isAnothers() {
	m.Helper()
	m.runs(0, "1 to adopt. Calls: 0 to make, 0 always, 1 unknown", "plan")
	m.runs(0, "riveter did not create it", "destroy", "-auto-approve")
	m.counts("70")
}

// isOurs says that riveter makes the call that is due without a question, and destroys the actor.
func (m *meddled) isOurs() {
	m.Helper()
	m.runs(0, "", "apply", "-auto-approve")
	m.counts("6")
	m.runs(0, "", "plan", "-detailed-exitcode")
	m.runs(0, "1 destroyed", "destroy", "-auto-approve")
}

func (m *meddled) looksUpWrongly() {
	m.runs(0, "1 created", "apply", "-auto-approve")
	nobody := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || r.URL.Path != "/actors" {
			return false
		}
		_, _ = io.WriteString(w, `{"actors":[],"pagination":{"cursor":null}}`)
		return true
	}
	m.meddle.Store(&nobody)
	m.runs(1, "was gone, and then that it is there", "apply", "-auto-approve")
	m.calm()
	m.isOurs()
}

func (m *meddled) isRefusedAfterStranger() {
	m.creates(func(w http.ResponseWriter, _ *http.Request, attempt int) bool {
		if attempt == 1 {
			m.stranger()
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	m.runs(1, "it may have happened or not", "apply", "-auto-approve")
	m.calm()
	m.runs(0, "and not riveter, which had tried to", "plan")
	m.isAnothers()
}

func (m *meddled) isKilledBeforeStranger() {
	m.killBeforeCreation()
	m.stranger()
	m.isAnothers()
}

func (m *meddled) killBeforeCreation() {
	sent := make(chan struct{}, 1)
	m.creates(func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		read(r)
		sent <- struct{}{}
		<-r.Context().Done()
		return true
	})
	m.isKilled(sent)
	m.calm()
}

func (m *meddled) isKilledAfterCreation() {
	m.killAfterCreation()
	m.isOurs()
}

func (m *meddled) isRemovedAfterCreation() {
	m.killAfterCreation()
	m.declares("removed {\n  from    = actor.counter.a\n  destroy = true\n}\n")
	m.runs(0, "1 destroyed", "apply", "-auto-approve")
	if _, err := m.engine.lookup("counter", m.key); err == nil {
		m.Error("it is there still")
	}
	m.runs(0, "No changes", "plan")
}

func (m *meddled) isPrunedAfterStranger() {
	m.killBeforeCreation()
	m.stranger()
	m.declares("")
	m.runs(0, "riveter did not create it", "apply", "-auto-approve", "-prune")
	m.counts("70")
}

func (m *meddled) killAfterCreation() {
	made := make(chan struct{}, 1)
	m.passes(func(r *http.Request) {
		made <- struct{}{}
		<-r.Context().Done()
	})
	m.isKilled(made)
	m.calm()
}

// passes has the engine see creations, whose answer nobody sees, and does something afterwards.
func (m *meddled) passes(do func(r *http.Request)) {
	sees := m.pass
	m.creates(func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		sees(read(r))
		do(r)
		return true
	})
}

// read returns the body of a request; a server notices the end only of one that was read.
func read(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	return body
}

// pass has the engine see a creation whose answer nobody sees.
func (m *meddled) pass(body []byte) {
	if _, err := m.engine.request(http.MethodPut, "/actors", nil, body); err != nil {
		m.Error(err)
	}
}

func (m *meddled) repeatsAfterStranger() {
	m.creates(func(http.ResponseWriter, *http.Request, int) bool {
		m.calm()
		m.stranger()
		panic(http.ErrAbortHandler)
	})
	m.runs(1, "its input was dropped", "apply", "-auto-approve")
	m.isAnothers()
}

func (m *meddled) repeatsAfterCreation() {
	m.passes(func(*http.Request) {
		m.calm()
		panic(http.ErrAbortHandler)
	})
	m.runs(0, "1 created", "apply", "-auto-approve")
	m.isOurs()
}

// isLate has the creation of a killed riveter arrive while the next one is at work.
func (m *meddled) isLate() {
	var body []byte
	sent := make(chan struct{}, 1)
	m.creates(func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		body = read(r)
		sent <- struct{}{}
		<-r.Context().Done()
		return true
	})
	m.isKilled(sent)
	m.creates(func(http.ResponseWriter, *http.Request, int) bool {
		m.pass(body)
		return false
	})
	m.runs(1, "an earlier run was to create", "apply", "-auto-approve")
	m.calm()
	m.isOurs()
}
