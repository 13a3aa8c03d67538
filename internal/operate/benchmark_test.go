package operate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply/ledger/ledgertest"
	"riveter/hcl"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/internal/redact"
	"riveter/plan"
)

// crowd is a server where everybody is whom somebody asks for.
type crowd struct{ operate.Server }

// Observe implements plan.Observer.
func (crowd) Observe(_ context.Context, declared []*plan.Desired, _ *plan.Recalled) ([]plan.Observed, error) {
	observed := make([]plan.Observed, len(declared))
	for i, d := range declared {
		observed[i] = plan.Observed{Exists: true, ActorID: fmt.Sprintf("%030d", i), Key: d.Key, CreatedAt: time.UnixMilli(int64(i))}
	}
	return observed, nil
}

// ReadInputs implements operate.Server.
func (c crowd) ReadInputs(bool) plan.Observer { return c }

// BenchmarkPlan is the plan of many actors that the ledger knows, of which ten have changed, from the files on.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("actors=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			dir, home := b.TempDir(), &ledgertest.Home{}
			source := fmt.Sprintf(`
				variable "changed" { type = number }
				locals { items = { for i in flatten([for k in range(%d) : range(k * 1000, k * 1000 + 1000)]) : "item-${i}" => { number = i, note = "what the ${i}th is about" } } }
				actor "store" "item" {
					for_each = local.items
					key      = ["t", each.key]
					input    = { name = each.key, note = each.value.note }
					action "fill" {
						args = [each.value.number < var.changed ? 1 : 0, each.value.note]
						run  = "on_change"
					}
				}`, n/1_000)
			if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(source), 0o600); err != nil {
				b.Fatal(err)
			}
			planned(b, dir, home, "0", func(s *operate.Session, p *operate.Planned) hcl2.Diagnostics {
				_, diags := s.Apply(b.Context(), p, operate.ApplyOptions{Parallelism: 8})
				return diags
			})
			for b.Loop() {
				planned(b, dir, home, "10", func(_ *operate.Session, p *operate.Planned) hcl2.Diagnostics {
					if got := p.Plan.Summary().Update; got != 10 {
						b.Fatalf("%d are changed", got)
					}
					return nil
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/actor")
		})
	}
}

func planned(b *testing.B, dir string, home *ledgertest.Home, changed string, do func(*operate.Session, *operate.Planned) hcl2.Diagnostics) {
	b.Helper()
	fine := func(diags hcl2.Diagnostics) {
		if diags.HasErrors() {
			b.Fatal(diags)
		}
	}
	c, diags := operate.Load(b.Context(), operate.LoadOptions{
		Path: dir, Variables: []hcl.Given{{Assignment: "changed=" + changed}}, Version: "0.1.0", Workdir: dir,
		Env: func(string) (string, bool) { return "", false }, Secrets: &redact.Set{},
	})
	fine(diags)
	s, diags := operate.Open(b.Context(), operate.Parts{Configuration: c, Server: crowd{operatetest.New().Server("default")}, Home: home})
	fine(diags)
	p, diags := s.Plan(b.Context(), operate.PlanOptions{Mode: plan.ModeApply, Orders: plan.Orders{OnUnknown: plan.OrderDone}})
	fine(diags)
	fine(do(s, p))
	fine(s.Close(b.Context()))
}
