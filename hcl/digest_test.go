package hcl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Ledgers of 0.1 have these digests. With others, every step of theirs that says on_change would be made again.
var recordedDigests = map[string]string{
	"action.arguments":   "68f7d8241e0abf2ddb3ff9ef6450ca97b10ee6da384f7a3ecea44344e4fa476f",
	"action.called":      "fa24d8fa22271f837ebd7cf1fa4feaaff9ea9ea4324173f7d42a9a2c4643dd0d",
	`action.each["one"]`: "8e7c5da6dfb99156b5514982187bac55a89443e790292f3bcecbdb5aef5411bc",
	"action.empty":       "a8bdd6ef03e096353428c1c6e46273e48f3e19f9786fe114e85baa997122afcf",
	"action.list":        "100b3ade3880bbd40779b9924d792b309ca8087a21f3431963d428b19d327f5a",
	"action.plain":       "5ec285b70996eedff436db813a3ff3b1678d9c3bbcc04471a5bad917ca6b5a2d",
	"action.secret":      "c5720fea842aef75321204f445c57daa80ffcbfc565b8d551944b5c28ead4663",
	"action.triggers":    "0e9aa64448ebe6f1e876bf106c678adc2c84bbc1c51aa368d72b63862d5049ca",
	"message.body":       "2a5781294e59d5a384aa739a392cedccd07829b19a09bafea143653c44c119a6",
	"message.queued":     "836e046cb32417e29b4da7d67a023ae8dd6a6a51bea9cd1f3f8b627cf13513ba",
	"message.undefined":  "7773afdb16fc2e6c004d9fbe1c700b28de5224a362963110811c9cd6646c9c73",
	"request.get":        "ba524553aec1b03b843c90150764b93b6c9071a9a1a9a338b9c8e6e1ebe7c646",
	"request.json":       "d6b706177cb20bfe496afd4feeec9aa2e1b1c46c54d8d2f9623f90db21051aff",
	"request.null":       "7dd7eac8cf38f2972199e34914d1306c3201156aa21d1b7ebcc7bfc3820dac96",
	"request.text":       "29982b63e108ffc6948b92c9202503ec13abb30ce947755d291e986c2e97d7ce",
}

func TestDigestsOfStepsStayAsLedgersHaveThem(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		variable "secret" {
			default   = "hunter2"
			sensitive = true
		}
		actor "x" "a" {
			key = "a"
			action "plain" {}
			action "arguments" { args = [1, 0.1, "two", null, true, { b = [bigint("5")], a = bytes("AAE=") }] }
			action "list" { args = toset(["b", "a"]) }
			action "secret" { args = [var.secret] }
			action "called" {
				call = "other.name"
				args = ["a"]
			}
			action "triggers" {
				args     = ["a"]
				triggers = { version = 2 }
			}
			action "empty" { triggers = null }
			action "each" {
				for_each = { one = 1 }
				args     = [each.key, each.value]
			}
			message "queued" {}
			message "body" {
				queue = "jobs"
				body  = { id = 1 }
				wait  = true
			}
			message "undefined" {
				body     = undefined()
				triggers = ["a"]
			}
			request "get" { path = "/health" }
			request "json" {
				method        = "POST"
				path          = "/rooms?limit=${1 + 1}"
				headers       = { authorization = var.secret, accept = "text/plain" }
				json          = { name = "general" }
				expect_status = [200, 204]
			}
			request "null" {
				method = "PUT"
				path   = "/"
				json   = null
			}
			request "text" {
				method   = "PATCH"
				path     = "/"
				body     = 5
				triggers = "again"
			}
		}
	`)
	digests := map[string]string{}
	for _, s := range find(t, e, "actor.x.a").Steps {
		memo, err := s.Remember([]byte("a ledger's own key"))
		if err != nil {
			t.Fatal(err)
		}
		digests[s.Address.Relative()] = memo.Digest
	}
	if diff := cmp.Diff(recordedDigests, digests); diff != "" {
		t.Error(diff)
	}
}
