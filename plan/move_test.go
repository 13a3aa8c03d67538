package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan/address"
)

func TestARemovalIsOfWhatIsAtItsAddressOrWithin(t *testing.T) {
	t.Parallel()
	room := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room"}
	lobby := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "lobby"}
	keyed := func(a address.Address, key string) address.Address { a.Key = address.StringKey(key); return a }
	within := func(module string, a address.Address) address.Address { a.Module = module; return a }
	tests := []struct {
		name     string
		from, of address.Address
		want     bool
	}{
		{"a block", room, room, true},
		{"another block", room, lobby, false},
		{"every instance of a block", room, keyed(room, "a"), true},
		{"one instance", keyed(room, "a"), keyed(room, "a"), true},
		{"another instance", keyed(room, "a"), keyed(room, "b"), false},
		{"a module", within("module.a", address.Address{}), within("module.a", room), true},
		{"a repeated module", within("module.a", address.Address{}), within(`module.a["x"]`, room), true},
		{"within an instance of a module", within(`module.a["x"]`, address.Address{}), within(`module.a["x"].module.c`, room), true},
		{"in every instance of a module", within("module.a", room), within(`module.a["x"]`, keyed(room, "k")), true},
		{"in one instance of a module", within(`module.a["x"]`, room), within(`module.a["x"]`, room), true},
		{"in another instance of a module", within(`module.a["x"]`, room), within(`module.a["y"]`, room), false},
		{"one instance in every one of a module", within("module.a", keyed(room, "k")), within("module.a[0]", keyed(room, "k")), true},
		{"another instance in every one of a module", within("module.a", keyed(room, "k")), within("module.a[0]", keyed(room, "l")), false},
		{"in every instance of two modules", within("module.a.module.c", room), within(`module.a["."].module.c[1]`, room), true},
		{"in every instance of the outer module", within("module.a.module.c[1]", room), within(`module.a["x"].module.c[2]`, room), false},
		{"further within", within("module.a", room), within("module.a.module.c", room), false},
		{"a module with a longer name", within("module.a", address.Address{}), within("module.ab", room), false},
		{"the same block elsewhere", room, within("module.a", room), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (Removal{From: test.from}).Concerns(&Entry{Name: "chatRoom", Key: []string{"k"}, Address: test.of}); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestRemovalsByIdentityConcernThatActor(t *testing.T) {
	t.Parallel()
	e := &Entry{Name: "chatRoom", Key: []string{"a", "b"}, Address: address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "x"}}
	for _, test := range []struct {
		removal Removal
		want    bool
	}{
		{Removal{Name: "chatRoom", Key: []string{"a", "b"}}, true},
		{Removal{Name: "chatRoom", Key: []string{"a/b"}}, false},
		{Removal{Name: "chatRoom", Key: []string{}}, false},
		{Removal{Name: "counter", Key: []string{"a", "b"}}, false},
	} {
		if got := test.removal.Concerns(e); got != test.want {
			t.Errorf("%v: %t", test.removal, got)
		}
	}
}

func stepAt(t *testing.T, name string) address.StepAddress {
	t.Helper()
	s, err := address.ParseStep("actor.counter.a." + name)
	if err != nil {
		t.Fatal(err)
	}
	s.Actor = address.Address{}
	return s
}

func TestStepsAreRenamed(t *testing.T) {
	move := func(from, to string) StepMove { return StepMove{From: stepAt(t, from), To: stepAt(t, to)} }
	tests := []struct {
		name     string
		recorded []string
		moves    []StepMove
		want     map[string]string
	}{
		{"nothing moves", []string{"action.a"}, nil, nil},
		{"a step", []string{"action.a", "action.ab"}, []StepMove{move("action.a", "action.b")}, map[string]string{"action.a": "action.b"}},
		{
			"all instances",
			[]string{`action.a["x"]`, "action.a[1]"},
			[]StepMove{move("action.a", "action.b")},
			map[string]string{`action.a["x"]`: `action.b["x"]`, "action.a[1]": "action.b[1]"},
		},
		{
			"one instance",
			[]string{`action.a["x"]`, `action.a["y"]`},
			[]StepMove{move(`action.a["x"]`, "action.b")},
			map[string]string{`action.a["x"]`: "action.b"},
		},
		{"a chain", []string{"action.a"}, []StepMove{move("action.b", "action.c"), move("action.a", "action.b")}, map[string]string{"action.a": "action.c"}},
		{
			"a chain with two that are remembered",
			[]string{"action.a", "action.b"},
			[]StepMove{move("action.b", "action.c"), move("action.a", "action.b")},
			map[string]string{"action.b": "action.c"},
		},
		{
			"a chain of instances of which one is remembered twice",
			[]string{`action.a["x"]`, `action.b["x"]`, `action.a["y"]`},
			[]StepMove{move("action.b", "action.c"), move("action.a", "action.b")},
			map[string]string{`action.b["x"]`: `action.c["x"]`, `action.a["y"]`: `action.c["y"]`},
		},
		{"a circle", []string{"action.a"}, []StepMove{move("action.b", "action.a"), move("action.a", "action.b")}, map[string]string{}},
		{"a place that is taken", []string{"action.a", "action.b"}, []StepMove{move("action.a", "action.b")}, map[string]string{}},
		{"nothing of that name", []string{"action.c"}, []StepMove{move("action.a", "action.b")}, map[string]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entry := &Entry{Steps: map[string]*StepMemo{}}
			for _, name := range tt.recorded {
				entry.Steps[name] = &StepMemo{}
			}
			if diff := cmp.Diff(tt.want, entry.Renames(tt.moves)); diff != "" {
				t.Error(diff)
			}
			renamed := entry.renamed(tt.moves)
			if len(renamed.Steps) != len(tt.recorded) || len(entry.Steps) != len(tt.recorded) {
				t.Errorf("%d of %d are remembered", len(renamed.Steps), len(tt.recorded))
			}
			for from, to := range tt.want {
				if renamed.Steps[to] != entry.Steps[from] {
					t.Errorf("%s is not what was %s", to, from)
				}
			}
		})
	}
}
