package redact

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// number is how programs write one.
var number = regexp.MustCompile(`^-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?`)

// numberIn returns the number that a text is, as JavaScript has it, without its sign: some write that apart.
func numberIn(text string) (magnitude float64, ok bool) {
	n, err := strconv.ParseFloat(text, 64)
	return math.Abs(n), err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// numberAt is the length of the number that begins at i, where that is one of them, however many zeros and whichever exponent it
// is written with. There are more ways to write one than could be listed.
func (t *words) numberAt(text string, i int) int {
	isOneOf := func(characters string, i int) bool { return strings.IndexByte(characters, text[i]) >= 0 }
	if len(t.numbers) == 0 || !isOneOf("0123456789.-", i) || i > 0 && isOneOf("0123456789.", i-1) {
		return 0
	}
	literal := number.FindString(text[i:])
	if n, ok := numberIn(literal); !ok || !t.numbers[n] || len(literal) < shortest {
		return 0
	}
	return len(literal)
}

// javaScriptSpellings are what JavaScript's String and toExponential make of a number, which may then be encoded.
func javaScriptSpellings(secret string) []string {
	n, ok := numberIn(secret)
	if !ok {
		return nil
	}
	exponent := strings.ReplaceAll(strings.ReplaceAll(strconv.FormatFloat(n, 'e', -1, 64), "e+0", "e+"), "e-0", "e-")
	return []string{strconv.FormatFloat(n, 'f', -1, 64), exponent}
}

// numberSpellings are the ways to write a number that do not look like one.
func numberSpellings(secret string) []string {
	n, ok := numberIn(secret)
	if !ok {
		return nil
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(n, 'f', -1, 64), ".")
	all := grouped(whole, fraction)
	if integer, ok := new(big.Int).SetString(whole, 10); ok && fraction == "" {
		hexadecimal := integer.Text(16)
		all = append(all, "0x"+hexadecimal, "0x"+strings.ToUpper(hexadecimal), "0b"+integer.Text(2), "0o"+integer.Text(8))
	}
	return all
}

// grouped are the spellings for people: with something between the thousands, and a point or a comma before the fraction.
func grouped(whole, fraction string) []string {
	var all []string
	for _, between := range []string{"", ",", ".", "_", " ", "'", "’", "\u00a0", "\u202f"} {
		groups := whole
		for end := len(whole) - 3; end > 0; end -= 3 {
			groups = groups[:end] + between + groups[end:]
		}
		for _, point := range []string{".", ","} {
			if fraction == "" {
				all = append(all, groups)
			} else if point != between {
				all = append(all, groups+point+fraction)
			}
		}
	}
	return all
}
