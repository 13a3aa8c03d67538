package redact

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// span is a part of a text.
type span struct{ start, end int }

// find returns what is to be hidden of a text, in order: all that a secret covers, but for secrets that are within what is public.
// Where cut is set, the beginning of a secret is one where the rest was left out.
func (s *Set) find(text string, cut bool, hidden []*words) []span {
	f := finder{set: s, hidden: hidden, cut: cut}
	f.look(text, nil)
	f.decode(text)
	if len(f.secrets) == 0 {
		return nil
	}
	return f.unpublished()
}

// finder collects where in a text something is that is looked for.
type finder struct {
	set             *Set
	hidden          []*words
	cut             bool
	secrets, public []span
}

// decode looks through what a text is without its percent-encoding, as often as anybody encodes. A plus may be a space then, or itself.
func (f *finder) decode(text string) {
	const depth = 3
	var path []decoding
	for range depth {
		decoded, escapes := percentDecoded(text)
		if len(escapes) == 0 {
			return
		}
		path = append(path, escapes)
		f.look(decoded, path)
		if strings.Contains(text, "+") {
			spaced, _ := percentDecoded(strings.ReplaceAll(text, "+", " "))
			f.look(spaced, path)
		}
		text = decoded
	}
}

// look looks through a text, which the decodings made of the one that is asked for.
func (f *finder) look(text string, path []decoding) {
	source := func(i int) int {
		for _, d := range slices.Backward(path) {
			i = d.source(i)
		}
		return i
	}
	readers := make([]reader, len(f.hidden))
	for i, t := range f.hidden {
		readers[i].of = t.spellings
	}
	shown := reader{of: f.set.shown}
	found := 0           // the end of what was found
	cuts := cuts{-1, -1} // and of what is left before the next cuts
	for i := 0; i+shortest <= len(text); i++ {
		if !f.set.starts[text[i]] {
			continue
		}
		if strings.HasPrefix(text[i:], mask) { // also where that word is a secret
			i += len(mask) - 1
			continue
		}
		if f.cut && min(cuts[0], cuts[1]) <= i {
			cuts.pass(text, i)
		}
		end := 0
		for r, t := range f.hidden {
			end = max(end, readers[r].endAt(text, i, &cuts), i+t.numberAt(text, i))
		}
		if end > max(i, found) {
			f.secrets = append(f.secrets, span{source(i), source(end)})
			found = end
		}
		if end := shown.endAt(text, i, &cuts); end > i {
			f.public = append(f.public, span{source(i), source(end)})
		}
	}
}

// cutMark is what stands for the rest of a text that was cut, and what its quotation mark may be, which is in front of it.
type cutMark struct{ text, quotes string }

// cutMarks are those of a cut: ours, which whoever cuts a text that somebody else has said leaves, and JavaScript's.
var cutMarks = [...]cutMark{{"…", `"`}, {"...", `"'`}}

// cuts are the ends of what is left before the next cuts, by their marks.
type cuts [len(cutMarks)]int

// pass looks for the next ones of those that are not behind i.
func (c *cuts) pass(text string, i int) {
	for m, end := range c {
		if end <= i {
			c[m] = nextCut(text, i, cutMarks[m])
		}
	}
}

// nextCut is the end of what is left of a text that was cut, the next one that ends behind i: without what may be a quotation mark in
// front of the mark, or half of an escape. Where there is none, it is far away.
func nextCut(text string, i int, mark cutMark) int {
	for end := i; ; {
		at := strings.Index(text[end:], mark.text)
		if at < 0 {
			return math.MaxInt
		}
		left := text[i : end+at]
		if last := len(left) - 1; last >= 0 && strings.IndexByte(mark.quotes, left[last]) >= 0 {
			left = left[:last]
		}
		left = strings.TrimSuffix(left, `\`)
		if escape := strings.LastIndexByte(left, '%'); escape >= 0 && escape+len("%XX") > len(left) {
			left = left[:escape]
		}
		if left != "" {
			return i + len(left)
		}
		end += at + len(mark.text)
	}
}

// reader compares a text with spellings.
type reader struct {
	of spellingsByBeginning

	last       string // that was found
	at, period int    // where, and how far from where it was found before, in which case it repeats itself
}

// endAt is the end of the longest spelling that begins at i, where at least as many bytes are left as the shortest secret has, or a
// cut, if one goes on until there. Without any, it is i.
func (r *reader) endAt(text string, i int, cuts *cuts) int {
	end := i
	for _, spelling := range r.of[beginning([]byte(text[i:i+shortest]))] {
		if r.isAt(text, i, spelling) {
			return max(end, i+len(spelling))
		}
		for _, cut := range cuts {
			if length := cut - i; length >= shortest && length < len(spelling) && spelling[:length] == text[i:cut] {
				for end = max(end, cut); end < len(text) && end-i < len(spelling) && text[end] == spelling[end-i]; {
					end++
				}
			}
		}
	}
	return end
}

// isAt reports whether a spelling is at i. Of one that overlaps itself, only what is new is compared, so that it takes no longer to find
// where it is many times.
func (r *reader) isAt(text string, i int, spelling string) bool {
	again, known := spelling == r.last && i < r.at+len(spelling), 0
	if again && i-r.at == r.period {
		known = len(spelling) - r.period
	}
	if !strings.HasPrefix(text[i+known:], spelling[known:]) {
		return false
	}
	r.period = 0
	if again {
		r.period = i - r.at
	}
	r.last, r.at = spelling, i
	return true
}

// unpublished returns the secrets without those that are within something public, each with those that it overlaps. Something public into
// which a secret reaches is none.
func (f *finder) unpublished() []span {
	secrets := byStart(f.secrets)
	public := byStart(slices.DeleteFunc(f.public, func(p span) bool {
		return secrets.endBefore(p.start) > p.start || secrets.endBefore(p.end) > p.end
	}))
	var all []span
	for _, s := range secrets.spans {
		switch last := len(all) - 1; {
		case public.endBefore(s.start+1) >= s.end:
		case last >= 0 && s.start < all[last].end:
			all[last].end = max(all[last].end, s.end)
		default:
			all = append(all, s)
		}
	}
	return all
}

// ordered are spans by where they start, each with the end of all until there.
type ordered struct {
	spans []span
	ends  []int
}

func byStart(spans []span) ordered {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	o := ordered{spans, make([]int, len(spans))}
	for i, s := range spans {
		o.ends[i] = s.end
		if i > 0 {
			o.ends[i] = max(s.end, o.ends[i-1])
		}
	}
	return o
}

// endBefore is the last end of those that start before i.
func (o ordered) endBefore(i int) int {
	n, _ := slices.BinarySearchFunc(o.spans, i, func(s span, i int) int { return cmp.Compare(s.start, i) })
	if n == 0 {
		return 0
	}
	return o.ends[n-1]
}
