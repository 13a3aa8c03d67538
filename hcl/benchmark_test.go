package hcl

import (
	"fmt"
	"testing"
)

func BenchmarkInstancesOfOneBlock(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			source := fmt.Sprintf(`
				locals { all = { for n in flatten([for i in range(%d) : [for j in range(1000) : i * 1000 + j]]) : "item-${n}" => n } }
				actor "x" "target" {
					for_each = local.all
					key      = ["t", each.key]
					input    = { number = each.value, note = upper("the same for all") }
				}
				actor "x" "partner" {
					for_each = local.all
					key      = ["p", each.key]
					input    = { of = actor.x.target[each.key].id }
					action "greet" { args = [self.id, "hello"] }
				}`, n/1000)
			for b.Loop() {
				observed(b, Server{Observer: &fakeServer{}}, source)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/instance")
		})
	}
}
