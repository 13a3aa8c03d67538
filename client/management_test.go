package client_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"riveter/client"
)

// unknownID is the id of an actor on some other engine.
const unknownID = "9apcl0g9yyrjx4mjwxhkwpxmpgbl00"

func TestManagementKnowsTheServer(t *testing.T) {
	m := connected(t).Management()
	datacenters, err := m.Datacenters(t.Context())
	if err != nil || len(datacenters) != 1 || datacenters[0].Name != "default" {
		t.Errorf("Datacenters = %+v, %v", datacenters, err)
	}
	var names []string
	for name, err := range m.ActorNames(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "chatRoom") || !slices.Contains(names, "vault") {
		t.Errorf("names are %v", names)
	}
}

func TestManagementMakesNamespaces(t *testing.T) {
	m := connected(t).Management()
	name := fmt.Sprintf("made-%d", time.Now().UnixNano())
	if _, found, err := m.NamespaceByName(t.Context(), name); found || err != nil {
		t.Fatalf("found before it is made: %v, %v", found, err)
	}
	made, err := m.CreateNamespace(t.Context(), name, "Made by a test")
	if err != nil {
		t.Fatal(err)
	}
	found, ok, err := m.NamespaceByName(t.Context(), name)
	if err != nil || !ok || found != made || found.DisplayName != "Made by a test" {
		t.Errorf("found %+v, %v, %v; made %+v", found, ok, err, made)
	}
	var all []string
	for ns, err := range m.Namespaces(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ns.Name)
	}
	if !slices.Contains(all, name) || !slices.Contains(all, "default") {
		t.Errorf("namespaces are %v", all)
	}
	if _, err := m.CreateNamespace(t.Context(), name, "again"); mustError(t, err).Code != "name_not_unique" {
		t.Errorf("made twice: %v", err)
	}
}

func TestManagementConfiguresPools(t *testing.T) {
	m := connected(t).Management()
	const name = "pool with spaces/and a slash"
	if _, err := m.PutPool(t.Context(), name, client.PoolConfig{"default": {Normal: map[string]any{"actor_eviction_delay": 5}}}); err != nil {
		t.Fatal(err)
	}
	pools, err := m.Pools(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := pools[name]["default"].Normal["actor_eviction_delay"]; got != 5.0 {
		t.Errorf("setting is %v in %v", got, pools)
	}
	if pools["default"]["default"].Normal == nil || pools["default"]["default"].Serverless != nil {
		t.Errorf("the registry's pool is %+v", pools["default"])
	}
	if _, err := m.PutPool(t.Context(), name, client.PoolConfig{"default": {Normal: map[string]any{}}}); err != nil {
		t.Errorf("without settings: %v", err)
	}
	for range 2 {
		if err := m.DeletePool(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if pools, _ := m.Pools(t.Context()); pools[name] != nil {
		t.Errorf("deleted pool is %+v", pools[name])
	}
}

func TestActorsAreFoundInEveryWay(t *testing.T) {
	c := connected(t)
	m := c.Management()
	want := map[string]bool{}
	k := key(t)
	for i := range 5 {
		actor, created, err := m.GetOrCreateActor(t.Context(), "values", slices.Concat(k, client.Key{fmt.Sprint(i)}))
		if err != nil || !created {
			t.Fatalf("GetOrCreateActor = %v, %v", created, err)
		}
		want[actor.ID] = true
	}
	unkeyed, err := m.CreateActor(t.Context(), "values", nil)
	if err != nil || unkeyed.Key != nil || unkeyed.WireKey != "" {
		t.Fatalf("actor without a key is %+v, %v", unkeyed, err)
	}
	want[unkeyed.ID] = true
	got := map[string]bool{}
	for actor, err := range m.Actors(t.Context(), "values", client.ListOptions{PageSize: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		got[actor.ID] = true
	}
	for id := range want {
		if !got[id] {
			t.Errorf("the list lacks %s", id)
		}
	}
	ids := append(slices.Collect(maps.Keys(want)), unknownID, unkeyed.ID)
	found, err := m.ActorsByID(t.Context(), ids...)
	if err != nil || len(found) != len(want) {
		t.Errorf("by ids: %d of %d, %v", len(found), len(want), err)
	}
	if _, err := m.ActorsByID(t.Context(), "no id"); client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("a malformed id: %v", err)
	}
	for actor, err := range m.AwaitStart(t.Context(), slices.Collect(maps.Keys(want))...) {
		if err != nil || actor.StartedAt.IsZero() || actor.Status() != client.Running {
			t.Errorf("%s is %v, %v", actor.ID, actor.Status(), err)
		}
		delete(want, actor.ID)
	}
	if len(want) > 0 {
		t.Errorf("AwaitStart leaves %v", want)
	}
}

func TestAwaitStartTellsWhyAnActorFails(t *testing.T) {
	t.Parallel()
	c := connected(t)
	m := c.Management()
	refused, _, err := m.GetOrCreateActor(t.Context(), "account", key(t), client.WithInput(map[string]any{"owner": ""}))
	if err != nil {
		t.Fatal(err)
	}
	unknown, _, err := m.GetOrCreateActor(t.Context(), "noSuchActor", key(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		refused.ID: "owner must be a non-empty string", unknown.ID: "noSuchActor", unknownID: "",
	}
	for actor, err := range m.AwaitStart(t.Context(), refused.ID, unknown.ID, unknownID) {
		switch {
		case actor.ID == unknownID:
			if !errors.Is(err, client.ErrNotFound) {
				t.Errorf("an actor that never was: %v", err)
			}
		case err != nil || actor.Status() != client.Failing || actor.Failure.Kind != "crashed" || !strings.Contains(actor.Failure.Error(), want[actor.ID]):
			t.Errorf("%s: %v, %v, %v", actor.Name, actor.Status(), actor.Failure, err)
		}
		delete(want, actor.ID)
	}
	if len(want) > 0 {
		t.Errorf("nothing was said of %v", want)
	}
	_, err = c.ForID(refused.ID).Call(t.Context(), "get")
	if failure, ok := errors.AsType[*client.ActorFailure](err); !ok || !strings.Contains(failure.Message, "non-empty") || client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("a call to it: %v, %v", err, client.DeliveryOf(err))
	}
	for _, id := range []string{refused.ID, unknown.ID} {
		if err := m.DestroyActor(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
}

func TestDestroyIsConfirmedAndFreesTheKey(t *testing.T) {
	c := connected(t)
	m := c.Management()
	k := key(t)
	first, _, err := m.GetOrCreateActor(t.Context(), "counter", k)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := m.DestroyActor(t.Context(), first.ID); err != nil {
			t.Error(err)
		}
	}
	second, created, err := m.GetOrCreateActor(t.Context(), "counter", k)
	if err != nil || !created || second.ID == first.ID {
		t.Errorf("made again: %v, %v, %v", second.ID, created, err)
	}
	generations := map[client.Status]int{}
	for actor, err := range m.Actors(t.Context(), "counter", client.ListOptions{IncludeDestroyed: true}) {
		if err != nil {
			t.Fatal(err)
		}
		if actor.WireKey == k.String() && actor.DestroyedAt.IsZero() {
			generations["live"]++
		} else if actor.WireKey == k.String() {
			generations[actor.Status()]++
		}
	}
	if diff := cmp.Diff(map[client.Status]int{"live": 1, client.Destroyed: 1}, generations); diff != "" {
		t.Errorf("generations (-want +got):\n%s", diff)
	}
	if err := m.DestroyActor(t.Context(), unknownID); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an actor that never was: %v", err)
	}
}

// TestWhatIsGoneIsDestroyed loses every answer to a destruction. Whether it was done, the server's record says.
func TestWhatIsGoneIsDestroyed(t *testing.T) {
	t.Parallel()
	alive := `{"actors":[{"actor_id":"` + anID + `","name":"n","key":"k","create_ts":1}]}`
	destroyed := strings.Replace(alive, `"create_ts":1`, `"create_ts":1,"destroy_ts":2`, 1)
	for name, lost := range map[string]http.HandlerFunc{
		"hangs up": hangsUp, "hangs": hangs, "torn": tears(http.StatusOK), "a gateway": says(http.StatusGatewayTimeout, "<html>"), "a proxy": says(http.StatusForbidden, "<html>"),
	} {
		for _, record := range []string{destroyed, `{"actors":[]}`, alive, `{}`} {
			t.Run(name+" "+record, func(t *testing.T) {
				t.Parallel()
				server := newScript(t, func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodDelete {
						lost(w, r)
					} else {
						says(http.StatusOK, "%s", record)(w, r)
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				err := server.client(t).Management().DestroyActor(ctx, anID)
				if isGone := record == destroyed; (err == nil) != isGone {
					t.Error(err)
				}
			})
		}
	}
}

// The engine sees a key as the test does: by the actor's own account, by its record, and
// by looking it up.
func TestTheEngineSeesKeysAsWeDo(t *testing.T) {
	t.Parallel()
	c := connected(t)
	k := key(t)
	part := rapid.StringOfN(rapid.RuneFrom([]rune(`/\0,%+ aé😀`+"\n")), 0, 5, -1)
	seen := map[string]client.Key{} // ids by key
	rapid.Check(t, func(rt *rapid.T) {
		if len(seen) >= 12 {
			return
		}
		one := slices.Concat(k, rapid.SliceOfN(part, 0, 4).Draw(rt, "key"))
		identity, err := client.Call[struct {
			ID  string     `json:"id"`
			Key client.Key `json:"key"`
		}](t.Context(), c.GetOrCreate("values", one), "identity")
		if err != nil || !identity.Key.Equal(one) {
			rt.Fatalf("%q arrives as %q, %v", []string(one), []string(identity.Key), err)
		}
		actor, found, err := c.Management().ActorByKey(t.Context(), "values", one)
		if err != nil || !found || actor.ID != identity.ID || !actor.Key.Equal(one) || actor.WireKey != one.String() {
			rt.Fatalf("%q is looked up as %+v, %v, %v", []string(one), actor, found, err)
		}
		if other, ok := seen[identity.ID]; ok && !other.Equal(one) {
			rt.Fatalf("%q and %q are one actor", []string(other), []string(one))
		}
		seen[identity.ID] = one
	})
}

// engineList answers as the engine lists actors: newest first, strictly older than the
// cursor, cut at the limit without regard to those that share a millisecond.
func engineList(created []int) http.HandlerFunc {
	slices.SortFunc(created, func(a, b int) int { return b - a })
	return func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		var rows []string
		for i, ts := range created {
			before, err := strconv.Atoi(r.URL.Query().Get("cursor"))
			if (err != nil || ts < before) && len(rows) < limit {
				rows = append(rows, fmt.Sprintf(`{"actor_id":"%030d","name":"n","key":null,"create_ts":%d}`, i, ts))
			}
		}
		fmt.Fprint(w, `{"actors":[`+strings.Join(rows, ",")+`]}`)
	}
}

func TestPagesLoseAndRepeatNobody(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		created := rapid.SliceOfN(rapid.IntRange(1, 6), 0, 40).Draw(rt, "milliseconds")
		size := rapid.IntRange(1, 7).Draw(rt, "page size")
		s := newScript(t, engineList(created))
		defer s.Close()
		c := s.client(t)
		defer c.Close()
		seen := map[string]int{}
		for actor, err := range c.Management().Actors(t.Context(), "n", client.ListOptions{PageSize: size}) {
			if err != nil {
				rt.Fatal(err)
			}
			seen[actor.ID]++
		}
		if len(seen) != len(created) {
			rt.Errorf("%d of %d actors", len(seen), len(created))
		}
		for id, n := range seen {
			if n != 1 {
				rt.Errorf("%s %d times", id, n)
			}
		}
	})
}

// TestAListWithoutEndIsAnError has servers that always have another page.
func TestAListWithoutEndIsAnError(t *testing.T) {
	row := func(id, ts int) string {
		return fmt.Sprintf(`{"actor_id":"%030d","name":"n","key":null,"create_ts":%d}`, id, ts)
	}
	for name, row := range map[string]func(page, i int) string{
		"the first page again":             func(_, i int) string { return row(i, 9_000_000-i) },
		"always newer":                     func(page, i int) string { return row(page*100_000+i, page*100_000+i) },
		"all of one millisecond":           func(page, i int) string { return row(page*100_000+i, 1) },
		"always the same row of all there": func(int, int) string { return row(1, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := 0
			s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
				limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
				rows := make([]string, limit)
				for i := range rows {
					rows[i] = row(page, i)
				}
				page++
				fmt.Fprint(w, `{"actors":[`+strings.Join(rows, ",")+`]}`)
			})
			var last error
			for _, err := range s.client(t).Management().Actors(t.Context(), "n", client.ListOptions{PageSize: 50_000}) {
				last = err
			}
			if last == nil || !strings.Contains(last.Error(), "does not come to an end") {
				t.Errorf("after %d pages: %v", page, last)
			}
		})
	}
}

func TestNamesWithoutEndAreAnError(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf(`"n%d":{}`, i))
	}
	s := newScript(t, says(200, "%s", `{"names":{`+strings.Join(names, ",")+`}}`))
	var last error
	for _, err := range s.client(t).Management().ActorNames(t.Context()) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "does not come to an end") {
		t.Errorf("after %d requests: %v", s.requests.Load(), last)
	}
}

func TestAListStopsWhenNobodyReadsOn(t *testing.T) {
	s := newScript(t, engineList([]int{1, 2, 3, 4, 5, 6, 7, 8, 9}))
	n := 0
	for _, err := range s.client(t).Management().Actors(t.Context(), "n", client.ListOptions{PageSize: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	if requests := s.requests.Load(); requests != 2 {
		t.Errorf("%d requests for 3 actors in pages of 2", requests)
	}
}

func TestLooksUpThirtyTwoAtATime(t *testing.T) {
	var asked []int
	s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, len(r.URL.Query()["actor_id"]))
		fmt.Fprint(w, `{"actors":[]}`)
	})
	ids := make([]string, 70)
	for i := range ids {
		ids[i] = fmt.Sprintf("%030d", i)
	}
	found, err := s.client(t).Management().ActorsByID(t.Context(), append(ids, ids...)...)
	if err != nil || len(found) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
	if diff := cmp.Diff([]int{32, 32, 6}, asked); diff != "" {
		t.Errorf("ids a request (-want +got):\n%s", diff)
	}
}

// TestWhatIsNoListIsNotEmpty has somebody else answer for the engine, with a success: what it does not list is not gone.
func TestWhatIsNoListIsNotEmpty(t *testing.T) {
	t.Parallel()
	lists := map[string]func(context.Context, client.Management) error{
		"by key": func(ctx context.Context, m client.Management) error {
			_, _, err := m.ActorByKey(ctx, "a", nil)
			return err
		},
		"by id": func(ctx context.Context, m client.Management) error { _, err := m.ActorsByID(ctx, anID); return err },
		"actors": func(ctx context.Context, m client.Management) error {
			return drained(m.Actors(ctx, "a", client.ListOptions{}))
		},
		"names": func(ctx context.Context, m client.Management) error { return drained(m.ActorNames(ctx)) },
		"namespace": func(ctx context.Context, m client.Management) error {
			_, _, err := m.NamespaceByName(ctx, "a")
			return err
		},
		"namespaces":  func(ctx context.Context, m client.Management) error { return drained(m.Namespaces(ctx)) },
		"pools":       func(ctx context.Context, m client.Management) error { _, err := m.Pools(ctx); return err },
		"datacenters": func(ctx context.Context, m client.Management) error { _, err := m.Datacenters(ctx); return err },
	}
	for _, body := range []string{
		`{}`, `null`, `{"error":"maintenance"}`, `{"pagination":{"cursor":null}}`,
		`{"actors":null,"names":null,"namespaces":null,"runner_configs":null,"datacenters":null}`,
	} {
		server := newScript(t, says(http.StatusOK, "%s", body))
		for name, ask := range lists {
			err := ask(t.Context(), server.client(t).Management())
			if err == nil || !strings.Contains(err.Error(), "not what the API promises") {
				t.Errorf("%s, answered with %s: %v", name, body, err)
			}
		}
	}
}

func drained[T any](all iter.Seq2[T, error]) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestWhatIsNoJSONIsAskedForAgain has an answer end too early, or be a page. What is JSON and does not fit would be no other another time.
func TestWhatIsNoJSONIsAskedForAgain(t *testing.T) {
	t.Parallel()
	whole := `{"actors":[{"actor_id":"` + anID + `","name":"n","key":"k","create_ts":1}]}`
	for first, requests := range map[string]int64{whole[:40]: 2, "<html>": 2, "": 2, whole + "}": 2, `{"actors":"none"}`: 1, `{}`: 1, whole: 1} {
		server := newScript(t, says(http.StatusOK, "%s", first), says(http.StatusOK, "%s", whole))
		_, found, err := server.client(t).Management().ActorByKey(t.Context(), "n", client.Key{"k"})
		isRead := requests == 2 || first == whole
		if got := server.requests.Load(); got != requests || found != isRead || (err == nil) != isRead {
			t.Errorf("%s: %d requests, found %t: %v", first, got, found, err)
		}
	}
}

// TestWhatNobodyDidIsNotDone has somebody else answer for the engine, with a success: no namespace came of it, and no pool changed.
func TestWhatNobodyDidIsNotDone(t *testing.T) {
	t.Parallel()
	writes := map[string]func(client.Management) error{
		"create a namespace": func(m client.Management) error { return second(m.CreateNamespace(t.Context(), "a", "A")) },
		"put a pool":         func(m client.Management) error { return second(m.PutPool(t.Context(), "a", client.PoolConfig{})) },
		"delete a pool":      func(m client.Management) error { return m.DeletePool(t.Context(), "a") },
	}
	const there = `{"runner_configs":{"a":{"datacenters":{"default":{"normal":{}}}}}}`
	for _, body := range []string{`{}`, `null`, `{"namespace":{}}`, `{"endpoint_config_changed":null}`, `<html>Sign in</html>`, ``} {
		server := newScript(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				says(http.StatusOK, there)(w, r)
				return
			}
			says(http.StatusOK, "%s", body)(w, r)
		})
		for name, write := range writes {
			if err := write(server.client(t).Management()); err == nil || client.DeliveryOf(err) != client.InDoubt {
				t.Errorf("%s, answered with %s: %v", name, body, err)
			}
		}
	}
}

// TestAPoolThatIsGoneIsDeleted has the answer be lost, or come from somebody else: the list tells.
func TestAPoolThatIsGoneIsDeleted(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{"lost": hangsUp, "a page": says(http.StatusOK, "<html>"), "forbidden": says(http.StatusForbidden, "no")} {
		server := newScript(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				says(http.StatusOK, `{"runner_configs":{}}`)(w, r)
				return
			}
			answer(w, r)
		})
		if err := server.client(t, client.WithRetries(0)).Management().DeletePool(t.Context(), "a"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAnotherOneIsNotTheOneAskedFor has a cache answer that does not look at what is asked.
func TestAnotherOneIsNotTheOneAskedFor(t *testing.T) {
	t.Parallel()
	const other = `{"actor_id":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","name":%q,"key":%s,"create_ts":1}`
	for name, c := range map[string]struct {
		body string
		ask  func(client.Management) error
	}{
		"key":            {`{"actors":[` + fmt.Sprintf(other, "n", `"z"`) + `]}`, read},
		"name":           {`{"actors":[` + fmt.Sprintf(other, "m", `"k"`) + `]}`, read},
		"no key":         {`{"actors":[` + fmt.Sprintf(other, "n", "null") + `]}`, read},
		"id":             {`{"actors":[` + fmt.Sprintf(other, "n", `"k"`) + `]}`, func(m client.Management) error { return second(m.ActorsByID(t.Context(), anID)) }},
		"list":           {`{"actors":[` + fmt.Sprintf(other, "m", `"k"`) + `]}`, func(m client.Management) error { return drained(m.Actors(t.Context(), "n", client.ListOptions{})) }},
		"created":        {`{"actor":` + fmt.Sprintf(other, "n", `"z"`) + `,"created":true}`, create},
		"got or created": {`{"actor":` + fmt.Sprintf(other, "m", `"k"`) + `,"created":true}`, getOrCreate},
		"namespace": {`{"namespaces":[{"namespace_id":"1","name":"other"}]}`, func(m client.Management) error {
			_, _, err := m.NamespaceByName(t.Context(), "n")
			return err
		}},
		"namespaces": {`{"namespaces":[{"name":"other"}]}`, func(m client.Management) error { return drained(m.Namespaces(t.Context())) }},
	} {
		server := newScript(t, says(http.StatusOK, "%s", c.body))
		if err := c.ask(server.client(t, client.WithRetries(0)).Management()); err == nil || !strings.Contains(err.Error(), "not what the API promises") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
