package ledger_test

import (
	"path/filepath"
	"testing"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
)

func TestLocalIsAHome(t *testing.T) {
	ledgertest.TestHome(t, func(t *testing.T) func() ledger.Home {
		t.Helper()
		path := filepath.Join(t.TempDir(), "riveter.ledger.json")
		return func() ledger.Home { return ledger.Local(path) }
	})
}

func TestNoneIsAForgetfulHome(t *testing.T) { ledgertest.TestForgetfulHome(t, ledger.None) }

func TestTheTestsOwnHomeIsAHome(t *testing.T) {
	ledgertest.TestHome(t, func(*testing.T) func() ledger.Home {
		home := &ledgertest.Home{}
		return func() ledger.Home { return home }
	})
}

func TestAHomeThatIsFarAwayIsAHome(t *testing.T) {
	ledgertest.TestHome(t, func(*testing.T) func() ledger.Home {
		home := &ledgertest.Home{Drafted: true}
		return func() ledger.Home { return home }
	})
}
