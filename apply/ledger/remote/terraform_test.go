//go:build !windows

package remote

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/client"
)

// terraform is a configuration with a backend of the HTTP kind.
type terraform struct {
	testing.TB
	dir string
}

const terraformBackend = `
terraform {
  backend "http" {}
}
variable "text" { default = "one" }
resource "terraform_data" "a" { input = var.text }
output "text" { value = terraform_data.a.output }
`

// newTerraform configures Terraform to keep its state at an address.
func newTerraform(tb testing.TB, manner ledgertest.Manner, address, user, password string) *terraform {
	tb.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		tb.Skip("there is no terraform, which this test runs")
	}
	tf := &terraform{tb, tb.TempDir()}
	check(tb, os.WriteFile(filepath.Join(tf.dir, "main.tf"), []byte(terraformBackend), 0o600))
	lockAddress, lock, unlock := manner.LockAt(address)
	tf.run(0, "init", "-backend-config=address="+address, "-backend-config=lock_address="+lockAddress, "-backend-config=unlock_address="+lockAddress,
		"-backend-config=lock_method="+lock, "-backend-config=unlock_method="+unlock, "-backend-config=username="+user, "-backend-config=password="+password)
	return tf
}

func (tf *terraform) run(code int, args ...string) string {
	tf.Helper()
	cmd := exec.CommandContext(tf.Context(), "terraform", append([]string{args[0], "-no-color"}, args[1:]...)...)
	cmd.Dir = tf.dir
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "HOME="+tf.dir)
	output, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		tf.Fatalf("terraform %s ended with %d\n%s", args[0], got, output)
	}
	return string(output)
}

func (tf *terraform) want(output string, parts ...string) {
	tf.Helper()
	for _, part := range parts {
		if !strings.Contains(output, part) {
			tf.Errorf("terraform does not say %q\n%s", part, output)
		}
	}
}

// lives goes through the life of a state. home is the same place, for riveter.
func (tf *terraform) lives(home ledger.Home) {
	tf.Helper()
	tf.want(tf.run(0, "apply", "-auto-approve"), "1 added")
	tf.want(tf.run(0, "apply", "-auto-approve"), "No changes")
	lease, err := home.Lock(tf.Context(), ledger.Holder{ID: "5f7c6a5e-0000-4000-8000-000000000001", Who: "ann@desk", Operation: "apply"})
	check(tf, err)
	refused := tf.run(1, "apply", "-auto-approve", "-var=text=two")
	tf.want(refused, "Error acquiring the state lock", "5f7c6a5e-0000-4000-8000-000000000001")
	tf.run(0, "force-unlock", "-force", "5f7c6a5e-0000-4000-8000-000000000001")
	tf.want(tf.run(0, "apply", "-auto-approve", "-var=text=two"), "1 changed")
	state, err := home.Load(tf.Context())
	check(tf, err)
	check(tf, lease.Release(tf.Context()))
	if !bytes.Contains(state, []byte(`"two"`)) {
		tf.Errorf("riveter loads %s", state)
	}
}

// TestTerraformUsesTheServersOfOurTests shows that they are such servers.
func TestTerraformUsesTheServersOfOurTests(t *testing.T) {
	for _, manner := range manners {
		t.Run(string(manner), func(t *testing.T) {
			server := httptest.NewServer(&ledgertest.Server{Manner: manner, User: "ci", Password: "secret"})
			t.Cleanup(server.Close)
			tf := newTerraform(t, manner, server.URL+"/state", "ci", "secret")
			tf.lives(newHome(t, in(manner, HTTPOptions{
				Address: server.URL + "/state", Username: "ci", Password: "secret",
				Journal: filepath.Join(t.TempDir(), "journal"),
			})))
			http.DefaultClient.CloseIdleConnections()
		})
	}
}

func TestTerraformUsesTheActor(t *testing.T) {
	r := shared(t)
	c, err := client.New(client.WithEndpoint(r.Endpoint()))
	check(t, err)
	t.Cleanup(c.Close)
	handle := c.GetOrCreate("riveterLedger", client.Key{"terraform"})
	url, err := handle.GatewayURL(t.Context())
	check(t, err)
	base, query, _ := strings.Cut(url, "?")
	address := base + "/request/?" + query
	tf := newTerraform(t, ledgertest.Reference, address, "terraform", ledgerToken)
	tf.lives(Actor(ActorOptions{Name: "actor riveterLedger terraform", Transport: handle, Token: ledgerToken}))
}
