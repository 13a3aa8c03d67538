package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// spellings lists how a secret may be written, by itself or within something greater that is encoded as a whole.
func spellings(secret string) []string {
	all := []string{secret}
	for line := range strings.Lines(secret) { // as people are shown it
		all = append(all, strings.TrimSpace(line))
	}
	all = append(all, jsonSpellings(secret)...)
	all = append(all, percentSpellings(secret)...)
	all = append(all, base64Spellings(secret)...)
	all = append(all, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))))
	return append(all, numberSpellings(secret)...)
}

// jsonSpellings are those within JSON, within JSON that is a string of JSON, and so on, as deep as anybody goes.
func jsonSpellings(secret string) []string {
	const depth = 4
	var all []string
	for _, escapeHTML := range []bool{false, true} {
		spelling := secret
		for range depth {
			spelling = inJSON(spelling, escapeHTML)
			all = append(all, spelling)
		}
	}
	return all
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

// percentSpellings are those within URLs and forms: with what must be escaped, or everything.
func percentSpellings(secret string) []string {
	var everything strings.Builder
	for _, b := range []byte(secret) {
		everything.WriteString("%" + hex.EncodeToString([]byte{b}))
	}
	all := []string{strings.ToUpper(everything.String()), everything.String()}
	for _, escaped := range []string{url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(url.QueryEscape(secret), "+", "%20")} {
		all = append(all, escaped, lowerEscapes(escaped))
	}
	return all
}

// lowerEscapes writes %2F as %2f.
func lowerEscapes(escaped string) string {
	parts := strings.Split(escaped, "%")
	for i, part := range parts[1:] {
		parts[i+1] = strings.ToLower(part[:2]) + part[2:]
	}
	return strings.Join(parts, "%")
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

// numberSpellings are the ways in which programs write a number.
func numberSpellings(secret string) []string {
	n, err := strconv.ParseFloat(secret, 64)
	if err != nil {
		return nil
	}
	plain := strconv.FormatFloat(n, 'f', -1, 64)
	all := []string{plain, strconv.FormatFloat(n, 'g', -1, 64)}
	if !strings.Contains(plain, ".") {
		all = append(all, plain+".0")
	}
	exponent := strconv.FormatFloat(n, 'e', -1, 64)
	short := strings.NewReplacer("e+0", "e", "e+", "e", "e-0", "e-").Replace(exponent)
	for _, spelling := range []string{exponent, short, strings.Replace(short, "e", "e+", 1)} {
		all = append(all, spelling, strings.ToUpper(spelling))
	}
	return all
}
