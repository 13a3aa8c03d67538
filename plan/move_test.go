package plan

import "testing"

func TestMoveRenamesWhatIsAtItsAddressOrWithin(t *testing.T) {
	t.Parallel()
	room := Address{Kind: KindActor, Name: "chatRoom", Label: "room"}
	lobby := Address{Kind: KindActor, Name: "chatRoom", Label: "lobby"}
	keyed := func(a Address, key string) Address { a.Key = StringKey(key); return a }
	within := func(module string, a Address) Address { a.Module = module; return a }
	tests := []struct {
		name         string
		from, to, of Address
		want         Address
		ok           bool
	}{
		{"a block", room, lobby, room, lobby, true},
		{"every instance of a block", room, lobby, keyed(room, "a"), keyed(lobby, "a"), true},
		{"one instance", keyed(room, "a"), lobby, keyed(room, "a"), lobby, true},
		{"another instance", keyed(room, "a"), lobby, keyed(room, "b"), keyed(room, "b"), false},
		{"a single actor that is repeated now", room, keyed(room, "a"), room, keyed(room, "a"), true},
		{"a module", within("module.a", Address{}), within("module.b", Address{}), within("module.a", room), within("module.b", room), true},
		{"a repeated module", within("module.a", Address{}), within("module.b", Address{}), within(`module.a["x"]`, room), within(`module.b["x"]`, room), true},
		{"an instance of a module", within(`module.a["x"]`, Address{}), within("module.b", Address{}), within(`module.a["x"].module.c`, room), within("module.b.module.c", room), true},
		{"a module with a longer name", within("module.a", Address{}), within("module.b", Address{}), within("module.ab", room), within("module.ab", room), false},
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
