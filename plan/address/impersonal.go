package address

import (
	"regexp"
	"strings"
)

// personal matches what tells two messages about the same fault apart: an address, whole or within its actor, a place in a file,
// and the request that failed, with the id under which a server keeps it, that of its actor, and its end of the connection.
var personal = regexp.MustCompile(`\b(?:module|actor|data|namespace|runner_config|action|ensure|message|request|expect|read)` +
	`(?:\.[\pL\pN_-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?)+|[^\s"]+\.(?:hcl|json):\d+|\(ray [^)]*\)|\b[0-9a-z]{30}\b|\b\S+:\d+->|\bRequest: .*`)

// Impersonal returns a message as it would be about anything else: two messages say the same if that is equal. What a reader
// is told to write stays, since no other can stand for it: indented lines, and what follows an equals sign.
func Impersonal(message string) string {
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, " ") {
			lines[i] = impersonalLine(line)
		}
	}
	return strings.Join(lines, "\n")
}

func impersonalLine(line string) string {
	var b strings.Builder
	end := 0
	for _, found := range personal.FindAllStringIndex(line, -1) {
		b.WriteString(line[end:found[0]])
		end = found[1]
		if strings.HasSuffix(strings.TrimSuffix(line[:found[0]], " "), "=") {
			b.WriteString(line[found[0]:end])
		} else {
			b.WriteString("…")
		}
	}
	return b.String() + line[end:]
}
