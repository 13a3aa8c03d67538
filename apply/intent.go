package apply

import (
	"riveter/plan"
	"riveter/plan/address"
)

// intents lists what p would do of what cannot be found out later, and may not be done twice: actors that are created, and
// calls. An actor whose key is not known yet cannot be named; who finds it later knows nothing of it, and asks.
func intents(p *plan.Plan) []plan.Intent {
	var all []plan.Intent
	for _, c := range p.Changes {
		if !isAnnounced(c) {
			continue
		}
		intent := plan.Intent{Name: c.Name, Key: c.Key, Address: c.Address, ActorID: c.ActorID, Steps: calls(c)}
		if isCreation(c) {
			intent.ActorID = ""
		}
		all = append(all, intent)
	}
	return all
}

func isAnnounced(c *plan.Change) bool {
	return c.Address.Kind == address.KindActor && c.Key != nil && (isCreation(c) || len(calls(c)) > 0)
}

func isCreation(c *plan.Change) bool {
	return c.Action == plan.ActionCreate || c.Action == plan.ActionReplace
}

// calls lists the steps of c that the ledger remembers when they are made.
func calls(c *plan.Change) []address.StepAddress {
	var steps []address.StepAddress
	for _, s := range c.Steps {
		switch s.Address.Kind {
		case address.StepAction, address.StepMessage, address.StepRequest:
			if s.Decision == plan.DecisionRun {
				steps = append(steps, s.Address)
			}
		case address.StepEnsure, address.StepExpect:
		}
	}
	return steps
}
