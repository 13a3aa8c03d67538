// Package chain has lines that vouch for each other: each ends in a checksum that covers the lines before it too, so that none can be
// lost, doubled or moved unseen. What a line says is not its concern.
package chain

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
)

// ErrChecksum says that a line, or what is under a checksum elsewhere, is not what was written. ErrLineEnd says so of the end of a line.
var (
	ErrChecksum = errors.New("its checksum does not match")
	ErrLineEnd  = errors.New("what ends it was changed")
)

// Sum is the checksum of a line. The zero value stands before the first one.
type Sum [sha256.Size]byte

// sumSize is how much of a sum stands in a line, in hexadecimal digits.
const sumSize = 16

// next returns the sum of the line with this text that follows the line with the sum s.
func (s Sum) next(text []byte) Sum {
	h := sha256.New()
	h.Write(s[:])
	h.Write(text)
	return Sum(h.Sum(nil))
}

// String returns the sum as it stands in a line.
func (s Sum) String() string { return hex.EncodeToString(s[:])[:sumSize] }

// Append appends the line with this text, which follows the line with the sum s, and returns its sum. The text has no line break.
func (s Sum) Append(to, text []byte) ([]byte, Sum) {
	s = s.next(text)
	to = append(to, text...)
	to = append(to, ' ')
	to = append(to, s.String()...)
	return append(to, '\n'), s
}

// split returns the text of a line without its end, and its sum, if it is the line that follows the one with the sum s.
func (s Sum) split(line []byte) (text []byte, sum Sum, ok bool) {
	end := len(line) - sumSize - 1
	if end < 0 || line[end] != ' ' {
		return nil, s, false
	}
	sum = s.next(line[:end])
	return line[:end], sum, string(line[end+1:]) == sum.String()
}

// Reader reads lines.
type Reader struct {
	In     *bufio.Reader
	Number int // of the line that was read last, from 1
	Sum    Sum // of the line that Next returned last
}

// Next returns the text of the next line, or nil where there is none. What is left of a line whose end is missing counts as
// none: a crash cut it short, so that nobody was told that it is safe. Anything else than that is damage, [ErrChecksum] or [ErrLineEnd].
func (r *Reader) Next() ([]byte, error) {
	line, ended, err := r.Raw()
	if err != nil || line == nil {
		return nil, err
	}
	text, sum, ok := r.Sum.split(line)
	switch {
	case ok:
		r.Sum = sum
		return text, nil
	case ended:
		return nil, ErrChecksum
	}
	if _, _, whole := r.Sum.split(line[:len(line)-1]); whole {
		return nil, ErrLineEnd
	}
	return nil, nil
}

// Raw returns the next line as it is without its end, also as Git converts that on Windows, whether it has one, and nil where there is no line.
func (r *Reader) Raw() (line []byte, ended bool, err error) {
	r.Number++
	line, err = r.In.ReadBytes('\n')
	switch {
	case err == nil:
		return bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'}), true, nil
	case !errors.Is(err, io.EOF):
		return nil, false, err
	case len(line) == 0:
		return nil, false, nil
	default:
		return line, false, nil
	}
}
