package export

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
)

// block writes the declaration of a group.
func (w *writer) block(g *group) {
	first := g.actors[0]
	b := w.file(first.Name)
	label := w.labels.claim(g)
	fmt.Fprintf(b, "actor %s %s {\n", quote(first.Name), quote(label))
	switch {
	case !g.repeats():
		comment(b, first)
	case g.sharesInput():
		forEachOf(b, g, "toset([", "])", func(*Actor) string { return "," })
	default:
		forEachOf(b, g, "{", "}", func(a *Actor) string { return " = " + expression(a.Input) })
	}
	fmt.Fprintf(b, "key = %s\n", g.key())
	switch {
	case !g.sharesInput():
		b.WriteString("input = each.value\n")
	case first.hasInput():
		fmt.Fprintf(b, "input = %s\n", expression(first.Input))
	}
	setting(b, "pool", first.Pool)
	setting(b, "crash_policy", first.CrashPolicy)
	b.WriteString("}\n")
	for _, a := range g.actors {
		addr := address.Address{Kind: address.KindActor, Name: a.Name, Label: label}
		if g.repeats() {
			addr.Key = address.StringKey(g.instance(a))
		}
		w.result.Declared = append(w.result.Declared, Declared{addr, *a})
	}
}

// forEachOf writes a line for each instance, with what is known of it above.
func forEachOf(b *bytes.Buffer, g *group, begin, end string, rest func(*Actor) string) {
	fmt.Fprintf(b, "for_each = %s\n", begin)
	for _, a := range g.actors {
		comment(b, a)
		fmt.Fprintf(b, "%s%s\n", quote(g.instance(a)), rest(a))
	}
	b.WriteString(end + "\n")
}

func setting(b *bytes.Buffer, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s = %s\n", name, quote(value))
	}
}

// The size of a comment about one actor.
const (
	maxCommentLines = 20
	maxCommentWidth = 120
)

// comment writes what is known of an actor and cannot be declared. Values are written as in HCL, in which no character
// can end the line that it is in.
func comment(b *bytes.Buffer, a *Actor) {
	if a.InputFault != "" {
		remark(b, "input could not be read: "+quote(a.InputFault))
	}
	switch {
	case a.StateFault != "":
		remark(b, "state could not be read: "+quote(a.StateFault))
	case a.State != cty.NilVal:
		remark(b, string(hclwrite.Format([]byte("state = "+expression(a.State)))))
	}
}

func remark(b *bytes.Buffer, text string) {
	lines := strings.Split(text, "\n")
	for _, line := range lines[:min(len(lines), maxCommentLines)] {
		fmt.Fprintf(b, "# %s\n", shortened(line))
	}
	if more := len(lines) - maxCommentLines; more > 0 {
		fmt.Fprintf(b, "# ... and %d more lines\n", more)
	}
}

func shortened(line string) string {
	if runes := []rune(line); len(runes) > maxCommentWidth {
		return string(runes[:maxCommentWidth]) + "…"
	}
	return line
}
