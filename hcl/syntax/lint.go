package syntax

import (
	"bytes"
	"regexp"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxExponent is what a number may be shifted by, in bits: a little more than JavaScript's can be. Without a limit, a
// number of ten characters can take minutes to be written as text.
const maxExponent = 1100

var bigExponent = regexp.MustCompile(`[0-9.][eE][+-]?[0-9]{3,}`)

// extremeNumbers reports numbers that are much larger, or smaller, than any that an actor can be sent.
func extremeNumbers(in hclsyntax.Node, source []byte) hcl2.Diagnostics {
	if !bigExponent.Match(source) {
		return nil
	}
	return hclsyntax.VisitAll(in, func(node hclsyntax.Node) hcl2.Diagnostics {
		literal, ok := node.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.Type() != cty.Number || literal.Val.IsNull() {
			return nil
		}
		number := literal.Val.AsBigFloat()
		if exponent := number.MantExp(nil); exponent < maxExponent && exponent > -maxExponent && !number.IsInf() {
			return nil
		}
		return hcl2.Diagnostics{Problem("Extreme number",
			"No JavaScript number is as large, or as near to zero, as this. Write it as a string if the actor takes one.", literal.SrcRange)}
	})
}

// mixedHeredocs warns of heredocs that are to be moved to the left margin, but are indented by tabs in some lines and by
// spaces in others: as a tab counts as one, the result is not what it looks like.
func mixedHeredocs(source []byte, name string) hcl2.Diagnostics {
	if !bytes.Contains(source, []byte("<<-")) || !bytes.Contains(source, []byte{'\t'}) {
		return nil
	}
	tokens, _ := hclsyntax.LexConfig(source, name, hcl2.InitialPos)
	var diags hcl2.Diagnostics
	var indent byte // of the first line of a heredoc that is indented; 0 before it
	inside := false
	for _, token := range tokens {
		switch {
		case token.Type == hclsyntax.TokenOHeredoc:
			inside, indent = bytes.HasPrefix(token.Bytes, []byte("<<-")), 0
		case token.Type == hclsyntax.TokenCHeredoc:
			inside = false
		case inside && token.Range.Start.Column == 1 && (token.Bytes[0] == ' ' || token.Bytes[0] == '\t'):
			if indent == 0 {
				indent = token.Bytes[0]
			}
			if token.Bytes[0] != indent {
				inside = false
				diags = append(diags, Warning("Tabs and spaces in a heredoc",
					"Other lines of this heredoc are indented by the other of the two. A heredoc that starts with <<- loses as many characters from each line as the least indented one has, and a tab is one character. Indent all its lines in the same way.",
					rangeAt(name, source, token.Range.Start.Byte)))
			}
		}
	}
	return diags
}
