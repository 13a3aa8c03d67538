package syntax

import (
	"bytes"
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// mostNested is how many brackets, templates and operators may be within one another. The parser, and all that walks what it
// returns, call themselves for each of them, and a stack that overflows ends the process.
const mostNested = 1000

// ParseExpression parses an expression that is in no file of its own. What is nested too deeply is refused.
func ParseExpression(source []byte, name string) (hclsyntax.Expression, hcl2.Diagnostics) {
	if diags := tooDeep(source, name, hclsyntax.LexExpression, level{}); diags.HasErrors() {
		return nil, diags
	}
	expr, diags := hclsyntax.ParseExpression(source, name, hcl2.InitialPos)
	if diags.HasErrors() {
		return expr, diags
	}
	WithoutCore(expr, source)
	return expr, append(diags, extremeNumbers(expr, source)...)
}

// ParseTemplate parses a text with templates in it, as ParseExpression does an expression.
func ParseTemplate(source []byte, name string) (hclsyntax.Expression, hcl2.Diagnostics) {
	if diags := tooDeep(source, name, hclsyntax.LexTemplate, level{}); diags.HasErrors() {
		return nil, diags
	}
	template, diags := hclsyntax.ParseTemplate(source, name, hcl2.InitialPos)
	if !diags.HasErrors() {
		WithoutCore(template, source)
	}
	return template, diags
}

// lexer is one of those of the library.
type lexer func(source []byte, name string, start hcl2.Pos) (hclsyntax.Tokens, hcl2.Diagnostics)

// tooDeep reports the place where native syntax is nested too deeply.
func tooDeep(source []byte, name string, lex lexer, whole level) hcl2.Diagnostics {
	if !mayNest(source) {
		return nil
	}
	tokens, _ := lex(source, name, hcl2.InitialPos) // what is wrong with them, the parser reports
	n := nesting{whole}
	total := 0
	for i, token := range tokens {
		if total += n.add(token.Type, tokens[i:]); total > mostNested {
			return hcl2.Diagnostics{nestedTooDeeply(token.Range)}
		}
	}
	return nil
}

// mayNest reports whether the source has enough characters by which something nests.
func mayNest(source []byte) bool {
	n := 0
	for _, b := range source {
		if bytes.IndexByte([]byte("([{\"<!?-+*/%=>&|"), b) >= 0 {
			n++
		}
	}
	return n > mostNested
}

func nestedTooDeeply(at hcl2.Range) *hcl2.Diagnostic {
	return Problem("Nested too deeply", fmt.Sprintf(
		"More than %d brackets, templates and operators are within one another here. Give parts of this names, as local values.", mostNested), at)
}

// nesting is what is open at a place in native syntax, the innermost last. The first is the whole text.
type nesting []level

// level is what stands between two brackets or quotes. Its links are operators, indexes, and directives of a template, each of
// which is within the next until the item ends.
type level struct {
	byLine bool // a line break ends an item
	links  int
}

// add goes on by a token, the first of those that are left, and returns by how much more is open.
func (n *nesting) add(t hclsyntax.TokenType, left hclsyntax.Tokens) int {
	top := &(*n)[len(*n)-1]
	switch t {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
		return n.open(level{byLine: t == hclsyntax.TokenOBrace})
	case hclsyntax.TokenTemplateControl:
		return top.link(directive(left)) + n.open(level{})
	case hclsyntax.TokenCBrack:
		return n.close() + (*n)[len(*n)-1].link(1)
	case hclsyntax.TokenCBrace, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		return n.close()
	case hclsyntax.TokenComma:
		return top.link(-top.links)
	case hclsyntax.TokenNewline:
		if top.byLine {
			return top.link(-top.links)
		}
	default:
		if isOperator(t) {
			return top.link(1)
		}
	}
	return 0
}

func (n *nesting) open(l level) int {
	*n = append(*n, l)
	return 1
}

func (n *nesting) close() int {
	last := len(*n) - 1
	if last == 0 {
		return 0 // what is closed was never opened, as the parser will say
	}
	links := (*n)[last].links
	*n = (*n)[:last]
	return -1 - links
}

func (l *level) link(n int) int {
	l.links += n
	return n
}

// directive returns 1 for one that has an end, -1 for the end, and 0 for another.
func directive(left hclsyntax.Tokens) int {
	if len(left) < 2 {
		return 0
	}
	switch string(left[1].Bytes) {
	case "if", "for":
		return 1
	case "endif", "endfor":
		return -1
	default:
		return 0
	}
}

func isOperator(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenPercent,
		hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq,
		hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq,
		hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenBang, hclsyntax.TokenQuestion:
		return true
	default:
		return false
	}
}
