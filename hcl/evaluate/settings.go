package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
)

// Settings are the riveter and rivet blocks. They are known before anything is asked of a server.
type Settings struct {
	Rivet  declare.RivetSettings
	Ledger declare.LedgerSettings
}

// Settings returns the settings of the configuration. They are as far as they could be evaluated if Evaluate found errors.
func (e *Evaluation) Settings() *Settings { return e.settings }

func (e *Evaluation) evaluateRivet(rivet *declare.Rivet, s *moduleInstance) hcl2.Diagnostics {
	now, diags := expanded(e, s, rivet)
	v := e.frame(s, now.Scope).evaluator(now.Attributes)
	v.keepsNone = true
	now.Fill(&e.settings.Rivet, v)
	return append(diags, v.diags...)
}

func (e *Evaluation) evaluateLedger(l *declare.Ledger, s *moduleInstance) hcl2.Diagnostics {
	v := e.frame(s, l.Scope).evaluator(l.Attributes)
	v.keepsNone = true
	l.Fill(&e.settings.Ledger, v)
	return v.diags
}
