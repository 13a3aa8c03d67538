package acceptance

import (
	"strings"
	"testing"
)

// TestComparisonFindsLies makes sure that scripts which compare what was sent with a plan can fail.
func TestComparisonFindsLies(t *testing.T) {
	t.Parallel()
	planned, err := readPlan(`{"type":"plan","plan":{"changes":[
		{"address":"actor.counter.new","name":"counter","key":["a","b"],"action":"create","input":{"after":{"start":1},"after_unknown":false},"steps":[
			{"kind":"action","decision":"run","call":"increment","after":[5]},
			{"kind":"ensure","decision":"run","call":"set","after":[7],"conditional":true},
			{"kind":"action","decision":"done","call":"never","after":[]},
			{"kind":"message","decision":"run","call":"work","after":[{"id":null}],"after_unknown":[{"id":true}]}]},
		{"address":"actor.counter.old","name":"counter","key":["c"],"action":"update","actor_id":"old","steps":[
			{"kind":"request","decision":"run","call":"PUT","after":[{"path":"/items/x","json":{"n":1}}]},
			{"kind":"expect","decision":"run","call":"","after":null}]}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	create := sent{"create", "counter a/b", map[string]any{"start": 1.0}}
	increment := sent{"action", "increment", []any{5.0}}
	set := sent{"action", "set", []any{7.0}}
	message := sent{"message", "work", map[string]any{"id": "x"}}
	put := sent{"request", "PUT /items/x", map[string]any{"n": 1.0}}
	tests := []struct {
		name  string
		taken map[string][]sent
		lie   string
	}{
		{"all that is planned", map[string][]sent{"new": {create, increment, set, message}, "old": {put}}, ""},
		{"what need not be left out", map[string][]sent{"new": {create, increment, message}, "old": {put}}, ""},
		{"a call left out", map[string][]sent{"new": {create, set, message}, "old": {put}}, "promised {action increment [5]}"},
		{"a call made twice", map[string][]sent{"new": {create, increment, increment, message}, "old": {put}}, "actor.counter.new"},
		{"a call too many at the end", map[string][]sent{"new": {create, increment, message}, "old": {put, increment}}, "actor.counter.old"},
		{"another order", map[string][]sent{"new": {create, set, increment, message}, "old": {put}}, "in this order"},
		{"other arguments", map[string][]sent{"new": {create, {"action", "increment", []any{6.0}}, message}, "old": {put}}, "sent"},
		{"another input", map[string][]sent{"new": {{"create", "counter a/b", nil}, increment, message}, "old": {put}}, "promised {create"},
		{"another actor", map[string][]sent{"new": {create, increment, message}, "older": {put}}, "does not say so"},
		{"nothing", map[string][]sent{}, "promised {create"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := planned.compare(test.taken)
			switch {
			case err == nil && test.lie != "":
				t.Errorf("no problem was found")
			case err != nil && (test.lie == "" || !strings.Contains(err.Error(), test.lie)):
				t.Errorf("%v\nwant a problem with %q", err, test.lie)
			}
		})
	}
}
