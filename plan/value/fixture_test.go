package value

import (
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

var digestKey = []byte("a key for tests")

// parse evaluates an expression that may refer to unknown, and to secret, a sensitive string.
func parse(t *testing.T, expression string) cty.Value {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(expression), "test.hcl", hcl2.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := expr.Value(&hcl2.EvalContext{Variables: map[string]cty.Value{
		"unknown": cty.DynamicVal,
		"secret":  cty.StringVal("hunter2").Mark(Sensitive),
	}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return v
}

func memo(t *testing.T, v cty.Value) Memo {
	t.Helper()
	m, err := Remember(digestKey, v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
