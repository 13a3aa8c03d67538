package view

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "Grüße, 世界 👋\tx", "Grüße, 世界 👋\tx"},
		{"escape sequence", "\x1b[31mred\x1b[0m", `\u001b[31mred\u001b[0m`},
		{"eight-bit escape sequence", "\u009b31m", `\u009b31m`},
		{"byte that is no UTF-8", "a\x9bb", `a\x9bb`},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"line breaks", "a\r\nb\u2028c", `a\r\nb\u2028c`},
		{"bell, backspace, delete", "\a\b\x7f", `\u0007\u0008\u007f`},
		{"direction of writing", "a\u202eb\u2066c", `a\u202eb\u2066c`},
		{"invisible characters", "a\u200bb\ufeff\u00adc", `a\u200bb\ufeff\u00adc`},
		{"tags", "\U000e0041", `\U000e0041`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.text); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCleanLeavesNothingThatCommandsATerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cleaned := Clean(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text"))
		if strings.ContainsFunc(cleaned, func(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }) {
			t.Fatalf("got %q", cleaned)
		}
		if again := Clean(cleaned); again != cleaned {
			t.Fatalf("%q became %q", cleaned, again)
		}
	})
}
