package declare

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"riveter/hcl/syntax"
)

// Credentials are the arguments that give access, in whichever block they are: what they are made of is secret.
var Credentials = []string{"token", "password", "headers"}

var (
	// confidential are the arguments whose literal values are not shown in a file that has errors.
	confidential = append([]string{"params"}, Credentials...)
	// hideable is the argument of a block that is a secret where the block says so.
	hideable = map[string]string{"variable": "default", "output": "value"}
	// credentials are those of a URL.
	credentials = regexp.MustCompile(`://[^/\s"]*@`)
)

// SecretLiterals returns the literal texts of a configuration file that are secrets by the place where they are written: the default
// of a variable, and the value of an output, that is not to be shown or kept, what the function sensitive is given, arguments
// that give access, also misspelt ones, and credentials in URLs. It knows them by their tokens, so that nothing else of the
// file need be right: a text that is not closed ends with its line, and one without quotes is a word.
func SecretLiterals(source []byte, name string) []string {
	tokens, _ := hclsyntax.LexConfig(source, name, hcl2.InitialPos)
	if slices.ContainsFunc(tokens, func(t hclsyntax.Token) bool { return t.Type == hclsyntax.TokenQuotedNewline }) {
		tokens = nil
		for line := range bytes.Lines(source) {
			of, _ := hclsyntax.LexConfig(line, name, hcl2.InitialPos)
			tokens = append(tokens, of...)
		}
	}
	tokens = slices.DeleteFunc(tokens, func(t hclsyntax.Token) bool {
		return slices.Contains([]hclsyntax.TokenType{hclsyntax.TokenOQuote, hclsyntax.TokenCQuote, hclsyntax.TokenComment, hclsyntax.TokenEOF}, t.Type)
	})
	var secrets []string
	for _, found := range credentials.FindAll(source, -1) {
		secrets = append(secrets, strings.Trim(string(found), ":/@"))
	}
	hidden := "" // the argument that the block hides
	for i, token := range tokens {
		word, rest := string(token.Bytes), tokens[i+1:]
		if hideable[word] != "" || token.Type == hclsyntax.TokenIdent && token.Range.Start.Column == 1 {
			hidden = ""
		}
		switch {
		case hideable[word] != "" && isHidden(rest):
			hidden = hideable[word]
		case word == "sensitive" && follows(rest, hclsyntax.TokenOParen),
			(word == hidden || len(word) > 2 && syntax.Nearest(word, confidential) != "") && follows(rest, hclsyntax.TokenEqual, hclsyntax.TokenColon):
			secrets = append(secrets, literals(rest)...)
		}
	}
	return secrets
}

// isHidden reports whether a block says that it is not shown, from the tokens behind its type.
func isHidden(tokens hclsyntax.Tokens) bool {
	for i, token := range tokens {
		word := string(token.Bytes)
		switch {
		case hideable[word] != "" || token.Type == hclsyntax.TokenIdent && token.Range.Start.Column == 1:
			return false
		case (word == "sensitive" || word == "ephemeral") && follows(tokens[i+1:], hclsyntax.TokenEqual, hclsyntax.TokenColon):
			return true
		}
	}
	return false
}

func follows(tokens hclsyntax.Tokens, types ...hclsyntax.TokenType) bool {
	return len(tokens) > 0 && slices.Contains(types, tokens[0].Type)
}

// literals returns the literal texts of a value, from the token before it.
func literals(tokens hclsyntax.Tokens) []string {
	depth, texts := 0, []string(nil)
	for i, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenIdent:
			if depth == 0 && i == 1 && !slices.Contains([]string{"true", "false", "null", "sensitive"}, string(token.Bytes)) {
				texts = append(texts, string(token.Bytes))
			}
		case hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit, hclsyntax.TokenNumberLit:
			texts = append(texts, string(token.Bytes))
		case hclsyntax.TokenNewline, hclsyntax.TokenQuotedNewline, hclsyntax.TokenComma:
			if depth == 0 && i > 0 {
				return texts
			}
		default:
		}
		if depth < 0 {
			return texts
		}
	}
	return texts
}
