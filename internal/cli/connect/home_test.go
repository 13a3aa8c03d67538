package connect

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"riveter/hcl"
	"riveter/internal/redact"
	"riveter/plan"
)

// A flag puts another home in the place of the actor, which keeps the ledger of the others all the same.
func TestTheActorThatKeepsTheLedgerIsKnownWhereAFlagSaysAnotherHome(t *testing.T) {
	t.Parallel()
	c := &Connector{Lookup: func(string) (string, bool) { return "", false }, Stderr: os.Stderr, Secrets: &redact.Set{}}
	for _, path := range []string{"none", "other.json"} {
		for _, tt := range []struct {
			block hcl.Ledger
			want  *plan.Identity
		}{
			{hcl.Ledger{Kind: "actor", Name: "memory", Key: []string{"a", "b"}}, &plan.Identity{Name: "memory", Key: "a/b"}},
			{hcl.Ledger{Kind: "actor"}, &plan.Identity{Name: "riveterLedger", Key: "default"}},
			{hcl.Ledger{Kind: "http", Address: "https://ledger.test"}, nil},
			{hcl.Ledger{}, nil},
		} {
			home, err := c.Home(t.Context(), path, &hcl.Settings{Ledger: tt.block, Rivet: hcl.Rivet{Namespace: "ns"}}, t.TempDir(), true)
			switch {
			case err != nil:
				t.Fatal(err)
			case (home.Keeper == nil) != (tt.want == nil):
				t.Errorf("%s instead of %+v: %+v", path, tt.block, home.Keeper)
			case tt.want != nil && (home.Keeper.Identity != *tt.want || home.Keeper.Namespace != "ns"):
				t.Errorf("got %+v", home.Keeper)
			}
			home.Close()
		}
	}
}

// Who says no to the plan is told that nothing was changed.
func TestThatTheLedgersActorWasCreatedIsTold(t *testing.T) {
	t.Parallel()
	for _, created := range []bool{true, false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"actor":{"actor_id":"%s","name":"riveterLedger","key":"staging"},"created":%t}`, strings.Repeat("a", 30), created)
		}))
		defer server.Close()
		var told []string
		c := &Connector{Lookup: func(string) (string, bool) { return "", false }, Secrets: &redact.Set{}, Note: func(text string) { told = append(told, text) }}
		ledger := hcl.Ledger{Kind: "actor", Key: []string{"staging"}, Token: "of the actor"}
		home, err := c.Home(t.Context(), "", &hcl.Settings{Ledger: ledger, Rivet: hcl.Rivet{Endpoint: server.URL, Namespace: "ns"}}, t.TempDir(), false)
		if err != nil {
			t.Fatal(err)
		}
		home.Close()
		if text := strings.Join(told, "\n"); created != strings.Contains(text, "The actor that keeps the ledger, riveterLedger staging, was created") {
			t.Errorf("created: %t, and told %q", created, text)
		}
	}
}

// What a run has left here is found by the next one, however that spells where the ledger is.
func TestOneLedgerHasOneDraft(t *testing.T) {
	t.Parallel()
	for address, others := range map[string][]string{
		"https://states.test/a%2Fb/c-d?project=7": {
			"https://STATES.test/a%2Fb/c-d?project=7", "HTTPS://states.test:443/a%2fb/c-d/?project=7", "https://states.test/a%2Fb/%63%2Dd?project=7",
			"https://name:password@states.test/a%2Fb/c-d?project=7",
		},
		"http://states.test":       {"http://states.test/", "http://states.test:80", "http://states.test:80//", "http://states.test#here"},
		"http://[::1]:8080/%C3%BC": {"http://[::1]:8080/%c3%bc", "http://[::1]:8080/ü"},
	} {
		for _, other := range others {
			if a, b := spelled(address), spelled(other); a != b {
				t.Errorf("%s is %s, and %s is %s", address, a, other, b)
			}
		}
	}
	for address, other := range map[string]string{
		"https://states.test/a%2Fb": "https://states.test/a/b", "https://states.test/a": "https://states.test/A", "https://states.test/b": "http://states.test/b",
		"https://states.test/?a": "https://states.test/?b", "https://states.test:80": "https://states.test", "http://states.test/a": "http://states.test/a/b",
	} {
		if spelled(address) == spelled(other) {
			t.Errorf("%s and %s are %s", address, other, spelled(other))
		}
	}
}

// What gives access to one host is sent to no other one, whoever names it, unless the rivet block trusts that.
func TestTheLedgersHostHearsNoTokenOfAnotherHost(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		endpoint string
		trusted  []string
		env      map[string]string
		want     string
	}{
		"the same host":                   {endpoint: "http://127.0.0.1:PORT", want: "secret"},
		"another host":                    {endpoint: "http://localhost:PORT"},
		"its own token":                   {endpoint: "http://ns:own@localhost:PORT", want: "own"},
		"a trusted host":                  {endpoint: "http://localhost:PORT", trusted: []string{"localhost"}, want: "secret"},
		"the token is in a URL":           {endpoint: "http://127.0.0.1:PORT", env: map[string]string{"RIVET_ENDPOINT": "http://ns:elsewhere@127.0.0.1:1"}},
		"the token is in the environment": {endpoint: "http://localhost:PORT", env: map[string]string{"RIVET_ENDPOINT": "http://ns:elsewhere@127.0.0.1:1", "RIVET_TOKEN": "elsewhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var heard []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				heard = append(heard, r.Header.Get("Authorization")+r.Header.Get("X-Own")+r.URL.String())
				http.Error(w, "{}", http.StatusTeapot)
			}))
			defer server.Close()
			port := server.Listener.Addr().(*net.TCPAddr).Port
			rivet := hcl.Rivet{Endpoint: "http://127.0.0.1:1", Namespace: "ns", Token: "secret", Headers: map[string]string{"X-Own": "secret"}, TrustedHosts: tt.trusted}
			if tt.env != nil {
				rivet.Endpoint, rivet.Token, rivet.Headers = "", "", nil
			}
			c := &Connector{Lookup: func(name string) (string, bool) { v, ok := tt.env[name]; return v, ok }, Secrets: &redact.Set{}}
			ledger := hcl.Ledger{Kind: "actor", Endpoint: strings.ReplaceAll(tt.endpoint, "PORT", strconv.Itoa(port)), Token: "of the actor"}
			if home, err := c.Home(t.Context(), "", &hcl.Settings{Ledger: ledger, Rivet: rivet}, t.TempDir(), false); err == nil {
				home.Close()
			}
			all := strings.Join(heard, "\n")
			if len(heard) == 0 || tt.want != "" && !strings.Contains(all, tt.want) {
				t.Errorf("heard %q, want %q in it", all, tt.want)
			}
			for _, foreign := range []string{"secret", "elsewhere"} {
				if foreign != tt.want && strings.Contains(all, foreign) {
					t.Errorf("%s was sent to %s: %q", foreign, ledger.Endpoint, all)
				}
			}
		})
	}
}

func TestTheLedgersEndpointWinsOverTheActors(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"https://team:own@rivet.test": "team", "https://team@rivet.test": "team", "https://rivet.test": "prod", "https://rivet.test:8443": "prod",
		"https://team:own@elsewhere.test": "team",
	} {
		c := &Connector{Lookup: lookup([]string{"RIVET_ENDPOINT=https://prod:sesame@rivet.test"}), Secrets: &redact.Set{}}
		rivet, err := c.ledgerClient(&hcl.Settings{Ledger: hcl.Ledger{Kind: "actor", Endpoint: endpoint}})
		if err != nil {
			t.Errorf("%s: %v", endpoint, err)
			continue
		}
		if rivet.Namespace() != want {
			t.Errorf("%s: the namespace is %s, want %s", endpoint, rivet.Namespace(), want)
		}
		rivet.Close()
	}
}
