package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"riveter/plan/address"
)

// encode writes d for people to read and compare: indented, and everything in order. The same memory gives the same bytes.
func (d *document) encode(out io.Writer) error {
	w := &documentWriter{out: bufio.NewWriter(out)}
	w.enc = json.NewEncoder(&w.text)
	w.enc.SetEscapeHTML(false)
	members := []string{"version", "lineage", "serial", "digest_key", "last_journal", "environments"}
	err := w.object("", members, func(i int, indent string) error {
		switch members[i] {
		case "version":
			return w.value(indent, documentVersion)
		case "lineage":
			return w.value(indent, d.lineage)
		case "serial":
			return w.value(indent, d.serial)
		case "digest_key":
			return w.value(indent, d.digestKey)
		case "last_journal":
			return w.value(indent, d.journal)
		default:
			return w.environments(indent, d.environments)
		}
	})
	if err != nil {
		return err
	}
	_ = w.out.WriteByte('\n')
	return w.out.Flush() // which also reports what went wrong with earlier writes
}

// documentWriter writes a document entry by entry, so that its text is never in memory as a whole.
type documentWriter struct {
	out  *bufio.Writer
	text bytes.Buffer // what enc writes
	enc  *json.Encoder
}

func (w *documentWriter) environments(indent string, environments map[string]memory) error {
	ids := slices.Sorted(maps.Keys(environments))
	ids = slices.DeleteFunc(ids, func(id string) bool { return len(environments[id]) == 0 })
	return w.object(indent, ids, func(i int, indent string) error {
		return w.entries(indent, environments[ids[i]])
	})
}

func (w *documentWriter) entries(indent string, m memory) error {
	addresses := slices.SortedFunc(maps.Keys(m), address.Address.Compare)
	names := make([]string, len(addresses))
	for i, address := range addresses {
		names[i] = address.String()
	}
	return w.object(indent, names, func(i int, indent string) error {
		return w.value(indent, newEntryJSON(m[addresses[i]]))
	})
}

// object writes an object with these members; value writes the i-th member's, whose further lines begin with indent.
func (w *documentWriter) object(indent string, members []string, value func(i int, indent string) error) error {
	inner := indent + "  "
	separator := "{\n"
	for i, name := range members {
		_, _ = w.out.WriteString(separator + inner)
		if err := w.value(inner, name); err != nil {
			return err
		}
		_, _ = w.out.WriteString(": ")
		if err := value(i, inner); err != nil {
			return err
		}
		separator = ",\n"
	}
	if len(members) == 0 {
		_, _ = w.out.WriteString("{")
	} else {
		_, _ = w.out.WriteString("\n" + indent)
	}
	return w.out.WriteByte('}')
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
