package devrivet

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"unicode"
)

const (
	keptBytes = 16 << 10
	keptLines = 15
	keptRunes = 300 // of a line
)

// output passes on what a program prints, and remembers the end of it.
type output struct {
	next io.Writer

	mu   sync.Mutex
	tail []byte
}

// Write never fails: a program must not die because nobody can read its log.
func (o *output) Write(printed []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = append(o.tail, printed...)
	if excess := len(o.tail) - keptBytes; excess > 0 {
		o.tail = append(o.tail[:0], o.tail[excess:]...)
	}
	if o.next != nil {
		_, _ = o.next.Write(printed)
	}
	return len(printed), nil
}

// contains reports whether the remembered end has the text in it, in any case.
func (o *output) contains(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Contains(bytes.ToLower(o.tail), []byte(strings.ToLower(text)))
}

// lastWords are the last lines that are not empty, ready to follow an error's text
// and safe to show on a terminal.
func (o *output) lastWords() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var lines []string
	for line := range strings.Lines(string(o.tail)) {
		if line = printable(line); line != "" {
			lines = append(lines, "\n  "+line)
		}
	}
	if len(lines) == 0 {
		return " without a word"
	}
	return ", its last words:" + strings.Join(lines[max(0, len(lines)-keptLines):], "")
}

func printable(line string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(line, "")))
	if len(runes) > keptRunes {
		runes = append(runes[:keptRunes], '…')
	}
	return strings.TrimRightFunc(string(runes), unicode.IsSpace)
}
