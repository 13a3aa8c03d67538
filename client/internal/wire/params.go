package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"

	"riveter/client/internal/value"
)

// MarshalParams writes connection parameters as JSON in ASCII: a header with any other
// byte is as good as none to the server.
func MarshalParams(params any) (string, error) {
	prepared, err := value.Model(params)
	if err != nil {
		return "", fmt.Errorf("encode the connection parameters: %w", err)
	}
	data, err := json.Marshal(prepared)
	if err != nil {
		return "", fmt.Errorf("encode the connection parameters: %w", err)
	}
	var b strings.Builder
	for _, r := range string(data) {
		switch {
		case r < 0x80:
			b.WriteByte(byte(r))
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.String(), nil
}
