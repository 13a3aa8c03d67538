package decide

import (
	"maps"
	"slices"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/cores"
)

// applyAll decides about every actor that is declared, on all cores.
func (b *builder) applyAll() []plan.Change {
	changes := make([]plan.Change, len(b.Desired))
	shares := map[int]*builder{} // by the first actor that each decides about
	var mu sync.Mutex
	cores.Split(len(changes), func(from, to int) {
		share := b.share()
		for i := from; i < to; i++ {
			changes[i] = share.change(b.Desired[i], &b.Observed[i])
		}
		mu.Lock()
		defer mu.Unlock()
		shares[from] = share
	})
	for _, from := range slices.Sorted(maps.Keys(shares)) {
		b.take(shares[from])
	}
	return changes
}

// share returns a builder that decides about some of the actors, with nothing said yet.
func (b *builder) share() *builder {
	share := *b
	share.used, share.asked, share.diags = map[string]bool{}, maps.Clone(b.asked), nil
	return &share
}

// take adds what a share has said, but what was asked before.
func (b *builder) take(share *builder) {
	maps.Copy(b.used, share.used)
	for question, asked := range share.asked {
		if before := b.asked[question]; before != nil && before != asked {
			share.diags = slices.DeleteFunc(share.diags, func(d *hcl2.Diagnostic) bool { return d == asked })
			continue
		}
		b.asked[question] = asked
	}
	b.diags = append(b.diags, share.diags...)
}
