package ledger

import (
	"os"
	"strings"
	"testing"

	"riveter/apply/ledger/seal"
	"riveter/plan"
	"riveter/plan/value"
)

// hushed is a result with a secret, of which rest is none.
func hushed(rest []byte) *value.Kept {
	return &value.Kept{Rest: rest, Secrets: []byte(`["hush-hush"]`), Digest: "00ff"}
}

// TestSecretsAreSealedOrNotKept looks for a secret in everything that is written, in the journal and in the document.
func TestSecretsAreSealedOrNotKept(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	for _, sealed := range []bool{false, true} {
		home := newHome(t)
		o := options(1)
		if sealed {
			o.Seal = seal.Options{Passphrase: "sesame"}
		}
		l := open(t, home, o)
		check(t, l.Environment("ns").Bind(roomEntry("a", "id1")))
		check(t, l.Environment("ns").Finished(identity("a"), addMember("a", "bob"), plan.StepDone, hushed(nil)))
		check(t, l.Environment("ns").Finished(identity("a"), addMember("a", "eve"), plan.StepDone, nil))
		check(t, l.Environment("ns").Finished(identity("a"), addMember("a", "ada"), plan.StepDone, hushed([]byte(`[["$Withheld",0],1]`))))
		wantNoSecret(t, journalPath(home))
		closeLedger(t, l)
		wantNoSecret(t, home.String())
		o.ReadOnly = true
		l = open(t, home, o)
		r := l.Recall("ns")
		memo := r.Actors[identity("a")].Step(addMember("a", "bob"), "id1")
		ada := r.Actors[identity("a")].Step(addMember("a", "ada"), "id1")
		if memo.Output != nil || string(ada.Output) != `[["$Withheld",0],1]` || (memo.Sealed != "") != sealed || (ada.Sealed != "") != sealed {
			t.Errorf("sealed %t: %+v, %+v", sealed, memo, ada)
		}
		if eve := r.Actors[identity("a")].Step(addMember("a", "eve"), "id1"); eve.Sealed != "" {
			t.Errorf("nothing is sealed as %s", eve.Sealed)
		}
		if sealed {
			plain, err := r.Unseal(memo.Sealed)
			check(t, err)
			if string(plain) != `["hush-hush"]` {
				t.Errorf("unsealed %s", plain)
			}
		}
		closeLedger(t, l)
	}
}

// TestWhatIsConcealedIsRememberedByItsDigest conceals what was written in clear before.
func TestWhatIsConcealedIsRememberedByItsDigest(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	for _, sealed := range []bool{false, true} {
		home := newHome(t)
		o := options(1)
		if sealed {
			o.Seal = seal.Options{Passphrase: "sesame"}
		}
		step, inPart, entry := addMember("a", "bob"), addMember("a", "ada"), roomEntry("a", "id1")
		entry.Input, entry.Triggers = memo(`"hush-hush"`), memo(`"hush-hush"`)
		l := open(t, home, o)
		check(t, l.Environment("ns").Bind(entry))
		check(t, l.Environment("ns").Started(identity("a"), step, "id1", memo(`"hush-hush"`)))
		check(t, l.Environment("ns").Finished(identity("a"), step, plan.StepDone, rest(`"hush-hush"`)))
		check(t, l.Environment("ns").Finished(identity("a"), inPart, plan.StepDone, rest(`["hush-hush",1]`)))
		closeLedger(t, l)
		l = open(t, home, o)
		check(t, l.Environment("ns").Conceal(identity("a"), Concealed{
			Input: true, Triggers: true, Args: []string{step.Relative(), "action.none"},
			Outputs: map[string]*value.Kept{step.Relative(): hushed(nil), inPart.Relative(): hushed([]byte(`[["$Withheld",0],1]`)), "action.none": {}},
		}))
		wantNoSecret(t, journalPath(home))
		closeLedger(t, l)
		wantNoSecret(t, home.String())
		l = open(t, home, o)
		got := l.Recall("ns").Actors[identity("a")]
		made, partly := got.Step(step, "id1"), got.Step(inPart, "id1")
		if got.Input.Digest != entry.Input.Digest || got.Triggers.Digest != entry.Triggers.Digest || made.Args.Digest == "" || made.Status != plan.StepDone {
			t.Errorf("got %+v and %+v", got, made)
		}
		if got.Input.Value != nil || got.Triggers.Value != nil || made.Args.Value != nil || made.Output != nil || (made.Sealed != "") != sealed {
			t.Errorf("sealed %t: got %+v and %+v", sealed, got, made)
		}
		if string(partly.Output) != `[["$Withheld",0],1]` || partly.OutputDigest != "00ff" || (partly.Sealed != "") != sealed {
			t.Errorf("sealed %t: in part, got %+v", sealed, partly)
		}
		closeLedger(t, l)
	}
}

func wantNoSecret(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)
	if strings.Contains(string(data), "hush-hush") {
		t.Errorf("%s has the secret", path)
	}
}

func TestALedgerWhoseSealIsWrongIsNotOpened(t *testing.T) {
	home := newHome(t)
	o := options(1)
	o.Seal = seal.Options{Recipients: []string{"nobody"}}
	_, err := Open(t.Context(), home, o)
	wantError(t, err, "recipients of sealed values")
	if got := files(t, home); got != nil {
		t.Errorf("there are %v", got)
	}
}
