package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
)

// Settings are the riveter and rivet blocks. They are known before anything is asked of a server.
type Settings struct {
	Rivet  declare.RivetSettings
	Ledger declare.LedgerSettings
}

// Settings returns the settings of the configuration. They are as far as they could be evaluated if Evaluate found errors.
func (e *Evaluation) Settings() *Settings { return e.settings }

func (e *Evaluation) evaluateRivet(rivet *declare.Rivet, s *instances.Module) hcl2.Diagnostics {
	now, diags := expanded(e, s, rivet)
	v := e.frame(s, now.Scope).Reader(now.Attributes)
	v.KeepsNone = true
	now.Fill(&e.settings.Rivet, v)
	v.TellCredentials()
	return append(diags, v.Diags...)
}

func (e *Evaluation) evaluateLedger(l *declare.Ledger, s *instances.Module) hcl2.Diagnostics {
	v := e.frame(s, l.Scope).Reader(l.Attributes)
	v.KeepsNone = true
	l.Fill(&e.settings.Ledger, v)
	v.TellCredentials()
	return v.Diags
}
