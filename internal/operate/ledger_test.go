package operate_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/internal/operate"
)

const remembering = `actor "probe" "p" {
  for_each = toset(["a", "b"])
  key      = each.key
}
`

// moving is a local ledger that remembers two actors, with the memory of another home, to which it may go.
type moving struct {
	*world
	path  string
	to    operate.Parts
	there *ledgertest.Home
}

func newMoving(t *testing.T) *moving {
	t.Helper()
	w := newWorld(t, remembering)
	path := filepath.Join(w.dir, "riveter.ledger.json")
	w.home = ledger.Local(path)
	w.applied()
	c, diags := w.load()
	w.fine(diags)
	there := &ledgertest.Home{}
	return &moving{world: w, path: path, there: there, to: operate.Parts{Configuration: c, Home: there}}
}

func (m *moving) move(s operate.Succession) (*operate.Succeeded, error) {
	m.Helper()
	old, err := operate.ReadLocalLedger(m.Context(), m.path, ledger.Options{})
	if err != nil {
		m.Fatal(err)
	}
	return old.MoveTo(m.Context(), m.to, s)
}

// isThere fails the test where the local ledger is not, or is although it must not be.
func (m *moving) isThere(want bool) {
	m.Helper()
	if _, err := os.Stat(m.path); (err == nil) != want {
		m.Errorf("the old ledger: %v", err)
	}
}

func approved(*ledger.Successor) error { return nil }

func TestALedgerMoves(t *testing.T) {
	t.Parallel()
	m := newMoving(t)
	done, err := m.move(operate.Succession{Approve: approved})
	if err != nil || done.Before != 0 || done.After != 2 || done.Same || done.Backup != "" {
		t.Fatalf("got %+v: %v", done, err)
	}
	m.isThere(false)
	pulled, moved := &bytes.Buffer{}, &bytes.Buffer{}
	if err := operate.PullLedger(t.Context(), m.to, pulled); err != nil {
		t.Fatal(err)
	}
	if err := operate.PullLedger(t.Context(), operate.Parts{Configuration: m.to.Configuration, Home: ledger.Local(done.Old)}, moved); err != nil {
		t.Fatal(err)
	}
	if pulled.String() != moved.String() {
		t.Errorf("in its new home it is\n%s\nand in the backup\n%s", pulled, moved)
	}
	again, err := operate.PushLedger(t.Context(), m.to, "pulled.json", pulled.Bytes(), operate.Succession{})
	if err != nil || !again.Same {
		t.Errorf("pushed again: %+v: %v", again, err)
	}
}

func TestALedgerStaysWhereItCannotMove(t *testing.T) {
	t.Parallel()
	refusal := errors.New("no")
	for name, test := range map[string]struct {
		prepare func(m *moving)
		approve func(*ledger.Successor) error
		want    string
	}{
		"refused":      {approve: func(*ledger.Successor) error { return refusal }, want: "no"},
		"a full disk":  {prepare: func(m *moving) { m.there.OnSave = ledgertest.FailAt(1) }, approve: approved, want: "no space left"},
		"its own home": {prepare: func(m *moving) { m.to.Home = ledger.Local(m.path) }, approve: approved, want: "Nothing to migrate"},
		"a link to its own home": {prepare: func(m *moving) {
			link := filepath.Join(m.dir, "link.json")
			if err := os.Symlink(m.path, link); err != nil {
				m.Fatal(err)
			}
			m.to.Home = ledger.Local(link)
		}, approve: approved, want: "Nothing to migrate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMoving(t)
			if test.prepare != nil {
				test.prepare(m)
			}
			done, err := m.move(operate.Succession{Approve: test.approve})
			if done != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %+v: %v", done, err)
			}
			m.isThere(true)
			m.there.OnSave = nil
			if l, err := ledger.Open(t.Context(), m.there, ledger.Options{}); err != nil || l.Close(t.Context()) != nil {
				t.Errorf("its new home is locked: %v", err)
			}
		})
	}
}

func TestAPushedLedgerLeavesABackup(t *testing.T) {
	t.Parallel()
	m := newMoving(t)
	here := operate.Parts{Configuration: m.to.Configuration, Home: ledger.Local(m.path)}
	var pulled bytes.Buffer
	if err := operate.PullLedger(t.Context(), here, &pulled); err != nil {
		t.Fatal(err)
	}
	m.write(strings.Replace(remembering, `"b"`, `"b", "c"`, 1))
	m.applied()
	if done, err := operate.PushLedger(t.Context(), here, "pulled.json", pulled.Bytes(), operate.Succession{Approve: approved}); done != nil || err == nil ||
		!strings.Contains(err.Error(), "its place cannot be taken by pulled.json") {
		t.Errorf("an older one: %+v: %v", done, err)
	}
	done, err := operate.PushLedger(t.Context(), here, "pulled.json", pulled.Bytes(), operate.Succession{Force: true, Approve: approved})
	if err != nil || done.Before != 3 || done.After != 2 || done.Old != "" {
		t.Fatalf("got %+v: %v", done, err)
	}
	if _, err := os.Stat(done.Backup); err != nil {
		t.Error(err)
	}
}
