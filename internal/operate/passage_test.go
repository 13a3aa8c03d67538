package operate_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// lateResult is a value that is known only when a step of the same run is done, and what a configuration makes of it on its way to an actor.
const (
	lateResult = `actor.values.from["a"].step.first.output`
	whoGave    = `actor "values" "from" {
  for_each = toset(["a"])
  key      = ["from"]
  action "first" { args = ["late"] }
}
`
	user = `actor "probe" "user" {
  REPEATED
  BODY
}
`
	teamOf = `module "team" {
  source = "./team"
  name   = ` + lateResult + `
}
`
)

// passage is a way of such a value to who uses it, in the configuration or in its module: the words BODY and REPEATED stand where the actor
// uses it that is in one of the two, as seen.
type passage struct {
	main, team string
	repeated   string
	seen       string
	dynamic    bool // seen is the element of dynamic blocks that stand for the nested blocks
}

var passages = map[string]passage{
	"by its name":                       {main: user, seen: lateResult},
	"through a local value":             {main: "locals {\n  it = [" + lateResult + "]\n}\n" + user, seen: "local.it[0]"},
	"as an element":                     {main: user, repeated: "for_each = { x = " + lateResult + " }", seen: "each.value"},
	"in an element":                     {main: user, repeated: "for_each = tomap({ x = { of = [" + lateResult + "] } })", seen: "each.value.of[0]"},
	"as an actor":                       {main: user, repeated: "for_each = actor.values.from", seen: "each.value.step.first.output"},
	"as an element of a local value":    {main: "locals {\n  all = { for k, a in actor.values.from : k => a.step.first.output }\n}\n" + user, repeated: "for_each = local.all", seen: "each.value"},
	"through a data block":              {main: "data \"values\" \"d\" {\n  key = actor.values.from[\"a\"].key\n  read \"first\" { args = [" + lateResult + "] }\n}\n" + user, seen: "data.values.d.read.first"},
	"through a data block of each":      {main: "data \"values\" \"d\" {\n  for_each = { x = " + lateResult + " }\n  key = actor.values.from[\"a\"].key\n  read \"first\" { args = [each.value] }\n}\n" + user, seen: `data.values.d["x"].read.first`},
	"as an argument":                    {main: teamOf, team: "variable \"name\" {}\n" + user, seen: "var.name"},
	"as an argument of a type":          {main: teamOf, team: "variable \"name\" {\n  type = string\n  nullable = false\n}\n" + user, seen: "var.name"},
	"as an argument that is checked":    {main: teamOf, team: "variable \"name\" {\n  validation {\n    condition     = length(var.name) < 60\n    error_message = \"long\"\n  }\n}\n" + user, seen: "var.name"},
	"through a local value of a module": {main: teamOf, team: "variable \"name\" {}\nlocals {\n  it = var.name\n}\n" + user, seen: "local.it"},
	"as an element in a module":         {main: teamOf, team: "variable \"name\" {}\n" + user, repeated: "for_each = { x = var.name }", seen: "each.value"},
	"as an element of a module": {
		main: "module \"team\" {\n  source   = \"./team\"\n  for_each = { x = " + lateResult + " }\n  name     = each.value\n}\n",
		team: "variable \"name\" {}\n" + user, seen: "var.name",
	},
	"through an output": {
		main: teamOf + user, team: "variable \"name\" {}\noutput \"it\" { value = { of = var.name } }\n", seen: "module.team.it.of",
	},
	"through the outputs of modules": {
		main:     "module \"team\" {\n  source   = \"./team\"\n  for_each = { x = " + lateResult + " }\n  name     = each.value\n}\n" + user,
		team:     "variable \"name\" {}\noutput \"it\" { value = var.name }\n",
		repeated: "for_each = module.team", seen: "each.value.it",
	},
	"as an element of dynamic blocks":      {main: user, seen: lateResult, dynamic: true},
	"as what dynamic blocks make of each":  {main: user, repeated: "for_each = { x = " + lateResult + " }", seen: "each.value", dynamic: true},
	"as what dynamic blocks make of a var": {main: teamOf, team: "variable \"name\" {}\n" + user, seen: "var.name", dynamic: true},
}

// use is what an actor does with the value LATE: by its attributes, or by nested blocks, each given by its header and its content.
type use struct {
	attributes string
	blocks     [][2]string
	lifecycle  [][2]string
	keys       string   // of the actors that there are then, where it is another one
	calls      []string // that there are then
	fails      string   // or why it is not made
}

var uses = map[string]use{
	"its key":                   {attributes: `key = ["user", LATE]`, keys: "user/late"},
	"its input":                 {attributes: `input = { open = LATE }`, blocks: [][2]string{{`expect "it"`, `condition = self.state.open == "late"`}}},
	"what it is replaced for":   {attributes: "lifecycle {\nreplace_triggered_by = [LATE]\n}"},
	"an argument":               {blocks: [][2]string{{`action "call"`, `args = [LATE]`}}, calls: []string{"user late"}},
	"a guard":                   {blocks: [][2]string{{`action "call"`, "args = [\"x\"]\nonly_if = LATE == \"late\""}}, calls: []string{"user x"}},
	"a guard that is false":     {blocks: [][2]string{{`action "call"`, "args = [\"x\"]\nunless = LATE == \"late\""}}},
	"a fact that is wanted":     {blocks: [][2]string{{`read "report"`, ``}, {`ensure "it"`, "value = read.report.facts\nwant = { it = LATE }\ncall = \"establish\"\nargs = [\"it\", LATE]"}}, calls: []string{"user it"}},
	"an expectation":            {blocks: [][2]string{{`expect "it"`, "condition = LATE == \"late\"\ntimeout = \"1s\""}}},
	"an expectation that fails": {blocks: [][2]string{{`expect "it"`, "condition = LATE == \"early\"\ntimeout = \"1ms\""}}, fails: "it did not hold"},
	"a step for each":           {blocks: [][2]string{{`action "each"`, "for_each = toset([LATE])\ncall = \"call\"\nargs = [each.key]"}}, calls: []string{"user late"}},
	"a precondition":            {blocks: [][2]string{{`action "call"`, `args = ["x"]`}}, lifecycle: [][2]string{{"precondition", `condition = LATE == "late"`}}, calls: []string{"user x"}},
	"a precondition that fails": {blocks: [][2]string{{`action "call"`, `args = ["x"]`}}, lifecycle: [][2]string{{"precondition", `condition = LATE == "early"`}}, keys: "-", fails: "no"},
	"a postcondition":           {lifecycle: [][2]string{{"postcondition", `condition = LATE == "late"`}}},
	"a postcondition that fails": {
		blocks:    [][2]string{{`action "call"`, `args = ["x"]`}},
		lifecycle: [][2]string{{"postcondition", `condition = LATE == "early"`}}, calls: []string{"user x"}, fails: "no",
	},
}

func (u use) isNested() bool { return u.attributes == "" }

// written is the body of the actor.
func (u use) written(p passage) string {
	var b strings.Builder
	if !strings.Contains(u.attributes, "key =") {
		b.WriteString("key = \"user\"\n")
	}
	b.WriteString(u.attributes + "\n")
	for _, block := range u.blocks {
		b.WriteString(p.block(block[0], block[1]))
	}
	if len(u.lifecycle) > 0 {
		b.WriteString("lifecycle {\n")
		for _, block := range u.lifecycle {
			b.WriteString(p.block(block[0], block[1]+"\nerror_message = \"no\""))
		}
		b.WriteString("}\n")
	}
	return strings.ReplaceAll(b.String(), "LATE", p.seen)
}

func (p passage) block(header, content string) string {
	kind, label, isLabelled := strings.Cut(header, " ")
	if !p.dynamic {
		return fmt.Sprintf("%s {\n%s\n}\n", header, content)
	}
	labels := ""
	if isLabelled {
		labels = "labels = [" + label + "]\n"
	}
	return fmt.Sprintf("dynamic %q {\nfor_each = { d = LATE }\n%scontent {\n%s\n}\n}\n", kind, labels, strings.ReplaceAll(content, "LATE", kind+".value"))
}

// TestWhatIsKnownAfterApplyReachesEveryUse has a value that an apply makes go every way to everything that may use it: it is there in the
// same apply, which then leaves nothing to do.
func TestWhatIsKnownAfterApplyReachesEveryUse(t *testing.T) {
	t.Parallel()
	for _, way := range slices.Sorted(maps.Keys(passages)) {
		for _, what := range slices.Sorted(maps.Keys(uses)) {
			p, u := passages[way], uses[what]
			if p.dynamic && !u.isNested() {
				continue
			}
			t.Run(what+" "+way, func(t *testing.T) {
				t.Parallel()
				fill := strings.NewReplacer("REPEATED", p.repeated, "BODY", u.written(p))
				w := newWorld(t, "")
				w.writeTeam(whoGave+fill.Replace(p.main), fill.Replace(p.team))
				u.hold(w)
			})
		}
	}
}

// hold applies, and checks that what is used is there.
func (u use) hold(w *world) {
	w.Helper()
	if u.fails == "" {
		w.applied()
		w.settled()
	} else {
		_, diags := w.apply()
		w.fails(diags, u.fails)
	}
	switch u.keys {
	case "-":
		w.equal(w.keys("probe"), []string(nil))
	case "":
		w.equal(w.keys("probe"), []string{"user"})
	default:
		w.equal(w.keys("probe"), []string{u.keys})
	}
	w.called(u.calls...)
}
