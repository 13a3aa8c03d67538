package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
)

var checkSchema = &blockSchema{
	doc:    "Assertions about the whole. One that does not hold is worth a warning.",
	blocks: []nestedSchema{{name: "assert", schema: conditionSchema}},
}

// checkBlock is a decoded check block.
type checkBlock struct {
	name    string
	asserts []*condition
	group   *group
	rng     hcl2.Range
}

func (c *checkBlock) address() string { return "check." + c.name }

func decodeCheck(block *hcl2.Block) (*checkBlock, hcl2.Diagnostics) {
	c, diags := checkSchema.decode(block.Body)
	asserts, more := decodeConditions(c.blocks["assert"])
	diags = append(diags, more...)
	if len(c.blocks["assert"]) == 0 && !c.hasDynamic {
		diags = append(diags, problem("Missing block", "A check has at least one assert block, with what must hold.", c.missing))
	}
	g := &group{expressions: conditionExpressions(asserts)}
	return &checkBlock{name: block.Labels[0], asserts: asserts, group: g, rng: block.DefRange}, diags
}

func (c *checkBlock) stage() *stage {
	return &stage{groups: []*group{c.group}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		now, diags := redecoded(e, s, c, decodeCheck)
		f := e.frame(s, now.group)
		assertions, more := f.assertions(now.asserts, f.ctx)
		e.checks[s.addressOf(c.address())] = assertions
		return append(diags, more...)
	}}
}

// Checks returns the check blocks as far as they are known now, sorted by name. They may be asked for again after apply.
func (e *Evaluation) Checks() ([]plan.Check, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for _, d := range e.config.graph.root.all() {
		if _, ok := d.what.(*checkBlock); ok {
			for _, scope := range e.scopes[d.unit] {
				diags = append(diags, e.refresh(d.stages[0], scope)...)
			}
		}
	}
	var checks []plan.Check
	for _, name := range sortedKeys(e.checks) {
		checks = append(checks, plan.Check{Name: name, Assertions: e.checks[name]})
	}
	return checks, diags
}
