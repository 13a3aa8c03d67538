package jsonscan

import "bytes"

// Compact takes the white space out of a value that somebody has read already, and so has seen that it is JSON. Nothing stays nothing.
func Compact(value []byte) []byte {
	if value == nil {
		return nil
	}
	var buf [512]byte // most values are small, and so is what is kept of them
	out, quoted := buf[:0], false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			out = append(out, c)
			i++
		case !quoted && (c == ' ' || c == '\n' || c == '\t' || c == '\r'):
			continue
		}
		out = append(out, value[i])
	}
	return bytes.Clone(out)
}
