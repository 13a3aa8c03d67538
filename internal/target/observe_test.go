package target_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"riveter/client"
	"riveter/internal/target"
	"riveter/plan"
	"riveter/plan/address"
)

// directory answers GET /actors as the engine does, for actors that were created one after the other.
type directory struct {
	*httptest.Server
	actors   []map[string]any // the oldest first
	requests atomic.Int64
}

func newDirectory(t interface{ Cleanup(func()) }) *directory {
	d := &directory{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/actors" {
			fmt.Fprint(w, `{}`)
			return
		}
		d.requests.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{"actors": d.matching(r.URL.Query())})
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *directory) add(name, key string, live bool) string {
	n := len(d.actors)
	actor := map[string]any{"actor_id": fmt.Sprintf("%030d", n), "name": name, "key": key, "create_ts": n + 1}
	if !live {
		actor["destroy_ts"] = n + 1
	}
	d.actors = append(d.actors, actor)
	return actor["actor_id"].(string)
}

func (d *directory) matching(query url.Values) []map[string]any {
	limit, before := len(d.actors), len(d.actors)+1
	if n, err := strconv.Atoi(query.Get("limit")); err == nil {
		limit = n
	}
	if n, err := strconv.Atoi(query.Get("cursor")); err == nil {
		before = n
	}
	found := []map[string]any{}
	for _, actor := range slices.Backward(d.actors) {
		_, destroyed := actor["destroy_ts"]
		byID := slices.Contains(query["actor_id"], actor["actor_id"].(string))
		byName := !destroyed && actor["name"] == query.Get("name") && (!query.Has("key") || actor["key"] == query.Get("key"))
		if (byID || byName) && actor["create_ts"].(int) < before && len(found) < limit {
			found = append(found, actor)
		}
	}
	return found
}

// TestEveryActorIsFoundAtLittleCost draws servers and ledgers that know more or less of them: every declared actor is found as what it is
// now, by no more requests than there have to be.
func TestEveryActorIsFoundAtLittleCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		server := newDirectory(t)
		recalled := &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{}}
		var declared []*plan.Desired
		var want []string
		for i := range rapid.IntRange(1, 400).Draw(t, "actors") {
			name, key := rapid.SampledFrom([]string{"counter", "chat"}).Draw(t, "name"), fmt.Sprint(i)
			switch rapid.IntRange(0, 9).Draw(t, "known") {
			case 0: // nobody declares it
				server.add(name, key, true)
				continue
			case 1: // it is remembered, and was destroyed
				remember(recalled, name, key, server.add(name, key, false))
				want = append(want, "")
			case 2: // and was made again
				remember(recalled, name, key, server.add(name, key, false))
				want = append(want, server.add(name, key, true))
			case 3: // nobody has made it
				want = append(want, "")
			case 4: // somebody else has
				want = append(want, server.add(name, key, true))
			default:
				want = append(want, server.add(name, key, true))
				remember(recalled, name, key, want[len(want)-1])
			}
			d := &plan.Desired{Address: address.Address{Name: name, Label: "l" + key}, Key: []string{key}}
			declared = append(declared, d)
			if rapid.IntRange(0, 9).Draw(t, "twice") == 0 {
				declared, want = append(declared, d), append(want, want[len(want)-1])
			}
		}
		to, err := target.New(client.WithEndpoint(server.URL))
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		observed, err := to.Observe(t.Context(), declared, recalled)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range observed {
			if o.ActorID != want[i] || o.Exists != (want[i] != "") {
				t.Errorf("%s: observed %+v, want %q", declared[i].Address, o, want[i])
			}
		}
		if most := int64(20 + len(declared)/8); server.requests.Load() > most {
			t.Errorf("%d requests for %d actors", server.requests.Load(), len(declared))
		}
	})
}

// TestAskingCostsWhatItMust counts the requests about actors of one name.
func TestAskingCostsWhatItMust(t *testing.T) {
	for _, c := range []struct {
		name                       string
		known, gone, unknown, more int // more are there, and newer
		want                       int64
	}{
		{name: "all are known, and there", known: 200, want: 1},
		{name: "all are known, and gone", gone: 200, want: 1},
		{name: "few of many are known", known: 10, more: 1000, want: 1},
		{name: "a list brings others only", known: 96, more: 1000, want: 1 + 3},
		{name: "nobody knows them", unknown: 200, want: 1},
		{name: "nobody knows the few", unknown: 3, more: 100, want: 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := newDirectory(t)
			recalled := &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{}}
			var declared []*plan.Desired
			for i := range c.known + c.gone + c.unknown {
				key := fmt.Sprint(i)
				declared = append(declared, &plan.Desired{Address: address.Address{Name: "counter", Label: "l" + key}, Key: []string{key}})
				if i < c.known+c.gone {
					remember(recalled, "counter", key, server.add("counter", key, i < c.known))
				}
			}
			for i := range c.more {
				server.add("counter", fmt.Sprintf("other %d", i), true)
			}
			to, err := target.New(client.WithEndpoint(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			defer to.Close()
			if _, err := to.Observe(t.Context(), declared, recalled); err != nil {
				t.Fatal(err)
			}
			if got := server.requests.Load(); got != c.want {
				t.Errorf("%d requests, want %d", got, c.want)
			}
		})
	}
}

func remember(recalled *plan.Recalled, name, key, id string) {
	recalled.Actors[plan.IdentityOf(name, []string{key})] = &plan.Entry{Name: name, Key: []string{key}, ActorID: id}
}

// TestOnlyACrashIsAFailureToStart gives the errors of records that engine 2.3.19 has.
func TestOnlyACrashIsAFailureToStart(t *testing.T) {
	for _, c := range []struct {
		name            string
		record          map[string]any
		failing, asleep bool
	}{
		{"runs", map[string]any{"start_ts": 1, "connectable_ts": 1}, false, false},
		{"crashed", map[string]any{"sleep_ts": 1, "error": map[string]any{"crashed": map[string]any{"message": "bang"}}}, true, false},
		{"was lost", map[string]any{"start_ts": 1, "sleep_ts": 2, "error": map[string]any{"envoy_connection_lost": map[string]any{"envoy_key": "e"}}}, false, true},
		{"had no registry", map[string]any{"sleep_ts": 1, "error": "no_envoys"}, false, true},
		{"start was lost", map[string]any{"error": map[string]any{"envoy_no_response": map[string]any{"envoy_key": nil}}}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := newDirectory(t)
			server.add("counter", "a", true)
			maps.Copy(server.actors[0], c.record)
			to, err := target.New(client.WithEndpoint(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			defer to.Close()
			d := &plan.Desired{Address: address.Address{Name: "counter", Label: "a"}, Key: []string{"a"}}
			observed, err := to.Observe(t.Context(), []*plan.Desired{d}, &plan.Recalled{})
			if err != nil {
				t.Fatal(err)
			}
			if o := observed[0]; !o.Exists || (o.Failing != "") != c.failing || o.Asleep != c.asleep {
				t.Errorf("%+v", o)
			}
			listed, err := to.List(t.Context(), []string{"counter"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(listed) != 1 || (listed[0].Unfit != "") != c.failing {
				t.Errorf("%+v", listed)
			}
		})
	}
}
