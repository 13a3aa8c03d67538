package usage

// insteadOfCommand says what does here what a command of Terraform's does that riveter lacks; nothing for any other word.
func insteadOfCommand(words []string) string {
	switch words[0] {
	case "state":
		return insteadOfState(words[1:])
	case "import":
		return `An actor that exists and is declared is adopted by the next apply. "riveter export" writes the declarations of actors that exist.`
	case "refresh":
		return `Every "riveter plan" asks the server; "riveter verify" tells what is not as it is declared.`
	case "taint":
		return `Say "riveter apply -replace=ADDRESS" for an actor, and "riveter apply -rerun=ADDRESS" for a call.`
	case "untaint":
		return `Nothing is remembered as tainted: leave out -replace.`
	case "workspace", "env":
		return `Tell environments apart by -namespace, or by variables in a file for each (-var-file).`
	case "providers", "metadata":
		return `There are no providers: riveter speaks to Rivet itself. "riveter schema -json" describes the language.`
	case "test", "stacks", "query":
		return `"riveter verify" checks every ensure, expect and check; "riveter dev -- PROGRAM" runs a test suite against a throw-away Rivet.`
	case "login", "logout", "cloud":
		return `A token comes from RIVET_TOKEN, or from the rivet block.`
	case "force-unlock":
		return `Use "riveter ledger unlock ID".`
	default:
		return ""
	}
}

// insteadOfState is about what follows "terraform state".
func insteadOfState(words []string) string {
	command := ""
	if len(words) > 0 {
		command = words[0]
	}
	switch command {
	case "list", "show", "rm", "pull", "push":
		return `Use "riveter ledger ` + command + `".`
	case "mv":
		return `An actor is its name and key, so that its address can be changed at will. For a step, write a moved block, or use "riveter ledger mv".`
	default:
		return `What riveter remembers is its ledger: "riveter ledger" has list, show, rm, mv, pull and push.`
	}
}

// insteadOfFlag says the same of a flag of Terraform's.
func insteadOfFlag(name string) string {
	switch name {
	case "state", "state-out", "backup":
		return `Another ledger is named by -ledger=PATH.`
	case "refresh-only":
		return `"riveter verify" tells what is not as it is declared.`
	case "generate-config-out":
		return `"riveter export" writes the declarations of actors that exist.`
	case "backend-config", "reconfigure", "migrate-state":
		return `The ledger block says where the ledger is, and "riveter ledger migrate" moves it.`
	case "force":
		return `Say -auto-approve to go on without being asked.`
	default:
		return ""
	}
}
