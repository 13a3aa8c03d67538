package syntax

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// leftOpen says what is still open where a file ends within a string or heredoc: the first template or heredoc or, where there is
// none, the first string.
func leftOpen(d *hcl2.Diagnostic, source []byte) *hcl2.Diagnostic {
	name := d.Subject.Filename
	open := openTokens(source, name)
	for _, token := range open {
		switch at := token.Range.Start.Byte; token.Type {
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			return openTemplate(name, source, at)
		case hclsyntax.TokenOHeredoc:
			return openHeredoc(name, source, at)
		default:
		}
	}
	if len(open) > 0 {
		return openString(name, source, open[0].Range.Start.Byte)
	}
	return d
}

// openTokens returns what opens a string, heredoc or template that is not closed, in source order.
func openTokens(source []byte, name string) hclsyntax.Tokens {
	tokens, _ := hclsyntax.LexConfig(source, name, hcl2.InitialPos)
	var open hclsyntax.Tokens
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			open = append(open, token)
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			open = open[:max(len(open)-1, 0)]
		default:
		}
	}
	return open
}

func openTemplate(name string, source []byte, at int) *hcl2.Diagnostic {
	opening := string(source[at : at+2])
	d := Problem("Template not closed", "There is no brace } that closes this before the end of the string. For the characters "+opening+
		" themselves, write "+opening[:1]+opening+".", rangeAt(name, source, at))
	d.Subject.End.Byte++
	d.Subject.End.Column++
	return d
}

func openString(name string, source []byte, at int) *hcl2.Diagnostic {
	return Problem("String not closed", "A string starts at this quote and does not end on the same line. Put a quote after the text; "+
		"or, if this quote is the end, one before it. For text of several lines, use a heredoc: <<EOT.", rangeAt(name, source, at))
}

func openHeredoc(name string, source []byte, at int) *hcl2.Diagnostic {
	return Problem("Invalid heredoc", "A heredoc starts with << or <<- and a word such as EOT, with nothing after it on the line, and ends with a line that has only that word. "+
		"Either there is something after the word here, or the last line is missing.", rangeAt(name, source, at))
}
