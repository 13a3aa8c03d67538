package acceptance

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"riveter/apply/ledger/ledgertest"
)

// TestNoHomeOfTheLedgerGetsASecret plants secrets in runs whose ledger is elsewhere, and looks for them in all that goes there and
// comes back, besides what is printed and left. Only credentials go there, in the headers that are for them.
func TestNoHomeOfTheLedgerGetsASecret(t *testing.T) {
	t.Parallel()
	const password = "q-password-Secret~9"
	rivet := startTeam(t)
	server := httptest.NewServer(&ledgertest.Server{Manner: ledgertest.Reference, User: "ci", Password: password})
	t.Cleanup(server.Close)
	for _, home := range []struct{ block, target string }{
		{"ledger \"http\" {\n    address  = \"%s/state\"\n    username = \"ci\"\n  }", server.URL},
		{"ledger \"actor\" { endpoint = \"%s\" }", rivet.Endpoint()},
	} {
		w := listen(t, home.target)
		p := newPlanting(t, rivet.Endpoint())
		p.secrets["password"], p.secrets["team token"], p.secrets["passphrase"] = password, teamToken, "q-passphrase-Secret~9"
		p.env = append(p.env, "RIVETER_LEDGER_PASSWORD="+password, "RIVETER_LEDGER_TOKEN="+teamToken, "RIVETER_LEDGER_PASSPHRASE="+p.secrets["passphrase"])
		p.add("team.rivet.hcl", "riveter {\n  "+fmt.Sprintf(home.block, w.endpoint)+"\n}\n")
		p.hideOutput()
		for _, step := range []struct {
			args string
			code int
		}{
			{"plan", 0},
			{"apply -auto-approve", 1},
			{"plan -verbose", 0},
			{"apply -auto-approve -rerun=* -json", 1},
			{"ledger list", 0},
			{"ledger show actor.parrot.*", 0},
			{"ledger show -json actor.parrot.*", 0},
			{"ledger pull", 0},
			{"ledger unlock -auto-approve none", 0},
			{"ledger rm -auto-approve actor.parrot.first", 0},
			{"destroy -auto-approve -target=actor.parrot.second", 0},
		} {
			p.run(step.args, "", step.code)
		}
		p.kill("apply", "-auto-approve", "-on-unknown=run")
		p.run("plan -on-unknown=run", "", 0)
		w.search(p)
	}
}

// hideOutput says of the output that is made of a result that it is sensitive, which it turns out to be when the result is kept.
func (p *planting) hideOutput() {
	p.Helper()
	configuration, err := os.ReadFile(filepath.Join(p.dir, "main.rivet.hcl"))
	if err != nil {
		p.Fatal(err)
	}
	p.add("main.rivet.hcl", strings.Replace(string(configuration), "output \"said\" {", "output \"said\" {\n  sensitive = true", 1))
}

func (p *planting) add(name, content string) {
	p.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o644); err != nil {
		p.Fatal(err)
	}
}

// kill runs riveter, and kills it while it is at work.
func (p *planting) kill(args ...string) {
	p.Helper()
	run := exec.Command("riveter", args...)
	run.Dir, run.Env = p.dir, p.env
	if err := run.Start(); err != nil {
		p.Fatal(err)
	}
	time.AfterFunc(500*time.Millisecond, func() { _ = run.Process.Kill() })
	_ = run.Wait() // that it was killed is what is wanted
}

// wire keeps what goes to a server and comes back.
type wire struct {
	endpoint string

	mu        sync.Mutex
	exchanges map[string][]byte // by what it is
}

// listen passes everything on to a server.
func listen(t *testing.T, to string) *wire {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{exchanges: map[string][]byte{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Body = w.hear(p.In.Method+" "+p.In.URL.String(), p.In.Header, p.In.Body)
		},
		ModifyResponse: func(r *http.Response) error {
			r.Body = w.hear("the answer to "+r.Request.Method, r.Header, r.Body)
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	w.endpoint = server.URL
	return w
}

// hear keeps a message, but for the headers that are for credentials, and returns its body once more.
func (w *wire) hear(what string, header http.Header, body io.ReadCloser) io.ReadCloser {
	data, _ := io.ReadAll(body)
	_ = body.Close()
	header = header.Clone()
	for _, name := range []string{"Authorization", "X-Rivet-Token", "X-Team"} {
		header.Del(name)
	}
	plain := data
	if unpacked, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		plain, _ = io.ReadAll(unpacked)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	what = fmt.Sprintf("%d: %s", len(w.exchanges), what)
	w.exchanges[what] = fmt.Appendf(nil, "%s\n%v\n%s", what, header, plain)
	return io.NopCloser(bytes.NewReader(data))
}

// search looks for the secrets, and for what shows that the ledger was there.
func (w *wire) search(p *planting) {
	p.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	ledgers := 0
	for what, message := range w.exchanges {
		p.search(what, message)
		if bytes.Contains(message, []byte("actor.parrot.polly")) && bytes.Contains(message, []byte(`"sealed"`)) {
			ledgers++
		}
	}
	if ledgers == 0 {
		p.Error("no ledger with sealed results was there")
	}
}
