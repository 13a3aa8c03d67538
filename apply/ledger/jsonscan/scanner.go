// Package jsonscan reads the JSON that a program has written itself, several times as fast as encoding/json.
//
// It reads nothing otherwise than encoding/json does, and much not at all: no value with white space around it other than spaces and line
// breaks, and none that is nested deeply. Then a [Scanner] is lost and says no word of what is wrong. So its caller has
// encoding/json read whatever it does not read, which is slow and says that.
//
// The package knows no document. Its caller says what comes next:
//
//	for name := range s.Members() {
//		switch string(name) {
//		case "key":
//			key = s.Texts()
//		default:
//			s.Lose()
//		}
//	}
//	if err := s.Err(); err != nil { … }
package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"unicode/utf8"
)

// Scanner reads one value of JSON from its beginning to its end. Where it is lost nothing is left to read: loops end, and values are
// empty.
type Scanner struct {
	data   []byte
	at     int
	before byte // the brace, bracket or comma that was passed last; 0 after a value
	ended  int  // where the last value did
	lost   bool
}

var errLost = errors.New("it is not spelt as it is written")

// maxDepth is how deeply values are nested that [Scanner.Raw] reads.
const maxDepth = 500

// New returns a scanner of data, which must not change before everything that comes from it is done with.
func New(data []byte) *Scanner { return &Scanner{data: data} }

// Err returns an error if the scanner is lost.
func (s *Scanner) Err() error {
	if s.lost {
		return errLost
	}
	return nil
}

// Lose is for a caller that does not expect what comes.
func (s *Scanner) Lose() { s.data, s.at, s.lost = nil, 0, true }

// End returns an error if the scanner is lost, or anything is left to read.
func (s *Scanner) End() error {
	if s.space(); s.at < len(s.data) || s.before != 0 {
		s.Lose()
	}
	return s.Err()
}

// Members reads an object: the names of its members, each of whose values is to be read before the next name.
func (s *Scanner) Members() iter.Seq[[]byte] {
	return func(yield func(name []byte) bool) {
		for s.begin('{'); s.more('}'); {
			if !yield(s.name()) {
				return
			}
		}
	}
}

// Elements reads an array, and counts its elements, each of which is to be read before the next one.
func (s *Scanner) Elements() iter.Seq[int] {
	return func(yield func(i int) bool) {
		i := 0
		for s.begin('['); s.more(']'); i++ {
			if !yield(i) {
				return
			}
		}
	}
}

// Text reads a string.
func (s *Scanner) Text() string {
	word := s.word()
	s.done()
	return string(word)
}

// Texts reads an array of strings. An empty one is not nil.
func (s *Scanner) Texts() []string {
	list := []string{}
	for range s.Elements() {
		list = append(list, s.Text())
	}
	return list
}

// Bool reads a truth value.
func (s *Scanner) Bool() bool {
	word := string(s.literal())
	s.done()
	if word != "true" && word != "false" {
		s.Lose()
	}
	return word == "true"
}

// Raw reads any value, which it returns as it stands in the data.
func (s *Scanner) Raw() []byte {
	s.space()
	from := s.at
	s.pass(maxDepth)
	if s.lost {
		return nil
	}
	return s.data[from:s.ended]
}

// pass passes a value in which no others are nested more deeply than depth.
func (s *Scanner) pass(depth int) {
	s.space()
	switch {
	case s.at == len(s.data) || depth == 0:
		s.Lose()
	case s.data[s.at] == '{':
		for range s.Members() {
			s.pass(depth - 1)
		}
	case s.data[s.at] == '[':
		for range s.Elements() {
			s.pass(depth - 1)
		}
	case s.data[s.at] == '"':
		s.word()
		s.done()
	case !json.Valid(s.literal()):
		s.Lose()
	default:
		s.done()
	}
}

// begin passes the brace or bracket that an object or array begins with.
func (s *Scanner) begin(opening byte) {
	if !s.take(opening) {
		s.Lose()
	}
	s.before = opening
}

// more reports whether another member or element comes before the brace or bracket at the end, or else passes that.
func (s *Scanner) more(closing byte) bool {
	if s.before != ',' && s.take(closing) {
		s.done()
		return false
	}
	if s.before == 0 {
		s.Lose()
	}
	return !s.lost
}

// done ends a value, and passes the comma after it.
func (s *Scanner) done() {
	s.ended, s.before = s.at, 0
	if s.take(',') {
		s.before = ','
	}
}

// name returns the name of a member, and passes the colon after it.
func (s *Scanner) name() []byte {
	name := s.word()
	if !s.take(':') {
		s.Lose()
	}
	return name
}

// word returns what stands between quotes.
func (s *Scanner) word() []byte {
	if !s.take('"') {
		s.Lose()
	}
	for i, c := range s.data[s.at:] {
		switch {
		case c == '"':
			word := s.data[s.at : s.at+i]
			s.at += i + 1
			return word
		case c == '\\' || c < ' ' || c >= utf8.RuneSelf:
			return s.spelled()
		}
	}
	s.Lose()
	return nil
}

// spelled returns a word in which not every byte stands for itself.
func (s *Scanner) spelled() []byte {
	from, simple := s.at, true
	word := make([]byte, 0, 64)
	for ; s.at < len(s.data); s.at++ {
		c := s.data[s.at]
		if c == '"' {
			s.at++
			if !simple {
				return s.unquoted(s.data[from-1 : s.at])
			}
			return word
		}
		if c == '\\' && s.at+1 < len(s.data) {
			s.at++
			c = s.data[s.at]
			simple = simple && (c == '"' || c == '\\')
		}
		simple = simple && c >= ' ' && c < utf8.RuneSelf
		word = append(word, c)
	}
	s.Lose()
	return nil
}

func (s *Scanner) unquoted(quoted []byte) []byte {
	var word string
	if json.Unmarshal(quoted, &word) != nil {
		s.Lose()
	}
	return []byte(word)
}

// literal returns a number, or the word that is a value.
func (s *Scanner) literal() []byte {
	s.space()
	rest := s.data[s.at:]
	if end := bytes.IndexAny(rest, ",]} \n"); end >= 0 {
		rest = rest[:end]
	}
	s.at += len(rest)
	return rest
}

// take passes a byte if it comes next.
func (s *Scanner) take(c byte) bool {
	s.space()
	if s.at == len(s.data) || s.data[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *Scanner) space() {
	for s.at < len(s.data) && (s.data[s.at] == ' ' || s.data[s.at] == '\n') {
		s.at++
	}
}
