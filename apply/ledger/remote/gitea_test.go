package remote

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
)

// gitea is a real one, which acceptance/gitea.sh starts.
type gitea struct {
	http.Handler
	places atomic.Int64
}

func openGitea(t *testing.T) *gitea {
	t.Helper()
	base := os.Getenv("LEDGER_TEST_GITEA")
	if base == "" {
		t.Skip("no Gitea: acceptance/gitea.sh starts one")
	}
	target, err := url.Parse(base)
	check(t, err)
	return &gitea{Handler: &httputil.ReverseProxy{
		Rewrite:   func(p *httputil.ProxyRequest) { p.SetURL(target) },
		Transport: &http.Transport{DisableKeepAlives: true},
	}}
}

// place returns the options for a document that is not there yet, behind a handler that passes on what it gets.
func (g *gitea) place(t *testing.T, before http.Handler) HTTPOptions {
	t.Helper()
	o := serve(t, before)
	host, _, _ := strings.Cut(o.Address, "/state")
	o.Address = fmt.Sprintf("%s/api/packages/ci/terraform/state/%s-%d", host, strings.ReplaceAll(t.Name(), "/", "-"), g.places.Add(1))
	o.LockAddress, o.LockMethod, o.UnlockMethod = o.Address+"/lock", http.MethodPost, http.MethodDelete
	o.Username, o.Password = "ci", os.Getenv("LEDGER_TEST_PASSWORD")
	return o
}

func TestGiteaIsAHome(t *testing.T) {
	g := openGitea(t)
	ledgertest.TestHome(t, func(t *testing.T) func() ledger.Home {
		t.Helper()
		o := g.place(t, g)
		return func() ledger.Home { return newHome(t, o) }
	})
}

// TestAnAnswerOfGiteaThatIsLostChangesNothing loses each request of a run, and each answer: a POST takes the lock, or saves.
func TestAnAnswerOfGiteaThatIsLostChangesNothing(t *testing.T) {
	g := openGitea(t)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		for at := int64(1); at <= 4; at++ {
			for _, d := range []*disturbance{{lost: true}, {}, {status: 502}, {lost: true, status: 504}} {
				d.Handler, d.method, d.at = g, method, at
				home := newHome(t, g.place(t, d))
				for range 2 {
					check(t, seed(t.Context(), home))
				}
				l, err := ledger.Open(t.Context(), home, ledger.Options{})
				check(t, err)
				if serial := l.Recall("ns").Serial; serial != 4 {
					t.Errorf("%s %d: serial %d", method, at, serial)
				}
				check(t, l.Close(t.Context()))
			}
		}
	}
}

// TestWhatGiteaAcceptsIsRefused puts another lineage, and then a lower serial, where a run has read the document: Gitea takes both.
func TestWhatGiteaAcceptsIsRefused(t *testing.T) {
	g := openGitea(t)
	for name, other := range map[string]string{
		"another lineage": `{"version":2,"lineage":"another","serial":7}`,
		"a lower serial":  `{"version":2,"lineage":"LINEAGE","serial":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t, g.place(t, g)).(*httpHome)
			lineage := moveTo(t, g, home)
			l, err := ledger.Open(t.Context(), home, ledger.Options{NoLock: true})
			check(t, err)
			a, err := home.once(t.Context(), http.MethodPost, home.options.Address, nil, []byte(strings.ReplaceAll(other, "LINEAGE", lineage)))
			check(t, err)
			if !isSaved(a.status) {
				t.Fatalf("Gitea answers %d: %s", a.status, a.body)
			}
			check(t, l.Environment("ns").Bind(plan.Entry{Name: "counter", Key: []string{"b"}, ActorID: "id"}))
			if err := l.Close(t.Context()); err == nil {
				t.Error("what somebody else wrote is overwritten")
			}
		})
	}
}

// moveTo makes a ledger elsewhere and moves it to a home, whose first serial is a higher one then. It returns the lineage.
func moveTo(t *testing.T, g *gitea, home ledger.Home) string {
	t.Helper()
	elsewhere := newHome(t, g.place(t, g))
	check(t, seed(t.Context(), elsewhere))
	document, err := elsewhere.Load(t.Context())
	check(t, err)
	l, err := ledger.Open(t.Context(), home, ledger.Options{})
	check(t, err)
	successor, err := l.Successor(document, false)
	check(t, err)
	check(t, l.Replace(t.Context(), successor))
	check(t, l.Close(t.Context()))
	l, err = ledger.Open(t.Context(), home, ledger.Options{})
	check(t, err)
	defer func() { check(t, l.Close(t.Context())) }()
	return l.Recall("ns").Lineage
}
