package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// spellings lists how a secret may be written, by itself or within something greater that is encoded as a whole.
func spellings(secret string) []string {
	all := textSpellings(secret)
	for _, number := range javaScriptSpellings(secret) {
		all = append(all, textSpellings(number)...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, spelling := range all {
		all = append(all, terminalSpellings(spelling)...)
	}
	return append(all, numberSpellings(secret)...)
}

// terminalSpellings are those without what could act on a terminal, which is replaced or left out before secrets are looked for: as the
// errors of the client have it, and as the words of a registry's process.
func terminalSpellings(secret string) []string {
	all := []string{
		strings.Map(replaced, secret),
		strings.Map(replaced, strings.Join(strings.Fields(secret), " ")),
		strings.Map(leftOut, secret),
	}
	return slices.DeleteFunc(all, func(spelling string) bool { return spelling == secret })
}

func replaced(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return unicode.ReplacementChar
	}
	return r
}

func leftOut(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return -1
	}
	return r
}

func textSpellings(secret string) []string {
	all := []string{secret}
	for line := range strings.Lines(secret) { // as people are shown it
		all = append(all, strings.TrimSpace(line))
	}
	all = append(all, jsonSpellings(secret)...)
	all = append(all, percentSpellings(secret)...)
	all = append(all, base64Spellings(secret)...)
	all = append(all, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))))
	inHTML := html.EscapeString(secret)
	return append(all, inHTML, strings.ReplaceAll(strings.ReplaceAll(inHTML, "&#34;", "&quot;"), "&#39;", "&apos;"))
}

// jsonSpellings are those within JSON, within JSON that is a string of JSON, and so on, as deep as anybody goes.
func jsonSpellings(secret string) []string {
	const depth = 4
	var all []string
	for _, write := range jsonManners {
		spelling := secret
		for range depth {
			again := write(spelling)
			if again == spelling {
				break
			}
			spelling = again
			all = append(all, spelling)
		}
	}
	return all
}

// jsonManners are the ways in which languages write what is between the quotation marks of a JSON string: JavaScript, Go, PHP and
// Python; and of a text like one: Go and HCL.
var jsonManners = []func(string) string{
	func(s string) string { return inJSON(s, false) },
	func(s string) string { return inJSON(s, true) },
	func(s string) string { return strings.ReplaceAll(inASCII(inJSON(s, false)), "/", `\/`) },
	func(s string) string { return inASCII(inJSON(s, false)) },
	inGo,
	func(s string) string { return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(inGo(s)) },
}

// inGo returns s as it stands between the quotation marks of a string of Go, with an escape for what cannot be printed, and only for that.
func inGo(s string) string {
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}

// inJSON returns s as it stands between the quotation marks of a JSON string.
func inJSON(s string, escapeHTML bool) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(escapeHTML)
	if err := enc.Encode(s); err != nil {
		return s
	}
	return strings.TrimSuffix(b.String()[1:], "\"\n")
}

// inASCII escapes what of the content of a JSON string is not ASCII.
func inASCII(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// percentSpellings are those within URLs and forms that are not found where a text is read decoded: with nothing to escape but spaces, and
// with an escape that the secret has itself.
func percentSpellings(secret string) []string {
	decoded, _ := percentDecoded(secret)
	return []string{strings.ReplaceAll(secret, " ", "+"), decoded}
}

// base64Spellings are the whole secret, and what is seen of it where something comes before or after it: three bytes are four
// characters, so that it depends on where among three the secret begins.
func base64Spellings(secret string) []string {
	const shortest = 6 // of a part; a shorter one is seen by chance
	var all []string
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(secret)), encoding.WithPadding(base64.NoPadding).EncodeToString([]byte(secret)))
		for before := range 3 {
			data := append(make([]byte, before), secret...)
			part := encoding.EncodeToString(data)[(before*8+5)/6 : len(data)*8/6]
			if len(part) >= shortest {
				all = append(all, part)
			}
		}
	}
	return all
}
