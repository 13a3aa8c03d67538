package view

import (
	"fmt"
	"io"
	"strings"

	"riveter/plan/address"
)

// Kind is diagnostics of one kind, which are told together: warnings that say the same, whatever they are about, and errors that
// have their place in common too, as those of all instances of a block have.
type Kind struct {
	first  *Diagnostic
	more   int
	places []string // of the others, each once
	counts map[string]int
}

// Kinds groups diagnostics, in the order in which the kinds begin.
func Kinds(diags []*Diagnostic) []*Kind {
	var all []*Kind
	byKey := map[string]*Kind{}
	for _, d := range diags {
		key := d.Severity + "\n" + d.Summary + "\n" + address.Impersonal(d.Detail)
		if d.Severity != "warning" {
			key += "\n" + d.place()
		}
		k := byKey[key]
		if k == nil || d.Severity != "warning" && d.Range == nil {
			k = &Kind{first: d, counts: map[string]int{}}
			byKey[key], all = k, append(all, k)
			continue
		}
		k.add(d.place())
	}
	return all
}

// Draw draws the first diagnostic whole, and counts the others with their places.
func (k *Kind) Draw(w io.Writer, o Options) error { return drawDiagnostic(w, k.first, k.others(), o) }

// DrawBody draws the same without a box, for where the title stands already. It begins with an empty line.
func (k *Kind) DrawBody(w io.Writer, o Options) error {
	b := &box{canvas: newCanvas(w, o)}
	b.body(k.first, k.others())
	return b.flush()
}

func (k *Kind) add(place string) {
	k.more++
	if k.counts[place] == 0 {
		k.places = append(k.places, place)
	}
	k.counts[place]++
}

// place says where a diagnostic is, as the text of its box does.
func (d *Diagnostic) place() string {
	if d.Range == nil {
		return ""
	}
	return fmt.Sprintf("%s line %d", d.Range.Filename, d.Range.Start.Line)
}

// others counts the diagnostics that are not drawn, with their places.
func (k *Kind) others() string {
	const most = 5
	if k.more == 0 {
		return ""
	}
	text := fmt.Sprintf("And %d more of this kind", k.more)
	var places []string
	for _, place := range k.places[:min(len(k.places), most)] {
		if place == "" {
			continue
		}
		if n := k.counts[place]; n > 1 {
			place += fmt.Sprintf(" (%d)", n)
		}
		places = append(places, place)
	}
	if rest := len(k.places) - most; rest > 0 {
		places = append(places, Count(rest, "more place"))
	}
	if len(places) == 0 {
		return text + "."
	}
	return text + ": on " + strings.Join(places, ", ") + "."
}

// Title returns the severity and the summary, in one line of plain text.
func (k *Kind) Title() string {
	title := "Error: "
	if k.first.Severity == "warning" {
		title = "Warning: "
	}
	return title + Clean(k.first.Summary)
}
