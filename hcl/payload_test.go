package hcl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

func TestOnlyNumbersThatJavaScriptHoldsAreSent(t *testing.T) {
	t.Parallel()
	const larger = "larger than any JavaScript number"
	for _, test := range []struct{ number, fault string }{
		{"0", ""},
		{"0.1", ""},
		{"1e300", "outside the range"},
		{"1.5e308", "outside the range"},
		{"9007199254740991", ""},
		{"-9007199254740991", ""},
		{"9007199254740992", `bigint("9007199254740992")`},
		{"-9007199254740992", `bigint("-9007199254740992")`},
		{"9007199254740993.0", `bigint("9007199254740993")`},
		{"1.7976931348623157e308 * 10", larger},
		{"-1e300 * 1e300", larger},
		{"1 / 0", "is infinite"},
		{`bigint("9007199254740993")`, ""},
		{`sensitive(9007199254740993)`, "is a number outside the range"},
	} {
		t.Run(test.number, func(t *testing.T) {
			t.Parallel()
			_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, fmt.Sprintf(`
				actor "x" "a" {
					key = "a"
					action "send" { args = [{ n = [%s] }] }
				}`, test.number))
			switch {
			case test.fault == "":
				failOn(t, diags)
			case len(diags) != 1 || !strings.Contains(diags[0].Detail, "args[0].n[0] ") || !strings.Contains(diags[0].Detail, test.fault):
				t.Errorf("got %v", diags)
			case strings.HasPrefix(test.number, "sensitive") && strings.Contains(diags[0].Detail, "9007"):
				t.Errorf("the secret is shown: %v", diags)
			}
		})
	}
}

// What is only compared may be any number that an actor has.
func TestAnyNumberIsCompared(t *testing.T) {
	t.Parallel()
	for name, number := range map[string]cty.Value{
		"infinite": cty.PositiveInfinity, "less than all": cty.NegativeInfinity, "a whole one beyond the safe ones": cty.NumberFloatVal(1 << 60),
	} {
		for _, block := range []string{
			`ensure "e" {
				value = self.state.n
				want  = 1
			}`,
			`expect "e" {
				value = self.state.n
				want  = self.state.n
			}`,
			`action "e" {
				run      = "on_change"
				triggers = self.state.n
				expect   = self.state.n
			}`,
			`ensure "e" {
				value = 1
				want  = self.state.n
				args  = ["all"]
			}`,
			`lifecycle { replace_triggered_by = [actor.x.b.read.n] }`,
		} {
			numbers := map[string]cty.Value{"n": number}
			server := Server{
				Observer: &fakeServer{actors: map[string]string{"a": "1", "b": "2"}},
				Reader:   &fakeActors{live: plan.Live{State: cty.ObjectVal(numbers), Reads: numbers}},
			}
			_, diags := tryObserve(t, server, fmt.Sprintf(`
				actor "x" "b" {
					key = "b"
					read "n" {}
				}
				actor "x" "a" {
					key = "a"
					%s
				}`, block))
			if len(diags) > 0 {
				t.Errorf("%s: %s\n%v", name, block, diags)
			}
		}
	}
}

func TestJavaScriptValuesAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "a" {
			key   = "a"
			input = [bigint("1"), bytes("AA=="), date("2024-02-29T12:34:56Z"), undefined(), null]
		}`)
	for i, v := range find(t, e, "actor.x.a").Input.AsValueSlice() {
		if capsule := v.Type().IsCapsuleType(); capsule != (i < 4) || !capsule && !v.RawEquals(cty.NullVal(cty.DynamicPseudoType)) {
			t.Errorf("element %d is %#v", i, v)
		}
	}
}

func TestSeveralHeadersAreRefusedInOneOrder(t *testing.T) {
	t.Parallel()
	headers := ""
	for c := 'a'; c <= 'j'; c++ {
		headers += fmt.Sprintf("X-%c = \"\\n\"\n", c)
	}
	_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, `
		actor "x" "y" {
			key = "k"
			request "r" {
				path    = "/"
				headers = {
					`+headers+`
				}
			}
		}`)
	for i, want := range []string{"The header X-a has", "The header X-b has", "The header X-c has"} { // and 7 more
		if len(diags) != 3 || !strings.HasPrefix(diags[i].Detail, want) {
			t.Errorf("nothing says %q in its place: %v", want, diags)
		}
	}
}
