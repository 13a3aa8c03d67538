package plan

import (
	"maps"
	"testing"

	"riveter/plan/address"
)

func TestMoveRenamesWhatIsAtItsAddressOrWithin(t *testing.T) {
	t.Parallel()
	room := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room"}
	lobby := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "lobby"}
	keyed := func(a address.Address, key string) address.Address { a.Key = address.StringKey(key); return a }
	within := func(module string, a address.Address) address.Address { a.Module = module; return a }
	tests := []struct {
		name         string
		from, to, of address.Address
		want         address.Address
		ok           bool
	}{
		{"a block", room, lobby, room, lobby, true},
		{"every instance of a block", room, lobby, keyed(room, "a"), keyed(lobby, "a"), true},
		{"one instance", keyed(room, "a"), lobby, keyed(room, "a"), lobby, true},
		{"another instance", keyed(room, "a"), lobby, keyed(room, "b"), keyed(room, "b"), false},
		{"a single actor that is repeated now", room, keyed(room, "a"), room, keyed(room, "a"), true},
		{"a module", within("module.a", address.Address{}), within("module.b", address.Address{}), within("module.a", room), within("module.b", room), true},
		{"a repeated module", within("module.a", address.Address{}), within("module.b", address.Address{}), within(`module.a["x"]`, room), within(`module.b["x"]`, room), true},
		{"an instance of a module", within(`module.a["x"]`, address.Address{}), within("module.b", address.Address{}), within(`module.a["x"].module.c`, room), within("module.b.module.c", room), true},
		{"a module with a longer name", within("module.a", address.Address{}), within("module.b", address.Address{}), within("module.ab", room), within("module.ab", room), false},
		{"the same block elsewhere", room, lobby, within("module.a", room), within("module.a", room), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, ok := Move{From: test.from, To: test.to}.Rename(test.of)
			if got != test.want || ok != test.ok {
				t.Errorf("%s becomes %s, %t", test.of, got, ok)
			}
		})
	}
}

func TestMemoryFollowsMoves(t *testing.T) {
	t.Parallel()
	actor := func(label, key string) address.Address {
		a := address.Address{Kind: address.KindActor, Name: "x", Label: label}
		if key != "" {
			a.Key = address.StringKey(key)
		}
		return a
	}
	move := func(from, to address.Address) Move { return Move{From: from, To: to} }
	tests := []struct {
		name     string
		entries  map[address.Address]string // actor ids
		moves    []Move
		want     map[address.Address]string
		moved    map[address.Address]address.Address
		warnings int
	}{
		{
			name: "nothing moves", entries: map[address.Address]string{actor("a", ""): "1"}, moves: []Move{move(actor("b", ""), actor("c", ""))},
			want: map[address.Address]string{actor("a", ""): "1"}, moved: map[address.Address]address.Address{},
		},
		{
			name: "a chain, whatever its order", entries: map[address.Address]string{actor("a", ""): "1"},
			moves: []Move{move(actor("b", ""), actor("c", "")), move(actor("a", ""), actor("b", ""))},
			want:  map[address.Address]string{actor("c", ""): "1"}, moved: map[address.Address]address.Address{actor("c", ""): actor("a", "")},
		},
		{
			name:    "one takes the place of another that moves on",
			entries: map[address.Address]string{actor("a", ""): "1", actor("b", ""): "2"},
			moves:   []Move{move(actor("b", ""), actor("c", "")), move(actor("a", "x"), actor("b", ""))},
			want:    map[address.Address]string{actor("a", ""): "1", actor("c", ""): "2"}, moved: map[address.Address]address.Address{actor("c", ""): actor("b", "")},
		},
		{
			name:    "all instances of a block, and one of its own",
			entries: map[address.Address]string{actor("a", "x"): "1", actor("a", "y"): "2"},
			moves:   []Move{move(actor("a", ""), actor("b", "")), move(actor("a", "y"), actor("c", ""))},
			want:    map[address.Address]string{actor("b", "x"): "1", actor("c", ""): "2"},
			moved:   map[address.Address]address.Address{actor("b", "x"): actor("a", "x"), actor("c", ""): actor("a", "y")},
		},
		{
			name:    "a place that is taken",
			entries: map[address.Address]string{actor("a", ""): "1", actor("b", ""): "2"},
			moves:   []Move{move(actor("a", ""), actor("b", ""))},
			want:    map[address.Address]string{actor("a", ""): "1", actor("b", ""): "2"}, moved: map[address.Address]address.Address{}, warnings: 1,
		},
		{
			name:    "a place that the same actor has already",
			entries: map[address.Address]string{actor("a", ""): "1", actor("b", ""): "1"},
			moves:   []Move{move(actor("a", ""), actor("b", ""))},
			want:    map[address.Address]string{actor("b", ""): "1"}, moved: map[address.Address]address.Address{actor("b", ""): actor("a", "")},
		},
		{
			name: "a circle", entries: map[address.Address]string{actor("a", ""): "1"},
			moves: []Move{move(actor("a", ""), actor("b", "")), move(actor("b", ""), actor("a", ""))},
			want:  map[address.Address]string{actor("a", ""): "1"}, moved: map[address.Address]address.Address{},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := &Recalled{Entries: map[address.Address]*Entry{}}
			for address, id := range test.entries {
				r.Entries[address] = &Entry{ActorID: id}
			}
			got, diags := r.Move(test.moves)
			ids := map[address.Address]string{}
			for address, entry := range got.Entries {
				ids[address] = entry.ActorID
			}
			if !maps.Equal(ids, test.want) || !maps.Equal(got.Moved, test.moved) || len(diags) != test.warnings {
				t.Errorf("got %v, moved %v, %v", ids, got.Moved, diags)
			}
			if len(r.Entries) != len(test.entries) {
				t.Error("the memory itself has changed")
			}
		})
	}
}
