package syntax

import (
	"bytes"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// CoreNamespace is what may stand before the name of any function, as in Terraform.
const CoreNamespace = "core::"

// WithoutCore takes the namespace from the calls of a node, so that whoever looks at these finds the functions' names.
func WithoutCore(node hclsyntax.Node, source []byte) {
	if !bytes.Contains(source, []byte(CoreNamespace)) {
		return
	}
	_ = hclsyntax.VisitAll(node, func(node hclsyntax.Node) hcl2.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			call.Name = strings.TrimPrefix(call.Name, CoreNamespace)
		}
		return nil
	})
}
