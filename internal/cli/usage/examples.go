package usage

// examples returns uses of each command that its help shows; the name of one of the ledger's begins with "ledger ".
func examples(command string) []string {
	switch command {
	case "init":
		return []string{"riveter init", "riveter init -name chatRoom seed", "riveter init -registry=. seed", "riveter init -skill .claude/skills/riveter"}
	case "validate":
		return []string{"riveter validate", "riveter validate -online staging", "riveter validate -json"}
	case "plan":
		return []string{"riveter plan", "riveter plan -var-file=staging.rivetvars.hcl staging", `riveter plan -target='actor.chatRoom.room["general"]'`, "riveter plan -json -detailed-exitcode"}
	case "apply":
		return []string{"riveter apply", "riveter apply -auto-approve -var rooms=3", "riveter apply -rerun='actor.chatRoom.room[\"general\"].action.welcome'"}
	case "destroy":
		return []string{"riveter destroy", "riveter destroy -target='actor.chatRoom.*'"}
	case "verify":
		return []string{"riveter verify", "riveter verify -detailed-exitcode -junit-xml=results.xml"}
	case "show":
		return []string{"riveter plan -json | riveter show", "riveter show -format=markdown plan.json"}
	case "console":
		return []string{"riveter console", `echo 'actor.chatRoom.room["general"].id' | riveter console`}
	case "fmt":
		return []string{"riveter fmt", "riveter fmt -check -recursive", "riveter fmt - < main.rivet.hcl"}
	case "graph":
		return []string{"riveter graph | dot -Tsvg", "riveter graph -format=mermaid"}
	case "schema":
		return []string{"riveter schema -json"}
	case "export":
		return []string{"riveter export -name chatRoom -key-prefix org-acme rooms", "riveter export -"}
	case "dev":
		return []string{"riveter dev", "riveter dev -registry=. seed", "riveter dev -quiet -- npm test", "riveter dev -serve"}
	case "fixture":
		return []string{"riveter fixture", "riveter fixture -var rooms=3 seed"}
	case "output":
		return []string{"riveter output", "riveter output -json", "riveter output -raw room_id"}
	case "get":
		return []string{`riveter get 'actor.chatRoom.room["general"]'`, "riveter get -state -json actor.counter.visits"}
	case "call":
		return []string{"riveter call actor.counter.visits increment 5", `riveter call 'actor.chatRoom.room["general"]' postMessage '{ text = "hello" }'`}
	case "completion":
		return []string{"source <(riveter completion bash)", "riveter completion fish > ~/.config/fish/completions/riveter.fish"}
	case "version":
		return []string{"riveter version", "riveter version -json"}
	default:
		return ledgerExamples(command)
	}
}

func ledgerExamples(command string) []string {
	switch command {
	case "ledger":
		return []string{"riveter ledger list", "riveter ledger show 'actor.chatRoom.*'"}
	case "ledger list":
		return []string{"riveter ledger list", "riveter ledger list 'actor.chatRoom.*'"}
	case "ledger show":
		return []string{`riveter ledger show 'actor.chatRoom.room["general"]'`}
	case "ledger rm":
		return []string{`riveter ledger rm 'actor.chatRoom.room["general"]'`}
	case "ledger mv":
		return []string{"riveter ledger mv action.welcome action.greet", "riveter ledger mv actor.counter.visits.action.add actor.counter.visits.action.increment"}
	case "ledger pull":
		return []string{"riveter ledger pull > ledger.json"}
	case "ledger push":
		return []string{"riveter ledger push ledger.json", "riveter ledger push -auto-approve - < ledger.json"}
	case "ledger unlock":
		return []string{"riveter ledger unlock 4f1c9d2e77aa"}
	case "ledger migrate":
		return []string{"riveter ledger migrate", "riveter ledger migrate -from=old/riveter.ledger.json"}
	default:
		return nil
	}
}
