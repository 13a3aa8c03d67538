package acceptance

import (
	"net/http/httptest"

	"github.com/rogpeppe/go-internal/testscript"

	"riveter/apply/ledger/ledgertest"
)

// ledgerServer reference|GitLab|Gitea starts a server of Terraform's HTTP backend protocol in that manner, and points LEDGER_URL to
// it. It lets in ci with the password sesame-of-ci.
func ledgerServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ledger-server reference|GitLab|Gitea")
	}
	server := httptest.NewServer(&ledgertest.Server{Manner: ledgertest.Manner(args[0]), User: "ci", Password: "sesame-of-ci"})
	ts.Defer(server.Close)
	ts.Setenv("LEDGER_URL", server.URL+"/state")
}
