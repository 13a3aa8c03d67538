package connect

import (
	"os"
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
