package export_test

import (
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"riveter/hcl"
	"riveter/internal/export"
	"riveter/plan"
	"riveter/plan/value"
)

func TestWhatIsWrittenDeclaresTheSameActors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		actors := drawActors(t)
		r := export.Write(actors, export.Options{})
		if len(r.Declared)+len(r.Omitted) != len(actors) {
			t.Fatalf("of %d actors, %d are declared and %d omitted", len(actors), len(r.Declared), len(r.Omitted))
		}
		want := map[string]export.Actor{}
		for _, d := range r.Declared {
			want[d.Address.String()] = d.Actor
		}
		got := map[string]export.Actor{}
		for _, d := range desired(t, r.Files) {
			got[d.Address.String()] = export.Actor{
				Name: d.Address.Name, Key: d.Key, Pool: d.Settings.Pool, CrashPolicy: d.Settings.CrashPolicy, Input: d.Input,
			}
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
			t.Fatalf("addresses (-want +got):\n%s%s", diff, text(r.Files))
		}
		for address, w := range want {
			if g := got[address]; !same(w, g) {
				t.Fatalf("%s is %+v, not %+v\n%s", address, g, w, text(r.Files))
			}
		}
	})
}

func same(a, b export.Actor) bool {
	sameInput := a.Input == cty.NilVal && b.Input == cty.NilVal
	if a.Input != cty.NilVal && b.Input != cty.NilVal {
		x, _ := value.Encode(a.Input)
		y, _ := value.Encode(b.Input)
		sameInput = string(x) == string(y)
	}
	return a.Name == b.Name && slices.Equal(a.Key, b.Key) && a.Pool == b.Pool && a.CrashPolicy == b.CrashPolicy && sameInput
}

func TestWriteIsCanonicalAndKnowsNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		actors := drawActors(t)
		first := text(export.Write(actors, export.Options{}).Files)
		second := text(export.Write(rapid.Permutation(actors).Draw(t, "order"), export.Options{}).Files)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("another order of the actors (-first +second):\n%s", diff)
		}
		if diff := cmp.Diff(string(hclwrite.Format([]byte(first))), first); diff != "" {
			t.Fatalf("not in the canonical format (-canonical +written):\n%s", diff)
		}
	})
}

func text(files []export.File) string {
	var all string
	for _, f := range files {
		all += "# " + f.Name + "\n" + string(f.Content)
	}
	return all
}

// drawActors draws actors of different names and keys, with keys that are alike now and then.
func drawActors(t *rapid.T) []export.Actor {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"", "a", "b", "c", "org-acme", "/", "a/b", `\`, `"`, "${x}", "%{ if }", "$${", "%%{", "\n", "日本", "e\u0301", "\x00", "\x1b", "\t", "\u202e", "7", "for"}),
		rapid.String(),
	)
	key := rapid.SliceOfN(part, 0, 4)
	name := rapid.SampledFrom([]string{"counter", "chatRoom", "for", "-", "7", "no name", ""})
	one := rapid.Custom(func(t *rapid.T) export.Actor {
		a := export.Actor{
			Name:        name.Draw(t, "name"),
			Key:         key.Draw(t, "key"),
			Pool:        rapid.SampledFrom([]string{"", "", "large"}).Draw(t, "pool"),
			CrashPolicy: rapid.SampledFrom([]string{"", "", "restart"}).Draw(t, "policy"),
			InputKnown:  rapid.Bool().Draw(t, "known"),
		}
		if a.InputKnown && rapid.Bool().Draw(t, "has input") {
			a.Input = val(3).Draw(t, "input")
		}
		if rapid.Bool().Draw(t, "has state") {
			a.State = val(3).Draw(t, "state")
		}
		a.StateFault = rapid.SampledFrom([]string{"", "", "a\nb = 1", "${"}).Draw(t, "fault")
		return a
	})
	identity := func(a export.Actor) string { return fmt.Sprintf("%q %q", a.Name, a.Key) }
	return rapid.SliceOfNDistinct(one, 0, 30, identity).Draw(t, "actors")
}

// value draws what an actor may be created with.
func val(depth int) *rapid.Generator[cty.Value] {
	return rapid.Custom(func(t *rapid.T) cty.Value {
		kinds := 9
		if depth == 0 {
			kinds = 7
		}
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			return cty.NullVal(cty.DynamicPseudoType)
		case 1:
			return cty.BoolVal(rapid.Bool().Draw(t, "bool"))
		case 2:
			return cty.NumberFloatVal(rapid.Float64Range(-9e15, 9e15).Draw(t, "number"))
		case 3:
			return value.BigInt(big.NewInt(rapid.Int64().Draw(t, "bigint")))
		case 4:
			return value.Bytes(rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "bytes"))
		case 5:
			return value.Date(time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "date")))
		case 6:
			return cty.StringVal(rapid.String().Draw(t, "string"))
		case 7:
			return cty.TupleVal(rapid.SliceOfN(val(depth-1), 0, 4).Draw(t, "list"))
		default:
			return cty.ObjectVal(rapid.MapOfN(rapid.Map(rapid.String(), cty.NormalizeString), val(depth-1), 0, 4).Draw(t, "object"))
		}
	})
}

// desired evaluates what was written.
func desired(t *rapid.T, files []export.File) []*plan.Desired {
	t.Helper()
	if len(files) == 0 {
		return nil
	}
	sources := map[string][]byte{}
	for _, f := range files {
		sources[filepath.Join("dir", f.Name)] = f.Content
	}
	config, diags := hcl.LoadSources("dir", sources)
	if diags.HasErrors() {
		t.Fatalf("load: %v\n%s", diags, text(files))
	}
	values, _ := config.Variables(hcl.VariableSources{})
	evaluation, diags := config.Evaluate(values, hcl.Options{})
	more, err := evaluation.Observe(t.Context(), hcl.Server{})
	if diags = append(diags, more...); err != nil || diags.HasErrors() {
		t.Fatalf("evaluate: %v %v\n%s", err, diags, text(files))
	}
	return evaluation.Desired()
}
