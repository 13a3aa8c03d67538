package operate_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

const pond = `runner_config "pond" {
  datacenter "default" {
    normal {}
  }
}
`

const prefixed = pond + `actor "probe" "p" {
  for_each = toset(["a", "b"])
  key      = each.key
  action "call" { args = [self.key[length(self.key) - 1]] }
}
data "counter" "theirs" {
  key      = "shared"
  external = true
}
data "counter" "own" {
  key      = ["counted"]
  optional = true
}
output "keys" { value = [actor.probe.p["a"].key, data.counter.theirs.key, data.counter.own.key] }
`

func keysOf(r *operatetest.Rivet) string {
	return strings.Join(slices.Sorted(maps.Keys(r.Actors("probe"))), " ")
}

// TestKeyPrefixesDoNotTouchEachOther applies, plans and destroys under several prefixes, and under none, with one ledger.
func TestKeyPrefixesDoNotTouchEachOther(t *testing.T) {
	t.Parallel()
	prefixes := [][]string{nil, {"t"}, {"t", "1"}, {"x/y"}}
	w := newWorld(t, prefixed)
	w.rivet.Create("counter", []string{"shared"}, nil)
	w.write(pond)
	w.applied()
	w.write(prefixed)
	for _, w.keyPrefix = range prefixes {
		if got := w.applied().Document.Summary; got.Create != 2 || got.Forget+got.Destroy+got.Adopt > 0 {
			t.Errorf("%q: %+v", w.keyPrefix, got)
		}
	}
	want := `a b t/1/a t/1/b t/a t/b x\/y/a x\/y/b`
	if got := keysOf(w.rivet); got != want {
		t.Errorf("there are %s", got)
	}
	for _, w.keyPrefix = range prefixes {
		p, diags := w.plan()
		w.fine(diags)
		if p.Plan.Summary().Changed() {
			t.Errorf("%q: %+v", w.keyPrefix, p.Plan.Summary())
		}
		keys := string(p.Document.Outputs["keys"].Value)
		if first := fmt.Sprintf("%q", append(slices.Clone(w.keyPrefix), "a")); !strings.HasPrefix(keys, "["+strings.ReplaceAll(first, " ", ",")) || !strings.Contains(keys, `["shared"]`) {
			t.Errorf("%q: the keys are %s", w.keyPrefix, keys)
		}
	}
	// Without the block, a prune takes its own.
	w.write(strings.NewReplacer(`["a", "b"]`, `["a"]`).Replace(prefixed))
	w.keyPrefix, w.plans.Orders.Prune = []string{"t"}, true
	w.applied()
	want = strings.Replace(want, " t/b", "", 1)
	if got := keysOf(w.rivet); got != want {
		t.Errorf("after the prune there are %s", got)
	}
	w.write(prefixed)
	w.plans = operate.PlanOptions{Mode: plan.ModeDestroy}
	for _, w.keyPrefix = range [][]string{{"t", "1"}, {"x/y"}, {"t"}} {
		w.applied()
	}
	if got := keysOf(w.rivet); got != "a b" {
		t.Errorf("after the destroys there are %s", got)
	}
	if pools, err := w.rivet.Server("default").Pools(t.Context()); err != nil || len(pools) != 1 {
		t.Errorf("the pool that others use is gone: %v %v", pools, err)
	}
	w.keyPrefix = nil
	w.applied()
	if pools, err := w.rivet.Server("default").Pools(t.Context()); keysOf(w.rivet) != "" || err != nil || len(pools) != 0 {
		t.Errorf("there are %s, and the pools %v %v", keysOf(w.rivet), pools, err)
	}
}

func TestARemovedKeyHasThePrefix(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"probe\" \"p\" {\n  key = \"a\"\n}\n")
	for _, w.keyPrefix = range [][]string{nil, {"t"}} {
		w.applied()
	}
	w.write("removed {\n  from    = \"probe\"\n  key     = [\"a\"]\n  destroy = true\n}\n")
	w.applied()
	if got := keysOf(w.rivet); got != "a" {
		t.Errorf("there are %s", got)
	}
}

// TestAKeyThatIsMadeOfAnotherOneHasThePrefixOnce makes keys of keys that have the prefix, and of texts that only look as if they had it.
func TestAKeyThatIsMadeOfAnotherOneHasThePrefixOnce(t *testing.T) {
	t.Parallel()
	const of = `actor "counter" "of" {
  for_each = toset(["c"])
  key      = ["c"]
  action "increment" {}
}
`
	const teller = `actor "values" "teller" {
  key   = "teller"
  input = ["t", "x"]
  action "first" { args = [["t", "x"]] }
}
`
	for name, test := range map[string]struct{ source, team, want string }{
		"by its name":           {source: `actor "probe" "p" { key = concat(actor.counter.of["c"].key, ["x"]) }`, want: "t/c/x"},
		"in one of its parts":   {source: `actor "probe" "p" { key = [join("-", actor.counter.of["c"].key)] }`, want: "t/c"},
		"a part of it":          {source: `actor "probe" "p" { key = ["x", actor.counter.of["c"].key[0]] }`, want: "t/x/c"},
		"its first part":        {source: `actor "probe" "p" { key = actor.counter.of["c"].key[0] }`, want: "t/c"},
		"a slice of it":         {source: `actor "probe" "p" { key = concat(slice(actor.counter.of["c"].key, 0, 1), ["x"]) }`, want: "t/c/x"},
		"turned round":          {source: `actor "probe" "p" { key = reverse(concat(actor.counter.of["c"].key, ["x"])) }`, want: "t/x/c"},
		"in a text":             {source: `actor "probe" "p" { key = split("/", "x/${join("/", actor.counter.of["c"].key)}") }`, want: "t/x/c"},
		"how long it is":        {source: `actor "probe" "p" { key = length(actor.counter.of["c"].key) }`, want: "t/1"},
		"part by part":          {source: "actor \"probe\" \"p\" {\n  for_each = { for name, of in actor.counter.of : name => of.key[0] }\n  key = [each.value, \"x\"]\n}", want: "t/c/x"},
		"for each of its parts": {source: "actor \"probe\" \"p\" {\n  for_each = toset(actor.counter.of[\"c\"].key)\n  key = each.key\n}", want: "t/c t/t"},
		"a part of a part":      {source: "locals {\n  all = { for name, of in actor.counter.of : name => of.key }\n  first = local.all[\"c\"][0]\n}\n" + `actor "probe" "p" { key = [local.first, "x"] }`, want: "t/c/x"},
		"of a list":             {source: "actor \"counter\" \"one\" {\n  count = 2\n  key = [\"n${count.index}\"]\n}\nactor \"probe\" \"p\" {\n  count = 2\n  key = [actor.counter.one[count.index].key[0], actor.counter.one[0].key[0]]\n}", want: "t/n0/n0 t/n1/n0"},
		"by its name alone":     {source: `actor "probe" "t" { key = ["c"] }` + "\n" + `actor "probe" "p" { key = [replace(actor.probe.t.name, "probe", "t"), "x"] }`, want: "t/c t/t/x"},
		"through a local value": {source: `locals { key = actor.counter.of["c"].key }` + "\n" + `actor "probe" "p" { key = concat(local.key, ["x"]) }`, want: "t/c/x"},
		"as an element":         {source: "actor \"probe\" \"p\" {\n  for_each = actor.counter.of\n  key = concat(each.value.key, [\"x\"])\n}", want: "t/c/x"},
		"through a module": {
			source: "module \"team\" {\n  source = \"./team\"\n  for_each = actor.counter.of\n  of = each.value\n}\n" + `actor "probe" "p" { key = concat(module.team["c"].key, ["y"]) }`,
			team:   "variable \"of\" {}\noutput \"key\" { value = concat(var.of.key, [\"x\"]) }", want: "t/c/x/y",
		},
		"a part through a module": {
			source: "module \"team\" {\n  source = \"./team\"\n  for_each = actor.counter.of\n  of = each.value.key\n}\n" + `actor "probe" "p" { key = [module.team["c"].first, "y"] }`,
			team:   "variable \"of\" { type = list(string) }\noutput \"first\" { value = var.of[0] }", want: "t/c/y",
		},
		"a part through a data block":   {source: `data "counter" "d" { key = actor.counter.of["c"].key }` + "\n" + `actor "probe" "p" { key = [data.counter.d.key[0], "x"] }`, want: "t/c/x"},
		"through a data block":          {source: `data "counter" "d" { key = actor.counter.of["c"].key }` + "\n" + `actor "probe" "p" { key = concat(data.counter.d.key, ["x"]) }`, want: "t/c/x"},
		"what an actor says":            {source: coordinator[:strings.LastIndex(coordinator, "[\"make\"")] + `["make", concat(self.key, ["made"])]` + "\n  }\n}\n" + `actor "probe" "p" { key = actor.probe.coordinator.step.make.output.key }`, want: "t/coordinator t/coordinator/made"},
		"a text that an actor says":     {source: strings.ReplaceAll(teller, `[["t", "x"]]`, `["t"]`) + `actor "probe" "p" { key = actor.values.teller.step.first.output }`, want: "t/t"},
		"a part that an actor says":     {source: teller + `actor "probe" "p" { key = [actor.values.teller.step.first.output[0]] }`, want: "t/t"},
		"a text that an actor was told": {source: teller + `actor "probe" "p" { key = actor.values.teller.input[0] }`, want: "t/t"},
		"with what an actor says":       {source: teller + `actor "probe" "p" { key = ["t", actor.values.teller.step.first.output[1]] }`, want: "t/t/x"},
		"behind a local value":          {source: teller + "locals { key = concat([\"t\"], actor.values.teller.step.first.output) }\n" + `actor "probe" "p" { key = local.key }`, want: "t/t/t/x"},
		"in part what an actor says":    {source: teller + `actor "probe" "p" { key = concat(slice(actor.values.teller.step.first.output, 0, 1), ["y"]) }`, want: "t/y"},
		"for each of what one is told":  {source: teller + "actor \"probe\" \"p\" {\n  for_each = { a = actor.values.teller.input }\n  key = each.value\n}", want: "t/x"},
		"only in its words":             {source: `actor "probe" "p" { key = ["t", "x"] }`, want: "t/t/x"},
		"beside an actor":               {source: "actor \"probe\" \"p\" {\n  key = [\"t\", \"x\"]\n  input = actor.counter.of[\"c\"].key\n}", want: "t/t/x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.writeTeam(of+test.source, test.team)
			w.keyPrefix = []string{"t"}
			w.applied()
			w.settled()
			w.equal(keysOf(w.rivet), test.want)
		})
	}
}
