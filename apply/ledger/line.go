package ledger

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
)

// lineSum is the checksum of a line of a journal. It covers the lines before it too, so that none can be lost, doubled or moved.
type lineSum [sha256.Size]byte

// sumSize is how much of a sum stands in a line, in hexadecimal digits.
const sumSize = 16

// next returns the sum of the line with this text that follows the line with the sum s.
func (s lineSum) next(text []byte) lineSum {
	h := sha256.New()
	h.Write(s[:])
	h.Write(text)
	return lineSum(h.Sum(nil))
}

func (s lineSum) String() string { return hex.EncodeToString(s[:])[:sumSize] }

// appendLine appends the line with this text, which follows the line with the sum s, and returns its sum.
func (s lineSum) appendLine(to, text []byte) ([]byte, lineSum) {
	s = s.next(text)
	to = append(to, text...)
	to = append(to, ' ')
	to = append(to, s.String()...)
	return append(to, '\n'), s
}

// split returns the text of a line without its end, and its sum, if it is the line that follows the one with the sum s.
func (s lineSum) split(line []byte) (text []byte, sum lineSum, ok bool) {
	end := len(line) - sumSize - 1
	if end < 0 || line[end] != ' ' {
		return nil, s, false
	}
	sum = s.next(line[:end])
	return line[:end], sum, string(line[end+1:]) == sum.String()
}

var (
	errChecksum = errors.New("its checksum does not match")
	errLineEnd  = errors.New("what ends it was changed")
)

// lineReader reads the lines of a journal.
type lineReader struct {
	in     *bufio.Reader
	number int // of the line that was read last
	sum    lineSum
}

// next returns the text of the next line, or nil where there is none. What is left of a line whose end is missing counts as
// none: a crash cut it short, so that nobody was told that its records are safe. Anything else than that is damage.
func (r *lineReader) next() ([]byte, error) {
	line, ended, err := r.read()
	if err != nil || line == nil {
		return nil, err
	}
	text, sum, ok := r.sum.split(line)
	switch {
	case ok:
		r.sum = sum
		return text, nil
	case ended:
		return nil, errChecksum
	}
	if _, _, whole := r.sum.split(line[:len(line)-1]); whole {
		return nil, errLineEnd
	}
	return nil, nil
}

// read returns the next line without its end, whether it has one, and nil where there is no line.
func (r *lineReader) read() (line []byte, ended bool, err error) {
	r.number++
	line, err = r.in.ReadBytes('\n')
	switch {
	case err == nil:
		return line[:len(line)-1], true, nil
	case !errors.Is(err, io.EOF):
		return nil, false, err
	case len(line) == 0:
		return nil, false, nil
	default:
		return line, false, nil
	}
}

// canonical takes out the white space that made a value readable.
func canonical(v json.RawMessage) json.RawMessage {
	if v == nil {
		return nil
	}
	b := bytes.NewBuffer(make([]byte, 0, len(v)))
	_ = json.Compact(b, v) // whoever decoded the value has seen that it is JSON
	return b.Bytes()
}

// decodeStrictly reads one value of JSON, and no member that v has no place for.
func decodeStrictly(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// text is a string that null cannot stand for.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errors.New("null is in the place of a text")
	}
	return json.Unmarshal(data, (*string)(t))
}

// encodeLine writes v as JSON on one line, without the end of the line.
func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
