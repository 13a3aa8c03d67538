package ledger

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"riveter/plan"
)

// encode writes d for people to read and compare: indented, and everything in order. The same memory gives the same bytes.
func (d *document) encode(out io.Writer) error {
	sum := sha256.New()
	w := &documentWriter{out: bufio.NewWriter(io.MultiWriter(out, sum))}
	w.enc = json.NewEncoder(&w.text)
	w.enc.SetEscapeHTML(false)
	if err := w.members("", d.members(w)); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil { // which also reports what went wrong with earlier writes
		return err
	}
	_, err := io.WriteString(out, trailer(hex.EncodeToString(sum.Sum(nil))))
	return err
}

// member is a member of an object, whose lines after the first begin with indent.
type member struct {
	name  string
	write func(indent string) error
}

func (d *document) members(w *documentWriter) []member {
	members := []member{
		{"version", func(indent string) error { return w.value(indent, documentVersion) }},
		{"lineage", func(indent string) error { return w.value(indent, d.lineage) }},
		{"serial", func(indent string) error { return w.value(indent, d.serial) }},
		{"digest_key", func(indent string) error { return w.value(indent, d.digestKey) }},
		{"last_journal", func(indent string) error { return w.value(indent, d.journal) }},
	}
	return append(members, member{"environments", func(indent string) error { return w.environments(indent, d.environments) }})
}

// documentWriter writes a document entry by entry, so that its text is never in memory as a whole.
type documentWriter struct {
	out  *bufio.Writer
	text bytes.Buffer // what enc writes
	enc  *json.Encoder
}

func (w *documentWriter) environments(indent string, environments map[string]*memory) error {
	var members []member
	for _, id := range slices.Sorted(maps.Keys(environments)) {
		if m := environments[id]; !m.isEmpty() {
			members = append(members, member{id, func(indent string) error { return w.memory(indent, m) }})
		}
	}
	return w.object(indent, members)
}

func (w *documentWriter) memory(indent string, m *memory) error {
	actors := slices.SortedFunc(maps.Keys(m.actors), plan.Identity.Compare)
	pools := slices.Sorted(maps.Keys(m.pools))
	members := []member{
		{"actors", func(indent string) error {
			return w.array(indent, len(actors), func(i int) any { return newEntryJSON(m.actors[actors[i]]) })
		}},
		{"pools", func(indent string) error {
			return w.array(indent, len(pools), func(i int) any { return newPoolJSON(m.pools[pools[i]]) })
		}},
	}
	if intents := slices.SortedFunc(maps.Keys(m.intents), plan.Identity.Compare); len(intents) > 0 {
		members = append(members, member{"intents", func(indent string) error {
			return w.array(indent, len(intents), func(i int) any { return newIntentJSON(m.intents[intents[i]]) })
		}})
	}
	return w.object(indent, members)
}

// object writes an object, whose lines after the first begin with indent.
func (w *documentWriter) object(indent string, members []member) error {
	if err := w.members(indent, members); err != nil {
		return err
	}
	if len(members) > 0 {
		_, _ = w.out.WriteString("\n" + indent)
	}
	return w.out.WriteByte('}')
}

// members writes an object without its end.
func (w *documentWriter) members(indent string, members []member) error {
	inner := indent + "  "
	_ = w.out.WriteByte('{')
	for i, m := range members {
		w.separate(i, inner)
		if err := w.value(inner, m.name); err != nil {
			return err
		}
		_, _ = w.out.WriteString(": ")
		if err := m.write(inner); err != nil {
			return err
		}
	}
	return nil
}

// array writes an array of n elements.
func (w *documentWriter) array(indent string, n int, element func(i int) any) error {
	inner := indent + "  "
	_ = w.out.WriteByte('[')
	for i := range n {
		w.separate(i, inner)
		if err := w.value(inner, element(i)); err != nil {
			return err
		}
	}
	if n > 0 {
		_, _ = w.out.WriteString("\n" + indent)
	}
	return w.out.WriteByte(']')
}

// separate begins the line of the i-th member or element.
func (w *documentWriter) separate(i int, indent string) {
	if i > 0 {
		_ = w.out.WriteByte(',')
	}
	_, _ = w.out.WriteString("\n" + indent)
}

// value writes v, whose lines after the first begin with indent.
func (w *documentWriter) value(indent string, v any) error {
	w.text.Reset()
	w.enc.SetIndent(indent, "  ")
	if err := w.enc.Encode(v); err != nil {
		return err
	}
	_, err := w.out.Write(bytes.TrimSuffix(w.text.Bytes(), []byte("\n")))
	return err
}

// encodeLine writes v as JSON on one line, without the end of the line.
func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
