package acceptance

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"riveter/apply/ledger/ledgertest"
)

// ledgerServer reference|GitLab|Gitea starts a server of Terraform's HTTP backend protocol in that manner, and points LEDGER_URL
// and the variables of Terraform's backend for its lock to it. It lets in ci with the password sesame-of-ci. For as long as there is a
// file named silent, it keeps what it gets and does not answer; a file named kept says that it has. LEDGER_TEST_GITEA is the URL of a
// real Gitea, which acceptance/gitea.sh starts, to be used instead of a server in its manner.
func ledgerServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ledger-server reference|GitLab|Gitea|talkative")
	}
	manner := ledgertest.Manner(args[0])
	address := serveLedger(ts, manner)
	if gitea := os.Getenv("LEDGER_TEST_GITEA"); gitea != "" && manner == ledgertest.Gitea {
		address = gitea + "/api/packages/ci/terraform/state/" + filepath.Base(ts.MkAbs("."))
	}
	lockAddress, lock, unlock := manner.LockAt(address)
	for name, value := range map[string]string{
		"LEDGER_URL": address, "TF_HTTP_LOCK_ADDRESS": lockAddress, "TF_HTTP_LOCK_METHOD": lock, "TF_HTTP_UNLOCK_METHOD": unlock,
	} {
		ts.Setenv(name, value)
	}
}

// silencing is a server that may not answer to what is written.
type silencing struct {
	http.Handler
	folder string
}

func (s silencing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, err := os.Stat(filepath.Join(s.folder, "silent")); err != nil || r.Method != http.MethodPost {
		s.Handler.ServeHTTP(w, r)
		return
	}
	s.Handler.ServeHTTP(httptest.NewRecorder(), r)
	if os.WriteFile(filepath.Join(s.folder, "kept"), nil, 0o600) == nil {
		<-r.Context().Done()
	}
}

func serveLedger(ts *testscript.TestScript, manner ledgertest.Manner) (address string) {
	var handler http.Handler = &ledgertest.Server{Manner: manner, User: "ci", Password: "sesame-of-ci"}
	if manner == "talkative" {
		handler = http.HandlerFunc(repeatsRequests)
	}
	server := httptest.NewServer(silencing{handler, ts.MkAbs(".")})
	ts.Defer(server.Close)
	return server.URL + "/state"
}

// repeatsRequests takes nothing, and says of each request all that is in it.
func repeatsRequests(w http.ResponseWriter, r *http.Request) {
	request, _ := httputil.DumpRequest(r, false)
	http.Error(w, "bad "+string(request), http.StatusMethodNotAllowed)
}
