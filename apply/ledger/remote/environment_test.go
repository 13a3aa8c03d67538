package remote

import (
	"crypto/tls"
	"encoding/pem"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"riveter/apply/ledger/ledgertest"
)

func lookup(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { value, ok := variables[name]; return value, ok }
}

var everything = map[string]string{
	"TF_HTTP_ADDRESS": "https://a/", "TF_HTTP_LOCK_ADDRESS": "https://l/", "TF_HTTP_UNLOCK_ADDRESS": "https://u/", "TF_HTTP_UPDATE_METHOD": "PUT",
	"TF_HTTP_LOCK_METHOD": "POST", "TF_HTTP_UNLOCK_METHOD": "DELETE", "TF_HTTP_USERNAME": "ci", "TF_HTTP_PASSWORD": "p",
	"TF_HTTP_RETRY_MAX": "0", "TF_HTTP_RETRY_WAIT_MIN": "2", "TF_HTTP_RETRY_WAIT_MAX": "5", "TF_HTTP_SKIP_CERT_VERIFICATION": "true",
}

func TestTerraformsVariablesAreUnderstood(t *testing.T) {
	want := HTTPOptions{
		Address: "https://a/", LockAddress: "https://l/", UnlockAddress: "https://u/", UpdateMethod: "PUT", LockMethod: "POST", UnlockMethod: "DELETE",
		Username: "ci", Password: "p", Attempts: 1, Wait: 2 * time.Second, MaxWait: 5 * time.Second,
	}
	var o HTTPOptions
	check(t, o.Complete(lookup(everything)))
	if diff := cmp.Diff(want, o, cmpopts.IgnoreFields(HTTPOptions{}, "TLS")); diff != "" || !o.TLS.InsecureSkipVerify {
		t.Error(diff)
	}
	want.Password, want.TLS = "mine", &tls.Config{ServerName: "a"}
	given := want
	check(t, given.Complete(lookup(everything)))
	if diff := cmp.Diff(want, given, cmpopts.IgnoreUnexported(tls.Config{})); diff != "" {
		t.Errorf("what is configured was changed: %s", diff)
	}
	o = HTTPOptions{}
	check(t, o.Complete(lookup(map[string]string{"RIVETER_LEDGER_PASSWORD": "ours", "TF_HTTP_PASSWORD": "theirs"})))
	if o.Password != "ours" {
		t.Errorf("the password is %s", o.Password)
	}
	o = HTTPOptions{}
	check(t, o.Complete(lookup(nil)))
	if diff := cmp.Diff(HTTPOptions{}, o); diff != "" {
		t.Error(diff)
	}
	for name, value := range map[string]string{
		"TF_HTTP_RETRY_MAX": "often", "TF_HTTP_RETRY_WAIT_MIN": "-1", "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM": "none", "TF_HTTP_CLIENT_CERTIFICATE_PEM": "none",
	} {
		wantError(t, new(HTTPOptions).Complete(lookup(map[string]string{name: value})), name)
	}
}

func TestAServerIsTrustedAsTheVariablesSay(t *testing.T) {
	server := httptest.NewTLSServer(&ledgertest.Server{Manner: ledgertest.Reference})
	t.Cleanup(server.Close)
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	for variable, value := range map[string]string{
		"none": "", "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM": certificate, "TF_HTTP_SKIP_CERT_VERIFICATION": "1",
	} {
		o := HTTPOptions{Address: server.URL, Journal: filepath.Join(t.TempDir(), "j"), Attempts: 1}
		check(t, o.Complete(lookup(map[string]string{variable: value})))
		home := newHome(t, o).(*httpHome)
		_, err := home.Load(t.Context())
		home.client.CloseIdleConnections()
		if (err == nil) != (variable != "none") {
			t.Errorf("%s: error %v", variable, err)
		}
	}
}
