package decide

import (
	"strings"

	"riveter/plan"
	"riveter/plan/address"
)

// warnOfFailing says that an actor that stays does not start. It may yet, when what it lacks is there.
func (b *builder) warnOfFailing(c *plan.ActorChange, o *plan.Observed) {
	if o.Failing != "" {
		b.warnf(c.Desired, "Actor does not start", "%s is there and does not start: %s. It stays as it is; -replace='%s' makes it anew, which loses its state.",
			c.Address, strings.TrimSuffix(o.Failing, "."), c.Address)
	}
}

// checkSettled warns of what is declared otherwise than an actor was created with, and cannot be changed. The server says in
// which pool an actor is. Of the crash policy it says "sleep" whatever it is (engine 2.3.19), so that the ledger has to know.
func (b *builder) checkSettled(c *plan.ActorChange, o *plan.Observed, entry *plan.Entry) {
	d := c.Desired.Settings
	if d.Pool != "" && o.Pool != "" && d.Pool != o.Pool {
		b.warnSettled(c, "pool", o.Pool, d.Pool)
	}
	if entry == nil || entry.ActorID != o.ActorID {
		return
	}
	if created := entry.CrashPolicy; created != "" && created != d.CreatedPolicy() {
		b.warnSettled(c, "crash_policy", created, d.CreatedPolicy())
	}
}

func (b *builder) warnSettled(c *plan.ActorChange, name, before, after string) {
	b.warnf(c.Desired, "Setting cannot be changed", "%s was created with %s = %s, and is declared with %s, which has no effect on an actor that exists. "+
		"Write what it has, or make it anew with -replace='%s', which loses its state.", c.Address, name, address.Quote(before), address.Quote(after), c.Address)
}
