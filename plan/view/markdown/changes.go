package markdown

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// level is how much is said of changes. Each says less than the one before.
type level int

const (
	inFull      level = iota // each change folded
	withoutArgs              // each on a line
	byInstances              // those of one block with the same action on a line
	byBlock                  // a block on a line
	levels      int   = iota
)

// changes is what there is to say of the changes, as much of it as fits.
func (p *page) changes(room int) string {
	major, minor := p.ranked()
	parts := [2]*part{{page: p, groups: major}, {page: p, groups: minor}}
	if unchanged := p.unchanged(major, minor); len(parts[0].at(inFull))+len(parts[1].at(inFull))+len(unchanged) <= room {
		return parts[0].at(inFull) + parts[1].at(inFull) + unchanged
	}
	for _, major := range []level{inFull, withoutArgs, byInstances, byBlock} {
		for _, minor := range []level{inFull, withoutArgs, byInstances, byBlock} {
			if minor >= major && len(parts[0].at(major))+len(parts[1].at(minor)) <= room {
				return parts[0].at(major) + parts[1].at(minor)
			}
		}
		if text := parts[0].at(major); text != "" && len(text) <= room/2 {
			return text + parts[1].cut(room-len(text))
		}
	}
	text := parts[0].cut(room)
	return text + parts[1].cut(room-len(text))
}

// ranked divides what there is to say into what is lost or is to be decided, and the rest, the most important first.
func (p *page) ranked() (major, minor []view.Instances) {
	for _, g := range view.Group(p.document.Changes.Told) {
		if rank(g) <= decide {
			major = append(major, g)
		} else {
			minor = append(minor, g)
		}
	}
	byRank := func(a, b view.Instances) int { return cmp.Compare(rank(a), rank(b)) }
	slices.SortStableFunc(major, byRank)
	slices.SortStableFunc(minor, byRank)
	return major, minor
}

// The ranks of changes.
const (
	destroy = iota
	replace
	decide
	update
	create
	other
)

func rank(g view.Instances) int {
	switch {
	case g[0].Action == plan.ActionDestroy:
		return destroy
	case g[0].Action == plan.ActionReplace:
		return replace
	case slices.ContainsFunc(g[0].Steps, func(s view.Step) bool { return s.Decision == plan.DecisionUnknown }):
		return decide
	case g[0].Action == plan.ActionUpdate:
		return update
	case g[0].Action == plan.ActionCreate:
		return create
	default:
		return other
	}
}

// unchanged counts what there is nothing to say of.
func (p *page) unchanged(told ...[]view.Instances) string {
	n := p.document.Changes.Len()
	for _, groups := range told {
		for _, g := range groups {
			n -= len(g)
		}
	}
	if n == 0 {
		return ""
	}
	return "\n" + view.Count(n, "actor") + " unchanged\n"
}

// part is some of the changes, with what was written of them already.
type part struct {
	page    *page
	groups  []view.Instances
	written [levels]*string
}

// at returns what is said of the part at a level.
func (t *part) at(l level) string {
	if t.written[l] == nil {
		text := t.write(l)
		t.written[l] = &text
	}
	return *t.written[l]
}

func (t *part) write(l level) string {
	if len(t.groups) == 0 {
		return ""
	}
	if l > inFull {
		return fence(strings.Join(t.lines(l), ""), "diff")
	}
	var b strings.Builder
	for _, g := range t.groups {
		b.WriteString(fold(t.page.line(g), t.page.draw(func(w io.Writer) error { return g.Draw(w, view.Options{Width: width, Diff: true}) }), "diff"))
	}
	return b.String()
}

// lines are the lines of a level, the most important first.
func (t *part) lines(l level) []string {
	groups := t.groups
	switch l {
	case byBlock:
		return blockLines(groups)
	case byInstances:
		groups = joined(groups)
	default:
	}
	lines := make([]string, len(groups))
	for i, g := range groups {
		lines[i] = t.page.line(g) + "\n"
	}
	return lines
}

// cut returns as many lines of blocks as fit, and how many more there are.
func (t *part) cut(room int) string {
	if len(t.groups) == 0 {
		return ""
	}
	lines := t.lines(byBlock)
	all := strings.Join(lines, "")
	room -= len(fence(all, "diff")) - len(all) + len(fmt.Sprintf(moreBlocks, len(lines)))
	n, size := 0, 0
	for n < len(lines) && size+len(lines[n]) <= room {
		size += len(lines[n])
		n++
	}
	if n == len(lines) {
		return fence(all, "diff")
	}
	return fence(all[:size]+fmt.Sprintf(moreBlocks, len(lines)-n), "diff")
}

const moreBlocks = "… and %d more blocks\n"

// line is the symbol and the title of changes.
func (p *page) line(g view.Instances) string {
	return strings.TrimRight(p.draw(func(w io.Writer) error { return g.DrawLine(w, view.Options{Width: width, Diff: true}) }), "\n")
}

// block is what changes have in common that are told together.
type block struct {
	address string
	action  plan.ChangeAction
}

func blockOf(c *view.Change) string {
	a, err := address.Parse(c.Address)
	if err != nil {
		return c.Address
	}
	return a.Block().String()
}

// joined are the instances of one block with the same action, also where they differ in more than values.
func joined(groups []view.Instances) (all []view.Instances) {
	places := map[block]int{}
	for _, g := range groups {
		b := block{blockOf(g[0]), g[0].Action}
		place, begun := places[b]
		if !begun {
			place = len(all)
			places[b], all = place, append(all, nil)
		}
		all[place] = append(all[place], g...)
	}
	return all
}

// blockLines count what happens to the instances of each block.
func blockLines(groups []view.Instances) []string {
	var blocks []string
	counts, signs := map[string]string{}, map[string]string{}
	for _, g := range joined(groups) {
		name := blockOf(g[0])
		if counts[name] == "" {
			blocks, signs[name] = append(blocks, name), sign(g[0].Action)
		} else {
			counts[name] += ", "
		}
		counts[name] += fmt.Sprintf("%d to %s", len(g), verb(g[0].Action))
	}
	for i, name := range blocks {
		blocks[i] = signs[name] + " " + view.Clean(name) + ": " + counts[name] + "\n"
	}
	return blocks
}

// verb says what an action does, as closing lines do.
func verb(a plan.ChangeAction) string {
	switch a {
	case plan.ActionUpdate:
		return "change"
	case plan.ActionRead:
		return "look for"
	case plan.ActionNoOp:
		return "look at"
	default:
		return string(a)
	}
}

// sign is what gives a line of a difference its colour.
func sign(a plan.ChangeAction) string {
	switch a {
	case plan.ActionDestroy, plan.ActionReplace:
		return "-"
	case plan.ActionUpdate:
		return "!"
	case plan.ActionCreate:
		return "+"
	default:
		return " "
	}
}
