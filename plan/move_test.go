package plan

import (
	"testing"

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
		{"a module with a longer name", within("module.a", address.Address{}), within("module.ab", room), false},
		{"the same block elsewhere", room, within("module.a", room), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (Removal{From: test.from}).concerns(&Entry{Name: "chatRoom", Key: []string{"k"}, Address: test.of}); got != test.want {
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
		if got := test.removal.concerns(e); got != test.want {
			t.Errorf("%v: %t", test.removal, got)
		}
	}
}
