package apply

import (
	"time"

	"riveter/plan"
	"riveter/plan/address"
)

// intents lists what p would do of what cannot be found out later, and may not be done twice: actors that are created, and
// calls. An actor whose key is not known yet cannot be named; who finds it later knows nothing of it, and asks. now is by the
// server's clock, and zero where nobody knows.
func intents(p *plan.Plan, now time.Time) []plan.Intent {
	var all []plan.Intent
	for _, c := range p.Changes {
		actor, ok := c.(*plan.ActorChange)
		if !ok || !isAnnounced(actor) {
			continue
		}
		intent := plan.Intent{Name: actor.Name, Key: actor.Key, Address: actor.Address, ActorID: actor.ActorID, Steps: calls(actor)}
		if isCreation(actor) {
			intent.ActorID, intent.Tried = "", now
		}
		all = append(all, intent)
	}
	return all
}

func isAnnounced(c *plan.ActorChange) bool {
	return c.Key != nil && (isCreation(c) || len(calls(c)) > 0)
}

func isCreation(c *plan.ActorChange) bool {
	return c.Action == plan.ActionCreate || c.Action == plan.ActionReplace
}

// calls lists the steps of c that the ledger remembers when they are made.
func calls(c *plan.ActorChange) []address.StepAddress {
	var steps []address.StepAddress
	for _, s := range c.Steps {
		if s.IsRecorded() && s.Decision == plan.DecisionRun {
			steps = append(steps, s.Address)
		}
	}
	return steps
}
