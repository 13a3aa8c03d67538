package redact

import (
	"encoding/hex"
	"slices"
	"strings"
)

// decoding leads from a text back to what it was decoded from: it has the places of what was an escape, in order.
type decoding []int

// source is where in the encoded text that was which is at i now.
func (d decoding) source(i int) int {
	before, _ := slices.BinarySearch(d, i)
	return i + before*len("%X")
}

// percentDecoded reads every escape of a text, whoever wrote it: languages and URL parsers do not agree on what is to be escaped, so that
// the ways to write a secret could not be listed.
func percentDecoded(text string) (string, decoding) {
	at := strings.IndexByte(text, '%')
	if at < 0 {
		return text, nil
	}
	var b strings.Builder
	var escapes decoding
	for ; at >= 0; at = strings.IndexByte(text, '%') {
		b.WriteString(text[:at])
		text = text[at:]
		var char [1]byte
		if len(text) < len("%XX") {
			break
		}
		if _, err := hex.Decode(char[:], []byte(text[1:3])); err != nil {
			b.WriteByte('%')
			text = text[1:]
			continue
		}
		escapes = append(escapes, b.Len())
		b.WriteByte(char[0])
		text = text[len("%XX"):]
	}
	return b.String() + text, escapes
}
