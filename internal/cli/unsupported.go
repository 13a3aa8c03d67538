package cli

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// unsupported refuses what the language has and this version does not carry out. To ignore it would be worse: a guard that
// is not looked at makes a call that was not wanted.
func (s *session) unsupported() hcl2.Diagnostics {
	r := &refusals{seen: map[hcl2.Range]bool{}}
	for _, n := range s.evaluation.Namespaces() {
		r.refuse(true, n.Range, "a namespace block")
	}
	for _, c := range s.evaluation.RunnerConfigs() {
		r.refuse(true, c.Range, "a runner_config block")
	}
	return r.diags
}

// refusals are about places in the files, each of which is named once for all of its instances.
type refusals struct {
	seen  map[hcl2.Range]bool
	diags hcl2.Diagnostics
}

func (r *refusals) refuse(found bool, at hcl2.Range, what string) {
	if !found || r.seen[at] {
		return
	}
	r.seen[at] = true
	r.diags = append(r.diags, &hcl2.Diagnostic{
		Severity: hcl2.DiagError,
		Summary:  "Not supported yet",
		Detail:   fmt.Sprintf("The language has it, but this version of riveter does not carry out %s, so nothing was done. Leave it out for now.", what),
		Subject:  at.Ptr(),
	})
}
