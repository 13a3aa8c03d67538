package acceptance

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"pgregory.net/rapid"
)

// block declares one actor of a random configuration, or some that differ in their keys only. All of them are probes, which
// count their calls.
type block struct {
	Place  string // the module that it is in; empty for the root
	Label  string
	Repeat string   // "for_each" or "count"; empty for one actor
	IDs    []string // of its actors, which are the last parts of their keys
	After  string   // label of another block in the same place, of one actor, to be done before; empty for none
	Minted string   // label of a step of that block which mints; empty for none
	Made   making   // of its one actor, by a step of that block
	Maker  string   // label of that step
	Input  creation
	OnEdit string // on_input_change: ignore or replace
	Steps  []declaredStep
}

// making is how an actor comes to be that riveter does not create.
type making string

const (
	byRiveter making = ""
	mustExist making = "create = \"never\""
	keyGiven  making = "its key is what its maker gives" // and where it is gone though that is known, riveter creates it
)

// creation is the input of a probe.
type creation struct {
	None   bool   // no input at all
	Open   bool   // whether its guard is open at first
	Broken string // label of the step that fails at first; empty for none
}

// declaredStep is an ensure, or else an action with the policy.
type declaredStep struct {
	Label     string
	Ensure    bool
	Policy    string
	Guarded   bool   // made only on an actor whose guard is open
	OnUnknown string // fail, run, skip or guard
	OnFailure string // halt or continue
	Version   int    // what is sent, and wanted
	Refers    bool   // sends the id of the actor that comes before too, if there is one
	Mints     bool   // gives a secret, which is not kept
	Spawns    bool   // makes another probe, if there is one that is to be made by it
	SpawnID   string // of that
	Uses      bool   // sends the secret that the actor before has minted too, if it has
}

// declaration is one actor of a block. Its id is who it is; its address is what it is called today.
type declaration struct {
	*block
	ID, Address string
	AfterID     string // of the actor that comes before; empty for none
}

// declarations are the actors of all blocks, those that others come after first.
func declarations(blocks []*block) []*declaration {
	var all []*declaration
	one := map[string]string{} // ids by place and label
	for _, b := range blocks {
		for i, id := range b.IDs {
			all = append(all, &declaration{block: b, ID: id, Address: b.address() + b.instance(i), AfterID: one[b.Place+"."+b.After]})
		}
		if b.Repeat == "" {
			one[b.Place+"."+b.Label] = b.IDs[0]
		}
	}
	return all
}

func (b *block) address() string {
	if b.Place == "" {
		return "actor.probe." + b.Label
	}
	return "module." + b.Place + ".actor.probe." + b.Label
}

// instance is how an actor is told from others of its block.
func (b *block) instance(i int) string {
	switch b.Repeat {
	case "for_each":
		return `["` + instanceKeys[i] + `"]`
	case "count":
		return "[" + strconv.Itoa(i) + "]"
	default:
		return ""
	}
}

// Repetition is written in the block, and Key gives the last part of the actor's key.
func (b *block) Repetition() string {
	switch b.Repeat {
	case "for_each":
		var pairs bytes.Buffer
		for i, id := range b.IDs {
			fmt.Fprintf(&pairs, " %s = %q,", instanceKeys[i], id)
		}
		return "for_each = {" + pairs.String() + " }"
	case "count":
		return "count = " + strconv.Itoa(len(b.IDs))
	default:
		return ""
	}
}

// Key is an expression for the last part of the actor's key.
func (b *block) Key() string {
	switch b.Repeat {
	case "for_each":
		return "each.value"
	case "count":
		return strings.ReplaceAll(fmt.Sprintf("%q[count.index]", b.IDs), `" "`, `", "`)
	default:
		return strconv.Quote(b.IDs[0])
	}
}

func (d *declaration) address(s declaredStep) string { return d.Address + "." + s.relative() }

func (s declaredStep) relative() string {
	if s.Ensure {
		return "ensure." + s.Label
	}
	return "action." + s.Label
}

// configuration is written as a user would write it.
var configuration = template.Must(template.New("").Parse(`
{{- $run := .Run}}
{{- range .Modules}}
module "{{.}}" {
  source = "./{{.}}"
}
{{end}}
{{- range .Blocks}}{{$after := .After}}{{$minted := .Minted}}
actor "probe" "{{.Label}}" {
  {{.Repetition}}
  {{if .IsKeyGiven}}key = actor.probe.{{.After}}.step.{{.Maker}}.output.key{{else}}key = ["{{$run}}", {{.Key}}]{{end}}
  {{- if .MustExist}}
  create = "never"
  {{- end}}
  {{- if not .Input.None}}
  input = { open = {{.Input.Open}}, broken = ["{{.Input.Broken}}"]{{if .Input.Open}}, since = first_applied(){{end}} }
  {{- end}}
  lifecycle { on_input_change = "{{.OnEdit}}" }
  {{- with .After}}
  depends_on = [actor.probe.{{.}}]
  {{- end}}

  read "report" { action = "report" }
  {{- range .Steps}}
  {{if .Ensure}}
  ensure "{{.Label}}" {
    value      = try(read.report.facts.{{.Label}}, 0)
    want       = {{.Version}}
    call       = "establish"
    args       = ["{{.Label}}", {{.Version}}]
    on_failure = "{{.OnFailure}}"
  }
  {{- else}}
  action "{{.Label}}" {
    call       = "{{if .Mints}}mint{{else if .SpawnID}}spawn{{else}}call{{end}}"
    args       = ["{{.Label}}", {{with .SpawnID}}["{{$run}}", "{{.}}"], null, {{end}}{{.Version}}
      {{- if and .Refers $after}}, actor.probe.{{$after}}.id{{end}}
      {{- if and .Uses $minted}}, "key ${actor.probe.{{$after}}.step.{{$minted}}.output.secret}"{{end}}]
    sensitive  = {{.Mints}}
    run        = "{{.Policy}}"
    on_unknown = "{{.OnUnknown}}"
    on_failure = "{{.OnFailure}}"
    {{- if .Guarded}}
    only_if    = read.report.open
    {{- end}}
  }
  {{- end}}
  {{- end}}
}
{{end}}`))

// render writes the configuration: a file for each module that there is, by its path.
func render(t rapid.TB, run string, blocks []*block) map[string][]byte {
	t.Helper()
	in := map[string][]*block{"": nil}
	for _, b := range blocks {
		in[b.Place] = append(in[b.Place], b)
	}
	files := map[string][]byte{}
	for place, blocks := range in {
		var b bytes.Buffer
		data := map[string]any{"Run": run, "Blocks": blocks}
		if place == "" {
			data["Modules"] = slices.DeleteFunc(slices.Sorted(maps.Keys(in)), func(m string) bool { return m == "" })
		}
		if err := configuration.Execute(&b, data); err != nil {
			t.Fatal(err)
		}
		files[place] = b.Bytes()
	}
	return files
}

// renderRemoved writes the removed blocks of addresses, which say whether the actor is destroyed.
func renderRemoved(removed map[string]bool) []byte {
	var b bytes.Buffer
	for _, address := range slices.Sorted(maps.Keys(removed)) {
		fmt.Fprintf(&b, "removed {\n  from    = %s\n  destroy = %t\n}\n", address, removed[address])
	}
	return b.Bytes()
}

// The names that a random configuration chooses from.
var (
	actorIDs     = []string{"ann", "bob", "cyd", "dan"}
	places       = []string{"", "", "left", "right"}
	labels       = []string{"w", "x", "y", "z"}
	instanceKeys = []string{"k", "l", "m", "n"}
	stepLabels   = []string{"p", "q", "r", "s"}
)

func drawBlocks(t *rapid.T) []*block {
	var blocks []*block
	for rest := drawIDs(t); len(rest) > 0; {
		n := min(rapid.SampledFrom([]int{1, 1, 1, 1, 1, 1, 2, 3, 4}).Draw(t, "actors of a block"), len(rest))
		blocks = append(blocks, drawBlock(t, rest[:n]))
		rest = rest[n:]
	}
	nameBlocks(t, blocks)
	return blocks
}

// drawIDs draws which actors are declared, and in which order.
func drawIDs(t *rapid.T) []string {
	n := rapid.SampledFrom([]int{4, 4, 4, 3, 2, 1}).Draw(t, "actors")
	return rapid.Permutation(actorIDs).Draw(t, "which")[:n]
}

func drawBlock(t *rapid.T, ids []string) *block {
	steps := rapid.SliceOfNDistinct(rapid.SampledFrom(stepLabels), 1, len(stepLabels), rapid.ID[string]).Draw(t, "steps")
	b := &block{
		IDs: ids,
		Input: creation{
			Open:   rapid.Bool().Draw(t, "is open"),
			Broken: rapid.SampledFrom(append([]string{"", ""}, steps...)).Draw(t, "is broken at"),
		},
		OnEdit: rapid.SampledFrom([]string{"ignore", "replace"}).Draw(t, "another input means"),
	}
	for _, step := range steps {
		b.Steps = append(b.Steps, drawStep(t, step))
	}
	return b
}

func drawStep(t *rapid.T, label string) declaredStep {
	s := declaredStep{
		Label:     label,
		Ensure:    rapid.IntRange(0, 3).Draw(t, label+" is an ensure at 0") == 0,
		Policy:    rapid.SampledFrom([]string{"once", "once", "on_change", "on_change", "always"}).Draw(t, label+" runs"),
		Guarded:   rapid.Bool().Draw(t, label+" is guarded"),
		OnUnknown: rapid.SampledFrom([]string{"fail", "run", "skip"}).Draw(t, label+" when unknown"),
		OnFailure: rapid.SampledFrom([]string{"halt", "continue"}).Draw(t, label+" on failure"),
		Version:   drawVersion(t),
		Refers:    rapid.Bool().Draw(t, label+" refers"),
	}
	switch {
	case !s.Ensure && rapid.IntRange(0, 2).Draw(t, label+" mints at 0") == 0:
		s.Mints, s.Guarded, s.OnUnknown, s.OnFailure = true, false, "run", "halt"
		if s.Policy == "always" { // which would have others run always too
			s.Policy = "once"
		}
	case !s.Ensure && rapid.Bool().Draw(t, label+" spawns"):
		s.Spawns, s.Guarded, s.OnUnknown, s.OnFailure, s.Policy = true, false, "run", "halt", "on_change"
	case !s.Ensure && s.Policy != "always":
		s.Uses = rapid.Bool().Draw(t, label+" uses a secret")
	}
	if s.Guarded && rapid.Bool().Draw(t, label+" is decided by its guard") {
		s.OnUnknown = "guard"
	}
	return s
}

// IsKeyGiven and MustExist tell the template how the actor comes to be.
func (b *block) IsKeyGiven() bool { return b.Made == keyGiven }
func (b *block) MustExist() bool  { return b.Made == mustExist }

// uses reports whether the step sends a secret, as one of the block.
func (s declaredStep) uses(b *block) bool { return s.Uses && b.Minted != "" }

// mint returns the step that gives the secret of the block.
func (b *block) mint() *declaredStep {
	for i, s := range b.Steps {
		if s.Mints {
			return &b.Steps[i]
		}
	}
	return nil
}

// step returns a step of the block by its label.
func (b *block) step(label string) *declaredStep {
	i := slices.IndexFunc(b.Steps, func(s declaredStep) bool { return s.Label == label })
	return &b.Steps[i]
}

// drawMaking draws whether the actor of a block is made by a step of the one before, which makes no other one. What is only
// decided when its turn comes must not be in doubt then, and neither gives nor needs secrets.
func drawMaking(t *rapid.T, b, before *block) {
	if b.Repeat != "" || before == nil || before.Made != byRiveter || rapid.IntRange(0, 3).Draw(t, b.address()+" is not made by that at 0") == 0 {
		return
	}
	i := slices.IndexFunc(before.Steps, func(s declaredStep) bool { return s.Spawns && s.SpawnID == "" })
	if i < 0 {
		return
	}
	maker := &before.Steps[i]
	maker.SpawnID, b.Maker = b.IDs[0], maker.Label
	b.Made = rapid.SampledFrom([]making{mustExist, keyGiven}).Draw(t, b.address()+" is made so that")
	b.Input, b.OnEdit = creation{None: true}, "ignore"
	for i := range b.Steps {
		s := &b.Steps[i]
		s.Mints, s.Uses = false, false
		if s.OnUnknown == "fail" {
			s.OnUnknown = "run"
		}
	}
}

// nameBlocks draws what the blocks are called: where they stand, their labels, how they are repeated, and which of the others
// they come after. None of it says which actors they are of.
func nameBlocks(t *rapid.T, blocks []*block) {
	for _, b := range blocks {
		for i := range b.Steps {
			b.Steps[i].SpawnID = ""
		}
	}
	taken := map[string]bool{}
	var single []*block // of one actor, so that others may come after it
	for _, b := range blocks {
		before := rapid.SampledFrom(comingBefore(single)).Draw(t, "comes after")
		for nameBlock(t, b, before); taken[b.address()]; {
			nameBlock(t, b, before)
		}
		taken[b.address()] = true
		b.Repeat = rapid.SampledFrom(repetitions(len(b.IDs))).Draw(t, b.address()+" is repeated by")
		b.comeAfter(before)
		drawMaking(t, b, before)
		if b.Repeat == "" {
			single = append(single, b)
		}
	}
}

// nameBlock draws what a block is called. What it comes after is in the same place.
func nameBlock(t *rapid.T, b, before *block) {
	b.Label = rapid.SampledFrom(labels).Draw(t, "label")
	if before != nil {
		b.Place = before.Place
		return
	}
	b.Place = rapid.SampledFrom(places).Draw(t, "place")
}

func (b *block) comeAfter(before *block) {
	b.After, b.Minted, b.Made, b.Maker = "", "", byRiveter, ""
	if before == nil {
		return
	}
	b.After = before.Label
	if mint := before.mint(); mint != nil {
		b.Minted = mint.Label
	}
}

// repetitions has how a block of some actors may be repeated; mostly not at all where there is one.
func repetitions(actors int) []string {
	if actors > 1 {
		return []string{"for_each", "count"}
	}
	return []string{"", "", "", "", "for_each", "count"}
}

// comingBefore has what a block may come after: nothing, or one of these, and those that mint or spawn more often.
func comingBefore(blocks []*block) []*block {
	all := append(slices.Clip(blocks), nil)
	for _, b := range blocks {
		if slices.ContainsFunc(b.Steps, func(s declaredStep) bool { return s.Mints || s.Spawns }) {
			all = append(all, b, b)
		}
	}
	return all
}

// revise draws the configuration of the next round: quite another one, or the same with other arguments, other names, or
// other actors under the names.
func revise(t *rapid.T, blocks []*block) []*block {
	if blocks == nil || rapid.IntRange(0, 3).Draw(t, "begins anew at 0") == 0 {
		return drawBlocks(t)
	}
	revised := make([]*block, len(blocks))
	for i, b := range blocks {
		copied := *b
		copied.IDs, copied.Steps = slices.Clone(b.IDs), slices.Clone(b.Steps)
		for j := range copied.Steps {
			copied.Steps[j].Version = drawVersion(t)
		}
		revised[i] = &copied
	}
	if rapid.Bool().Draw(t, "swaps actors") {
		swap(t, revised)
	}
	if rapid.Bool().Draw(t, "renames blocks") {
		nameBlocks(t, revised)
	}
	return revised
}

// swap declares other actors under the same names.
func swap(t *rapid.T, blocks []*block) {
	ids := rapid.Permutation(actorIDs).Draw(t, "the other actors")
	for _, b := range blocks {
		n := rapid.IntRange(1, len(b.IDs)).Draw(t, "how many of them")
		if b.Repeat != "" {
			b.IDs = b.IDs[:n]
		}
		ids = ids[copy(b.IDs, ids):]
	}
	for _, b := range blocks {
		if b.Made == byRiveter {
			continue
		}
		before := slices.IndexFunc(blocks, func(other *block) bool { return other.Place == b.Place && other.Label == b.After })
		blocks[before].step(b.Maker).SpawnID = b.IDs[0]
	}
}

func drawVersion(t *rapid.T) int { return rapid.IntRange(1, 2).Draw(t, "version") }
