package hcl

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// measure runs work on growing sizes and reports what one of n things costs. That the figures stay the same from size to
// size is what makes it linear. Retained is what the result keeps in memory.
func measure(b *testing.B, thing string, sizes []int, work func(b *testing.B, n int) any) {
	b.Helper()
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var before, after, kept runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var result any
			for b.Loop() {
				result = work(b, n)
			}
			each := float64(b.N) * float64(n)
			runtime.ReadMemStats(&after)
			runtime.GC()
			runtime.ReadMemStats(&kept)
			runtime.KeepAlive(result)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/each, "ns/"+thing)
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/each, "B/"+thing)
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/each, "allocs/"+thing)
			b.ReportMetric((float64(kept.HeapAlloc)-float64(before.HeapAlloc))/float64(n), "retained-B/"+thing)
		})
	}
}

func BenchmarkInstancesOfOneBlock(b *testing.B) {
	measure(b, "instance", []int{1_000, 10_000, 100_000}, func(b *testing.B, n int) any {
		b.Helper()
		return observed(b, Server{Observer: &fakeServer{}}, fmt.Sprintf(`
			locals {
				names = flatten([for i in range(%d) : [for j in range(100) : "item-${i * 100 + j}"]])
				note  = upper("the same for all")
			}
			actor "x" "target" {
				for_each = toset(local.names)
				key      = ["t", each.key]
				input    = { name = each.value, note = local.note }
				action "greet" { args = [self.id, "hello"] }
			}`, n/100))
	})
}

// BenchmarkReferencesBetweenInstances is about as many instances, half of which refer each to one of the others.
func BenchmarkReferencesBetweenInstances(b *testing.B) {
	measure(b, "instance", []int{1_000, 10_000, 100_000}, func(b *testing.B, n int) any {
		b.Helper()
		return observed(b, Server{Observer: &fakeServer{}}, fmt.Sprintf(`
			locals { names = flatten([for i in range(%d) : [for j in range(100) : "item-${i * 100 + j}"]]) }
			actor "x" "target" {
				for_each = toset(local.names)
				key      = ["t", each.key]
			}
			actor "x" "partner" {
				for_each = toset(local.names)
				key      = ["p", each.key]
				input    = { of = actor.x.target[each.key].id }
			}`, n/200))
	})
}

// BenchmarkResolve does what apply does to pairs of actors: one is made, and then the other that refers to it.
func BenchmarkResolve(b *testing.B) {
	measure(b, "pair", []int{1_000, 10_000}, func(b *testing.B, n int) any {
		b.Helper()
		e := observed(b, Server{Observer: &fakeServer{}}, fmt.Sprintf(`
			locals { names = flatten([for i in range(%d) : [for j in range(100) : "item-${i * 100 + j}"]]) }
			actor "x" "a" {
				for_each = toset(local.names)
				key      = ["a", each.key]
			}
			actor "x" "b" {
				for_each = toset(local.names)
				key      = ["b", each.key]
				input    = { of = actor.x.a[each.key].id }
			}
			output "ids" { value = [for one in actor.x.b : one.id] }`, n/100))
		all := e.Desired()
		for i := range n {
			for _, d := range []*plan.Desired{all[i], all[n+i]} {
				if _, diags := e.Resolve(d.Address); diags.HasErrors() {
					b.Fatal(diags)
				}
				e.Settle(d.Address, "id", true, time.UnixMilli(1))
			}
		}
		return e
	})
}

func blocks(from, to int) []byte {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `
			actor "x" "block_%d" {
				key   = ["b", "%d"]
				input = { before = %s, note = "a text" }
				action "greet" { args = ["hello"] }
			}
			`, i, i, before(i))
	}
	return []byte(b.String())
}

// before refers to the block before, in chains of ten.
func before(i int) string {
	if i%10 == 0 {
		return "null"
	}
	return fmt.Sprintf("actor.x.block_%d.key", i-1)
}

func BenchmarkBlocksInOneFile(b *testing.B) {
	measure(b, "block", []int{100, 1_000, 10_000}, func(b *testing.B, n int) any {
		b.Helper()
		return observed(b, Server{Observer: &fakeServer{}}, string(blocks(0, n)))
	})
}

// kindsOfBlocks have each of n blocks depend on the number I, and something around them.
var kindsOfBlocks = []struct{ name, head, each, tail string }{
	{"steps that name their id", `actor "x" "a" {
		key = "a"`, `
		action "nI" { args = [step.id] }`, `
	}`},
	{"steps that name one before", `actor "x" "a" {
		key = "a"
		action "first" {}`, `
		action "nI" { args = [action.first.output] }
		ensure "eI" {
			value  = step.nI.output
			want   = I
			call   = "f"
		}`, `
	}`},
	{"reads that steps name", `actor "x" "a" {
		key = "a"`, `
		read "nI" { action = "f" }
		ensure "eI" {
			value  = read.nI
			want   = I
			call   = "f"
		}`, `
	}`},
	{"modules", "", `
		module "mI" {
			source = "./m"
			name   = "nI"
		}`, ""},
	{"moved", "", `
		actor "x" "aI" { key = "aI" }
		moved {
			from = actor.x.oI
			to   = actor.x.aI
		}`, ""},
}

func configurationOf(head, each, tail string, n int) map[string][]byte {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		b.WriteString(strings.ReplaceAll(each, "I", fmt.Sprint(i)))
	}
	b.WriteString(tail)
	return map[string][]byte{"main.rivet.hcl": []byte(b.String()), "m/main.rivet.hcl": []byte(oneOfAModule)}
}

func BenchmarkKindsOfBlocks(b *testing.B) {
	for _, kind := range kindsOfBlocks {
		b.Run(kind.name, func(b *testing.B) {
			measure(b, "block", []int{100, 1_000, 10_000}, func(b *testing.B, n int) any {
				b.Helper()
				return observedFiles(b, Server{Observer: &fakeServer{}}, configurationOf(kind.head, kind.each, kind.tail, n))
			})
		})
	}
}

func TestEightTimesAsManyBlocksTakeEightTimesTheMemory(t *testing.T) {
	for _, kind := range kindsOfBlocks {
		taken := func(n int) float64 {
			files := configurationOf(kind.head, kind.each, kind.tail, n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			observedFiles(t, Server{Observer: &fakeServer{}}, files)
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc - before.TotalAlloc)
		}
		if few, many := taken(100), taken(800); many > 12*few {
			t.Errorf("%s: %.0f bytes for 100 blocks, %.0f for 800: %.1f times as many", kind.name, few, many, many/few)
		}
	}
}

func BenchmarkFiles(b *testing.B) {
	measure(b, "file", []int{10, 100, 1_000}, func(b *testing.B, n int) any {
		b.Helper()
		files := map[string][]byte{}
		for i := range n {
			files[fmt.Sprintf("part-%04d.rivet.hcl", i)] = blocks(i*10, i*10+10)
		}
		return observedFiles(b, Server{Observer: &fakeServer{}}, files)
	})
}

func BenchmarkDepthOfValue(b *testing.B) {
	measure(b, "level", []int{5, 50, 450}, func(b *testing.B, n int) any {
		b.Helper()
		value := strings.Repeat("{ a = 1, b = [", n) + strings.Repeat("] }", n)
		return observed(b, Server{Observer: &fakeServer{}}, fmt.Sprintf(`
			locals { deep = %s }
			actor "x" "a" {
				key   = "a"
				input = local.deep
				action "send" { args = [local.deep] }
			}`, value))
	})
}

// kindsOfSources are configurations of n instances. COUNT stands for n, THOUSANDS for its thousands, NUMBERS for those below n.
var kindsOfSources = []struct{ name, configuration string }{
	{"count", `actor "x" "item" {
		count = COUNT
		key   = ["t", count.index]
		input = { of = count.index, note = "the same for all" }
		action "greet" { args = [count.index, "hello"] }
	}`},
	{"product", repeated(`{ for p in setproduct([for i in range(THOUSANDS) : "room-${i}"], [for i in range(1000) : "shelf-${i}"]) : "${p[0]}/${p[1]}" => { room = p[0], shelf = p[1] } }`)},
	{"nested for", repeated(`merge([for i in range(THOUSANDS) : { for j in range(1000) : "room-${i}/${j}" => { room = i, shelf = j } }]...)`)},
	{"JSON", repeated(`{ for p in jsondecode(file("people.json")) : p.id => p }`)},
	{"CSV", repeated(`{ for p in csvdecode(file("people.csv")) : p.id => p }`)},
	{"conditional", repeated(`COUNT > 0 ? { for p in jsondecode(file("people.json")) : p.id => p } : {}`)},
	{"secret of each row", repeated(`{ for p in jsondecode(file("people.json")) : p.id => { id = p.id, room = sensitive(p.room) } }`)},
	{"secret made for each", `locals { items = { for p in jsondecode(file("people.json")) : p.id => p } }
	actor "x" "item" {
		for_each = local.items
		key      = ["t", each.key]
		params   = { token = sensitive(each.value.room) }
		action "greet" { args = [sensitive("${each.value.id} and ${local.items[each.key].room}")] }
	}`},
	{"dynamic", `locals { items = { for i in NUMBERS : "item-${i}" => { calls = ["a"] } } }
	actor "x" "item" {
		for_each = local.items
		key      = ["t", each.key]
		dynamic "action" {
			for_each = each.value.calls
			labels   = ["greet_${action.value}"]
			content { args = [action.value] }
		}
	}`},
	{"repeated step", `locals { items = { for i in NUMBERS : "item-${i}" => { calls = ["a"] } } }
	actor "x" "item" {
		for_each = local.items
		key      = ["t", each.key]
		action "greet" {
			for_each = toset(each.value.calls)
			args     = [each.value]
		}
	}`},
	{"depends on", `actor "x" "item" {
		count = COUNT
		key   = ["t", count.index]
	}
	actor "x" "after" {
		key        = "after"
		depends_on = [actor.x.item]
	}
	actor "x" "and" {
		count      = 10
		key        = ["and", count.index]
		depends_on = [actor.x.item]
	}`},
	{"data", `data "x" "item" {
		count    = COUNT
		key      = ["t", count.index]
		optional = true
	}
	output "ids" { value = [for one in data.x.item : one.exists] }`},
	{"module", `module "m" {
		source   = "./m"
		for_each = { for i in NUMBERS : "m${i}" => { first = i * 100 } if i < THOUSANDS * 10 }
		name     = each.key
		first    = each.value.first
	}`},
	{"list by index", `locals { rows = [for i in NUMBERS : { id = "row-${i}" }] }
	actor "x" "item" {
		count = COUNT
		key   = ["t", local.rows[count.index].id]
		input = local.rows[count.index]
	}`},
	{"map by key", `locals { rows = { for i in NUMBERS : "row-${i}" => { id = i } } }
	actor "x" "item" {
		for_each = local.rows
		key      = ["t", each.key]
		input    = local.rows[each.key].id
	}`},
	{"length of a list", about("[count.index, length(local.rows)]")},
	{"lookup in a map", about(`lookup(local.table, "row-${count.index}", 0)`)},
	{"contains", about(`contains(local.few, "row-${count.index}")`)},
	{"element of a list", about("element(local.rows, count.index)")},
	{"try of a map", about(`try(local.table["row-${count.index}"], 0)`)},
}

// repeated has an instance for each of some items, which are objects.
func repeated(items string) string {
	return `locals { items = ` + items + ` }
	actor "x" "item" {
		for_each = local.items
		key      = ["t", each.key]
		input    = { of = each.value, note = "the same for all" }
		action "greet" { args = [each.key, "hello"] }
	}`
}

// about has instances that each say something about a list and a map of all.
func about(expression string) string {
	return `locals {
		rows  = [for i in NUMBERS : "row-${i}"]
		table = { for i in NUMBERS : "row-${i}" => i }
		few   = ["row-1", "row-2"]
	}
	actor "x" "item" {
		count = COUNT
		key   = ["t", count.index]
		input = ` + expression + `
	}`
}

func BenchmarkSources(b *testing.B) {
	for _, source := range kindsOfSources {
		b.Run(source.name, func(b *testing.B) {
			measure(b, "instance", []int{1_000, 10_000, 100_000}, func(b *testing.B, n int) any {
				b.Helper()
				return planned(b, sourcesOf(source.configuration, n))
			})
		})
	}
}

// sourcesOf are the files of a configuration of n instances.
func sourcesOf(configuration string, n int) map[string][]byte {
	numbers := fmt.Sprintf("flatten([for i in range(%d) : [for j in range(1000) : i * 1000 + j]])", n/1000)
	return map[string][]byte{
		"main.rivet.hcl": []byte(strings.NewReplacer("COUNT", fmt.Sprint(n), "THOUSANDS", fmt.Sprint(n/1000), "NUMBERS", numbers).Replace(configuration)),
		"people.json":    people(n), "people.csv": peopleAsCSV(n), "m/main.rivet.hcl": []byte(hundredOfAModule),
	}
}

// planned evaluates as a plan does, which learns secrets.
func planned(b *testing.B, files map[string][]byte) *Evaluation {
	b.Helper()
	cfg, diags := LoadSources(".", files)
	failOn(b, diags)
	values, diags := cfg.Variables(VariableSources{})
	failOn(b, diags)
	e, diags := cfg.Evaluate(values, Options{Secret: func(cty.Value) {}, Unkept: func(string) {}})
	failOn(b, diags)
	diags, err := e.Observe(b.Context(), Server{Observer: &fakeServer{}})
	failOn(b, diags)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

const oneOfAModule = `
	variable "name" { type = string }
	actor "x" "item" { key = ["m", var.name] }`

const hundredOfAModule = `
	variable "name" { type = string }
	variable "first" { type = number }
	actor "x" "item" {
		count = 100
		key   = [var.name, var.first + count.index]
		input = { name = var.name, number = var.first + count.index }
		action "greet" { args = [var.name, count.index] }
	}`

func people(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,{"id":"person-%06d","room":"room %d","shelf":%d}`, i, i%90, i%7)
	}
	return []byte("[" + b.String()[1:] + "]")
}

func peopleAsCSV(n int) []byte {
	var b strings.Builder
	b.WriteString("id,room,shelf\n")
	for i := range n {
		fmt.Fprintf(&b, "person-%06d,room %d,%d\n", i, i%90, i%7)
	}
	return []byte(b.String())
}
