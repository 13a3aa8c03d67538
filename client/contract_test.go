package client_test

import (
	"errors"
	"math"
	"math/big"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"riveter/client"
)

// contract is what a client does with the actors of a real engine, whatever the
// encoding.
var contract = []struct {
	name  string
	check func(*testing.T, *client.Client)
}{
	{"a handle costs no request", handleCostsNoRequest},
	{"get or create makes an actor once", getOrCreateMakesOnce},
	{"get finds only what is there", getFindsOnlyWhatIsThere},
	{"create refuses what is there", createRefusesWhatIsThere},
	{"a handle finds an actor that was made again", handleFindsRemadeActor},
	{"arguments arrive as JavaScript values", argumentsArrive},
	{"results come back as Go values", resultsComeBack},
	{"arguments that look like markers stay what they are", markersAreEscaped},
	{"structs go and come by their tags", structsGoAndCome},
	{"nested actions are dotted", nestedActionsAreDotted},
	{"a user error keeps code and metadata", userErrorKeepsItsParts},
	{"an internal error was delivered", internalErrorWasDelivered},
	{"an unknown action is the actor's own answer", unknownActionIsTheActorsAnswer},
	{"connection parameters open a vault", parametersOpenVault},
	{"a connection carries calls and events", connectionCarriesCallsAndEvents},
	{"calls over a connection are kept apart", callsAreKeptApart},
	{"errors over a connection are those of a call", connectionErrors},
	{"a refused connection says why", refusedConnectionSaysWhy},
	{"an event goes to those who listen", eventGoesToListeners},
	{"flush confirms subscriptions", flushConfirmsSubscriptions},
	{"a queue stores and answers", queueStoresAndAnswers},
	{"raw HTTP reaches the actor", rawHTTPReachesActor},
	{"a raw WebSocket reaches the actor", rawWebSocketReachesActor},
}

func TestContract(t *testing.T) {
	t.Parallel()
	for _, encoding := range []client.Encoding{client.Bare, client.CBOR, client.JSON} {
		t.Run(encoding.String(), func(t *testing.T) {
			for _, clause := range contract {
				t.Run(clause.name, func(t *testing.T) {
					t.Parallel()
					clause.check(t, connected(t, client.WithEncoding(encoding)))
				})
			}
		})
	}
}

// counting counts the requests that pass it.
type counting struct {
	next  http.RoundTripper
	count atomic.Int64
}

func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	c.count.Add(1)
	return c.next.RoundTrip(req)
}

func handleCostsNoRequest(t *testing.T, _ *client.Client) {
	var requests counting
	c := connected(t, client.WithRoundTripper(func(next http.RoundTripper) http.RoundTripper {
		requests.next = next
		return &requests
	}))
	h := c.GetOrCreate("counter", key(t), client.WithInput(map[string]any{"start": 1}))
	c.Get("counter", key(t)).With(client.Idempotent())
	c.ForID(strings.Repeat("a", 30))
	if n := requests.count.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
	call(t, h, "get")
	first := requests.count.Load()
	call(t, h, "get")
	if n := requests.count.Load() - first; n != 1 {
		t.Errorf("a second call costs %d requests, want 1", n)
	}
}

func getOrCreateMakesOnce(t *testing.T, c *client.Client) {
	k := key(t)
	first, second := c.GetOrCreate("counter", k), c.GetOrCreate("counter", k)
	call(t, first, "increment", 2)
	if got := call(t, second, "increment"); got != 3.0 {
		t.Errorf("second handle counts to %v, want 3", got)
	}
	id, err := second.Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	actor, found, err := c.Management().ActorByKey(t.Context(), "counter", k)
	if err != nil || !found || actor.ID != id {
		t.Errorf("ActorByKey = %v, %v, %v; the handle says %s", actor.ID, found, err, id)
	}
}

func getFindsOnlyWhatIsThere(t *testing.T, c *client.Client) {
	k := key(t)
	_, err := c.Get("counter", k).Call(t.Context(), "get")
	if !errors.Is(err, client.ErrNotFound) || client.DeliveryOf(err) != client.NotDelivered {
		t.Errorf("missing: %v, %v", err, client.DeliveryOf(err))
	}
	call(t, c.GetOrCreate("counter", k), "increment", 5)
	if got := call(t, c.Get("counter", k), "get"); got != 5.0 {
		t.Errorf("got %v, want 5", got)
	}
}

func createRefusesWhatIsThere(t *testing.T, c *client.Client) {
	k := key(t)
	h, err := c.Create(t.Context(), "counter", k, client.WithInput(map[string]any{"start": 7}))
	if err != nil {
		t.Fatal(err)
	}
	if got := call(t, h, "get"); got != 7.0 {
		t.Errorf("got %v, want 7", got)
	}
	if _, err := c.Create(t.Context(), "counter", k); !errors.Is(err, client.ErrExists) {
		t.Errorf("second create: %v", err)
	}
}

func handleFindsRemadeActor(t *testing.T, c *client.Client) {
	k := key(t)
	h := c.GetOrCreate("counter", k)
	call(t, h, "increment", 9)
	id, _ := h.Resolve(t.Context())
	if err := c.Management().DestroyActor(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if got := call(t, h, "get"); got != 0.0 {
		t.Errorf("the new actor counts %v, want 0", got)
	}
	_, err := c.ForID(id).Call(t.Context(), "get")
	if !errors.Is(err, client.ErrNotFound) {
		t.Errorf("by the old id: %v", err)
	}
}

func TestInputArrivesAndNoneIsUndefined(t *testing.T) {
	t.Parallel()
	c := connected(t)
	for _, v := range []struct {
		name string
		opts []client.HandleOption
		want string
	}{
		{"absent", nil, "undefined"},
		{"null", []client.HandleOption{client.WithInput(nil)}, "null"},
		{"undefined", []client.HandleOption{client.WithInput(client.Undefined{})}, "undefined"},
		{"falsy", []client.HandleOption{client.WithInput(0)}, "number"},
		{"date", []client.HandleOption{client.WithInput(time.UnixMilli(5))}, "Date"},
		{"object", []client.HandleOption{client.WithInput(map[string]any{})}, "object"},
	} {
		seen := call(t, c.GetOrCreate("values", key(t, v.name), v.opts...), "describeInput")
		if got := seen.(map[string]any)["type"]; got != v.want {
			t.Errorf("%s: createState sees %v, want %v", v.name, got, v.want)
		}
	}
}

// These actors are shared by all clauses that do not change them: to start one is what
// takes the time.
func sharedValues(c *client.Client) *client.Handle {
	return c.GetOrCreate("values", client.Key{"shared"})
}

func sharedAccount(c *client.Client) *client.Handle {
	return c.GetOrCreate("account", client.Key{"shared"}, client.WithInput(map[string]any{"owner": "ada", "balance": 1}))
}

func sharedVault(c *client.Client) *client.Handle {
	return c.GetOrCreate("vault", client.Key{"shared"}, client.WithInput(map[string]any{"token": "ключ"}))
}

// seen is what an actor says of an argument.
func seen(kind string, value any) map[string]any {
	return map[string]any{"type": kind, "value": value}
}

func argumentsArrive(t *testing.T, c *client.Client) {
	h := sharedValues(c)
	for _, v := range []struct {
		value any
		want  map[string]any
	}{
		{nil, map[string]any{"type": "null"}},
		{client.Undefined{}, map[string]any{"type": "undefined"}},
		{true, seen("boolean", true)},
		{42, seen("number", "42")},
		{int8(-5), seen("number", "-5")},
		{uint32(math.MaxUint32), seen("number", "4294967295")},
		{1 << 32, seen("number", "4294967296")},
		{int64(1<<53 - 1), seen("number", "9007199254740991")},
		{-(1<<53 - 1), seen("number", "-9007199254740991")},
		{0.1, seen("number", "0.1")},
		{1e300, seen("number", "1e+300")},
		{math.Copysign(0, -1), seen("number", "-0")},
		{big.NewInt(5), seen("bigint", "5")},
		{new(big.Int).Lsh(big.NewInt(1), 80), seen("bigint", "1208925819614629174706176")},
		{"Grüße, 世界 😀", seen("string", "Grüße, 世界 😀")},
		{[]byte{0, 1, 255}, seen("Uint8Array", "0001ff")},
		{client.Set{1.0}, map[string]any{"type": "Set", "items": []any{seen("number", "1")}}},
		{[]string{"a"}, map[string]any{"type": "array", "items": []any{seen("string", "a")}}},
		{map[string]any{"a": nil}, map[string]any{"type": "object", "fields": map[string]any{"a": map[string]any{"type": "null"}}}},
	} {
		if diff := cmp.Diff([]any{v.want}, call(t, h, "describe", v.value)); diff != "" {
			t.Errorf("%T %v (-want +got):\n%s", v.value, v.value, diff)
		}
	}
	for _, unsafe := range []any{1 << 53, uint64(math.MaxUint64), "\xff"} {
		_, err := h.Call(t.Context(), "describe", unsafe)
		if err == nil || client.DeliveryOf(err) != client.NotDelivered {
			t.Errorf("%v: %v, %v", unsafe, err, client.DeliveryOf(err))
		}
	}
}

func resultsComeBack(t *testing.T, c *client.Client) {
	h := sharedValues(c)
	for kind, want := range map[string]any{
		"undefined":      client.Undefined{},
		"null":           nil,
		"boolean":        true,
		"integer":        42.0,
		"fraction":       0.1,
		"aboveUint32":    4294967296.0,
		"maxSafeInteger": float64(1<<53 - 1),
		"bigint":         new(big.Int).Lsh(big.NewInt(1), 64),
		"string":         "Grüße, 世界 😀",
		"bytes":          []byte{0, 1, 254, 255},
		"set":            client.Set{1.0, "two"},
		"dollarPair":     []any{"$price", 5.0},
	} {
		if diff := cmp.Diff(want, call(t, h, "sample", kind), sameBigInt); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

var sameBigInt = cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })

// Only the bare encoding carries these.
func TestBareResultsAreLossless(t *testing.T) {
	h := sharedValues(connected(t))
	when := time.Date(2024, 2, 29, 12, 34, 56, 789e6, time.UTC)
	for kind, want := range map[string]any{
		"date":         when,
		"nan":          math.NaN(),
		"infinity":     math.Inf(1),
		"map":          client.Tag{Number: 259, Content: map[string]any{"one": 1.0}},
		"float64Array": client.Tag{Number: 86, Content: []byte("\x00\x00\x00\x00\x00\x00\xe0\x3f\x00\x00\x00\x00\x00\x00\xf8\x3f")},
		"nested": map[string]any{
			"list":    []any{1.0, map[string]any{"when": time.UnixMilli(0).UTC()}},
			"nothing": nil, "missing": client.Undefined{}, "big": big.NewInt(7),
		},
	} {
		got := call(t, h, "sample", kind)
		if diff := cmp.Diff(want, got, sameBigInt, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
		if diff := cmp.Diff(got, call(t, h, "first", got), sameBigInt, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s sent back (-sent +got):\n%s", kind, diff)
		}
	}
	if diff := cmp.Diff([]any{seen("Date", "2024-02-29T12:34:56.789Z"), seen("number", "NaN")}, call(t, h, "describe", when, math.NaN())); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestLossyEncodingsRefuseWhatTheyCannotCarry(t *testing.T) {
	for _, encoding := range []client.Encoding{client.CBOR, client.JSON} {
		h := sharedValues(connected(t, client.WithEncoding(encoding)))
		for _, v := range []any{time.Now(), math.NaN(), math.Inf(-1), client.Tag{Number: 27, Content: []any{"regexp", "a"}}} {
			if _, err := h.Call(t.Context(), "first", v); err == nil || client.DeliveryOf(err) != client.NotDelivered {
				t.Errorf("%v: %v was sent: %v", encoding, v, err)
			}
		}
	}
}

func markersAreEscaped(t *testing.T, c *client.Client) {
	h := sharedValues(c)
	for _, v := range []any{
		[]any{"$BigInt", "5"},
		[]any{"$", 1.0},
		[]any{"$$", nil},
		[]any{"$Undefined", 0.0},
		[]any{"$x"},
		[]any{"$x", 1.0, 2.0},
		map[string]any{"$BigInt": []any{"$Set", []any{}}},
	} {
		if diff := cmp.Diff(v, call(t, h, "first", v)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", v, diff)
		}
	}
	if diff := cmp.Diff([]any{"$Undefined", 0.0}, call(t, h, "echo", "$Undefined", 0)); diff != "" {
		t.Errorf("as the arguments themselves (-want +got):\n%s", diff)
	}
}

func structsGoAndCome(t *testing.T, c *client.Client) {
	type part struct {
		Name string   `json:"name"`
		Size int      `json:"size,omitempty"`
		Data []byte   `json:"data"`
		Big  *big.Int `json:"big"`
	}
	type whole struct {
		Parts []part         `json:"parts"`
		Index map[string]int `json:"index"`
	}
	h := sharedValues(c)
	sent := whole{Parts: []part{{Name: "a", Size: 1 << 40, Data: []byte{7}, Big: big.NewInt(8)}}, Index: map[string]int{"a": 0}}
	got, err := client.Call[whole](t.Context(), h, "first", sent)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, got, sameBigInt); diff != "" {
		t.Errorf("(-sent +got):\n%s", diff)
	}
	described := call(t, h, "describe", sent.Parts[0].Data, sent.Parts[0].Big)
	if diff := cmp.Diff([]any{seen("Uint8Array", "07"), seen("bigint", "8")}, described); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := client.Call[int](t.Context(), h, "first", "text"); err == nil || client.DeliveryOf(err) != client.Delivered {
		t.Errorf("a result of another type: %v, %v", err, client.DeliveryOf(err))
	}
}

func nestedActionsAreDotted(t *testing.T, c *client.Client) {
	h := c.GetOrCreate("counter", key(t))
	call(t, h, "increment")
	if got := call(t, h, "stats.calls"); got != 1.0 {
		t.Errorf("stats.calls = %v, want 1", got)
	}
}

func userErrorKeepsItsParts(t *testing.T, c *client.Client) {
	h := sharedAccount(c)
	_, err := h.Call(t.Context(), "withdraw", 5)
	checkUserError(t, err)
	e, _ := errors.AsType[*client.Error](err)
	id, _ := h.Resolve(t.Context())
	if e.ActorID != id || e.RayID == "" || e.Status != http.StatusInternalServerError || e.Path != "/gateway/account/action/withdraw" || e.Generation == 0 || !e.Key.Equal(client.Key{"shared"}) {
		t.Errorf("error says actor %q, ray %q, status %d, path %q, generation %d, key %q", e.ActorID, e.RayID, e.Status, e.Path, e.Generation, e.Key)
	}
}

func checkUserError(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*client.Error](err)
	if !ok {
		t.Fatalf("error is %v", err)
	}
	if e.Group != "user" || e.Code != "insufficient_funds" || e.Message != "cannot withdraw 5: the balance is 1" {
		t.Errorf("error is %s.%s: %s", e.Group, e.Code, e.Message)
	}
	if diff := cmp.Diff(map[string]any{"balance": 1.0, "requested": 5.0}, e.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if client.DeliveryOf(err) != client.Delivered {
		t.Errorf("delivery is %v", client.DeliveryOf(err))
	}
}

func internalErrorWasDelivered(t *testing.T, c *client.Client) {
	_, err := sharedAccount(c).Call(t.Context(), "crash")
	e, _ := errors.AsType[*client.Error](err)
	if e == nil || e.Group != "rivetkit" || e.Code != "internal_error" || client.DeliveryOf(err) != client.Delivered {
		t.Errorf("%v, %v", err, client.DeliveryOf(err))
	}
}

func unknownActionIsTheActorsAnswer(t *testing.T, c *client.Client) {
	for _, action := range []string{"nope", "a/b", "..", "ü?#%"} {
		_, err := sharedAccount(c).Call(t.Context(), action)
		e, _ := errors.AsType[*client.Error](err)
		if e == nil || e.Code != "action_not_found" || client.DeliveryOf(err) != client.Delivered {
			t.Errorf("%s: %v, %v", action, err, client.DeliveryOf(err))
		}
	}
}

func parametersOpenVault(t *testing.T, c *client.Client) {
	h := sharedVault(c)
	open := h.With(client.WithParams(map[string]any{"token": "ключ", "user": "😀"}))
	if got := call(t, open, "whoami"); got != "😀" {
		t.Errorf("whoami = %v", got)
	}
	for name, shut := range map[string]*client.Handle{"none": h, "wrong": h.With(client.WithParams(map[string]any{"token": "key"}))} {
		_, err := shut.Call(t.Context(), "whoami")
		e, _ := errors.AsType[*client.Error](err)
		if e == nil || e.Group != "user" || e.Code != "forbidden" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
