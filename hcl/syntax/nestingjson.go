package syntax

import (
	"encoding/json"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// tooDeepJSON reports the place where JSON, or the native syntax in one of its strings, is nested too deeply.
func tooDeepJSON(source []byte, name string) hcl2.Diagnostics {
	depth := 0
	for at := 0; at < len(source); at++ {
		switch source[at] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '"':
			end := endOfString(source, at)
			if isTooDeep(source[at:end]) {
				return hcl2.Diagnostics{nestedTooDeeply(rangeAt(name, source, at))}
			}
			at = end - 1
		}
		if depth > mostNested {
			return hcl2.Diagnostics{nestedTooDeeply(rangeAt(name, source, at))}
		}
	}
	return nil
}

// endOfString returns where a string of JSON ends that starts at an offset, or the source does.
func endOfString(source []byte, at int) int {
	for at++; at < len(source); at++ {
		switch source[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(source)
}

func isTooDeep(literal []byte) bool {
	var text string
	if !mayNest(literal) || json.Unmarshal(literal, &text) != nil {
		return false
	}
	return tooDeep([]byte(text), "", hclsyntax.LexTemplate, level{}).HasErrors()
}
