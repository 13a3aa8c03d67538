package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// decodeDependsOn reads a list of references to actors or to single instances of them.
func decodeDependsOn(c *content) ([]*reference, hcl2.Diagnostics) {
	attr, ok := c.attributes["depends_on"]
	if !ok {
		return nil, nil
	}
	items, diags := hcl2.ExprList(attr.Expr)
	if diags.HasErrors() {
		return nil, hcl2.Diagnostics{problem("Invalid dependency", "depends_on is a list of references, in brackets: [actor.chatRoom.room].", attr.Expr.Range())}
	}
	var references []*reference
	for _, item := range items {
		traversal, more := hcl2.AbsTraversalForExpr(item)
		if more.HasErrors() {
			diags = append(diags, problem("Invalid dependency",
				"depends_on is a list of references such as actor.chatRoom.room or actor.chatRoom.room[\"general\"], without quotes.", item.Range()))
			continue
		}
		references = append(references, newReference(traversal))
	}
	return references, diags
}

// checkDependency checks an element of depends_on.
func (u *unit) checkDependency(of *declaration, r *reference) *hcl2.Diagnostic {
	if r.root != "actor" && r.root != "module" {
		return problem("Invalid dependency", fmt.Sprintf("Only actors and modules can be depended on, not %q.", r.root), r.subject)
	}
	own, _ := of.what.(*actor)
	if d := u.checkReference(&group{actor: own}, r); d != nil {
		return d
	}
	if len(r.rest) > 0 {
		return problem("Invalid dependency", fmt.Sprintf("depends_on names whole blocks: write %s without what follows.", r.address()), r.subject)
	}
	return nil
}
