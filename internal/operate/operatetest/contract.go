package operatetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/export"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Subject is a Rivet that is held to the contract. It has the actors of examples/registry, and the namespace "default".
type Subject struct {
	Server func(namespace string) operate.Server
	Sleep  func(actorID string) // puts an actor to sleep, and returns when it sleeps
}

// TestServer holds a kind of server to its contract.
func TestServer(t *testing.T, s Subject) {
	t.Helper()
	for name, test := range map[string]func(*contract){
		"an actor is created once":                    (*contract).createsOnce,
		"what is made anew is another actor":          (*contract).tellsGenerations,
		"an actor that does not start says why":       (*contract).failsToStart,
		"a call is made once, and its answer given":   (*contract).calls,
		"what an actor refuses has not been in doubt": (*contract).refuses,
		"events are awaited":                          (*contract).awaits,
		"queues take messages":                        (*contract).queues,
		"requests are answered":                       (*contract).requests,
		"parameters open an actor":                    (*contract).connects,
		"reads change nothing":                        (*contract).reads,
		"what sleeps is woken by reads alone":         (*contract).sleeps,
		"inputs are read back":                        (*contract).readsInputs,
		"actors are listed and inspected":             (*contract).lists,
		"names are announced by registries":           (*contract).names,
		"namespaces are created once":                 (*contract).namespaces,
		"pools are kept":                              (*contract).pools,
	} {
		t.Run(name, func(t *testing.T) { test(&contract{t, s, s.Server("default")}) })
	}
}

type contract struct {
	*testing.T
	subject Subject
	server  operate.Server
}

// declared evaluates a configuration with one actor, everything of which is known.
func (c *contract) declared(source string) *plan.Desired {
	c.Helper()
	config, diags := hcl.LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(source)})
	c.fine(diags)
	values, diags := config.Variables(hcl.VariableSources{})
	c.fine(diags)
	evaluation, diags := config.Evaluate(values, hcl.Options{})
	c.fine(diags)
	diags, err := evaluation.Observe(c.Context(), hcl.Server{Observer: c.server})
	c.fine(diags)
	c.must(err)
	return evaluation.Desired()[0]
}

func (c *contract) fine(diags hcl2.Diagnostics) {
	c.Helper()
	if diags.HasErrors() {
		c.Fatal(diags)
	}
}

func (c *contract) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// create makes a declared actor, which must start.
func (c *contract) create(d *plan.Desired) string {
	c.Helper()
	made, err := c.server.Create(c.Context(), d)
	c.must(err)
	c.must(c.server.Ready(c.Context(), made.ActorID, time.Minute, func(string) {}))
	return made.ActorID
}

// call makes a step of an actor, of which any event will do.
func (c *contract) call(id string, d *plan.Desired, step int) (cty.Value, error) {
	return c.server.Call(c.Context(), id, d, d.Steps[step], func(int, []cty.Value) (bool, error) { return true, nil })
}

// gives makes a step and compares its answer, which is JSON.
func (c *contract) gives(id string, d *plan.Desired, step int, want string) {
	c.Helper()
	output, err := c.call(id, d, step)
	c.must(err)
	c.same(output, want)
}

func (c *contract) same(got cty.Value, want string) {
	c.Helper()
	data, err := value.Encode(got)
	c.must(err)
	if string(data) != want {
		c.Errorf("got %s, not %s", data, want)
	}
}

func (c *contract) observed(d *plan.Desired) plan.Observed {
	c.Helper()
	observed, err := c.server.Observe(c.Context(), []*plan.Desired{d}, &plan.Recalled{})
	c.must(err)
	return observed[0]
}

func (c *contract) live(id string, d *plan.Desired, asleep bool) plan.Live {
	c.Helper()
	live, err := c.server.Read(c.Context(), []plan.Read{{Desired: d, ActorID: id, Asleep: asleep}})
	c.must(err)
	return live[0]
}

func (c *contract) createsOnce() {
	d := c.declared(`actor "counter" "c" {
		key   = ["once", "a,b/c", ""]
		input = { start = 3 }
		action "get" {}
	}`)
	if o := c.observed(d); o.Exists {
		c.Fatal("it is there before it was created")
	}
	made, err := c.server.Create(c.Context(), d)
	if err != nil || !made.New || made.CreatedAt.IsZero() {
		c.Fatalf("%+v, %v", made, err)
	}
	other := *d
	other.Input = cty.ObjectVal(map[string]cty.Value{"start": cty.NumberIntVal(9)})
	again, err := c.server.Create(c.Context(), &other)
	if err != nil || again.New || again.ActorID != made.ActorID {
		c.Errorf("created again: %+v, %v", again, err)
	}
	c.must(c.server.Ready(c.Context(), made.ActorID, time.Minute, func(string) {}))
	c.gives(made.ActorID, d, 0, "3")
	if o := c.observed(d); !o.Exists || o.ActorID != made.ActorID || !o.CreatedAt.Equal(made.CreatedAt) || o.Pool != c.server.Pool() || o.Failing != "" {
		c.Errorf("%+v", o)
	}
}

func (c *contract) tellsGenerations() {
	d := c.declared(`actor "counter" "c" { key = "generation" }`)
	first := c.create(d)
	c.must(c.server.Destroy(c.Context(), first, 0))
	c.must(c.server.Destroy(c.Context(), first, 0)) // one that is gone already is no error
	if o := c.observed(d); o.Exists {
		c.Errorf("destroyed, and there: %+v", o)
	}
	second := c.create(d)
	byID := &plan.Desired{Address: d.Address, ID: first, Settings: d.Settings}
	if o := c.observed(byID); first == second || o.Exists {
		c.Errorf("%s and %s; by the first one's id: %+v", first, second, o)
	}
	byID.ID = second
	if o := c.observed(byID); !o.Exists || !slices.Equal(o.Key, d.Key) {
		c.Errorf("by its id: %+v", o)
	}
}

func (c *contract) failsToStart() {
	d := c.declared(`actor "account" "a" {
		key   = "refused"
		input = { balance = 1 }
	}`)
	made, err := c.server.Create(c.Context(), d)
	c.must(err)
	if err := c.server.Ready(c.Context(), made.ActorID, time.Minute, func(string) {}); !isStartFailure(err, "owner must be a non-empty string") {
		c.Errorf("got %v", err)
	}
	if o := c.observed(d); !o.Exists || !strings.Contains(o.Failing, "owner must be") {
		c.Errorf("%+v", o)
	}
	if again, err := c.server.Create(c.Context(), d); err != nil || again.New {
		c.Errorf("its key is free: %+v, %v", again, err)
	}
	d = c.declared(`actor "nobodyKnowsThis" "a" { key = "a" }`)
	made, err = c.server.Create(c.Context(), d)
	c.must(err)
	if err := c.server.Ready(c.Context(), made.ActorID, time.Minute, func(string) {}); !isStartFailure(err, "not registered") {
		c.Errorf("got %v", err)
	}
}

func (c *contract) calls() {
	d := c.declared(`actor "values" "v" {
		key = "calls"
		action "first" { args = [{ a = [1, "two", null, true], b = 0.1 }] }
	}
	`)
	c.gives(c.create(d), d, 0, `{"a":[1,"two",null,true],"b":0.1}`)
	d = c.declared(`actor "counter" "c" {
		key = "calls"
		action "increment" { args = [5] }
		action "count" { call = "stats.calls" }
	}`)
	id := c.create(d)
	c.gives(id, d, 0, "5")
	c.gives(id, d, 0, "10")
	c.gives(id, d, 1, "2")
	d = c.declared(`actor "probe" "p" {
		key = "calls"
		action "call" { args = ["a"] }
	}`)
	c.gives(c.create(d), d, 0, `["$Undefined",0]`)
}

func (c *contract) refuses() {
	d := c.declared(`actor "account" "a" {
		key   = "refuses"
		input = { owner = "ada", balance = 2 }
		action "withdraw" { args = [5] }
		action "unknown" { call = "nothingOfThisName" }
	}`)
	id := c.create(d)
	_, err := c.call(id, d, 0)
	text := c.explained(err)
	if !strings.Contains(text, "user.insufficient_funds: cannot withdraw 5: the balance is 2") || !strings.Contains(text, `"requested":5`) {
		c.Errorf("explained as %s", text)
	}
	if !isSaid(err, "user", "insufficient_funds") {
		c.Errorf("not what the actor said: %#v", err)
	}
	_, err = c.call(id, d, 1)
	c.explained(err)
	c.must(c.server.Destroy(c.Context(), id, 0))
	_, err = c.call(id, d, 0)
	c.explained(err)
}

// explained returns the text of an error of a call that surely did not happen, or failed.
func (c *contract) explained(err error) string {
	c.Helper()
	if err == nil || isInDoubt(err) {
		c.Fatalf("got %v", err)
	}
	return c.server.Explain(err).Text
}

func (c *contract) awaits() {
	d := c.declared(`actor "chatRoom" "r" {
		key = "awaits"
		action "addMember" {
			args = ["ada"]
			await "memberAdded" {}
		}
		action "setTopic" {
			args = ["cats"]
			await "memberAdded" { timeout = "300ms" }
		}
	}`)
	id := c.create(d)
	c.gives(id, d, 0, "true")
	if _, err := c.call(id, d, 1); !isUnexpected(err) || !strings.Contains(err.Error(), `no event "memberAdded"`) {
		c.Errorf("got %v", err)
	}
	none := func(int, []cty.Value) (bool, error) { return false, nil }
	d.Steps[1].Awaits[0].Event = "topicChanged"
	if _, err := c.server.Call(c.Context(), id, d, d.Steps[1], none); !isUnexpected(err) {
		c.Errorf("of an event that does not match: %v", err)
	}
	unclear := func(int, []cty.Value) (bool, error) { return false, errors.New("it has another shape") }
	if _, err := c.server.Call(c.Context(), id, d, d.Steps[1], unclear); !isUnexpected(err) || !strings.Contains(err.Error(), `no event "topicChanged"`) ||
		!strings.Contains(err.Error(), "it has another shape") {
		c.Errorf("of an event of which nobody can tell: %v", err)
	}
}

func (c *contract) queues() {
	d := c.declared(`actor "jobs" "j" {
		key = "queues"
		message "work" {
			body = { id = "first" }
			wait = true
		}
		message "again" {
			queue = "work"
			body  = { id = "second" }
		}
		message "nowhere" { body = {} }
	}`)
	id := c.create(d)
	c.gives(id, d, 0, `{"id":"first","position":1}`)
	for _, step := range []int{1, 2} { // nobody tells queues that are worked off from others
		_, err := c.call(id, d, step)
		c.must(err)
	}
}

func (c *contract) requests() {
	d := c.declared(`actor "httpApi" "h" {
		key = "requests"
		request "put" {
			method        = "PUT"
			path          = "/items/limits"
			json          = { rounds = 2 }
			expect_status = [201]
		}
		request "again" {
			method        = "PUT"
			path          = "/items/limits"
			json          = { rounds = 3 }
			expect_status = [201]
		}
		request "missing" {
			method = "GET"
			path   = "/items/none"
		}
		request "get" {
			method = "GET"
			path   = "/items/limits"
		}
	}`)
	id := c.create(d)
	c.gives(id, d, 0, `{"rounds":2}`)
	_, err := c.call(id, d, 1)
	if text := c.explained(err); !strings.Contains(text, "status 200") {
		c.Errorf("explained as %s", text)
	}
	_, err = c.call(id, d, 2)
	if text := c.explained(err); !strings.Contains(text, "status 404") {
		c.Errorf("explained as %s", text)
	}
	c.gives(id, d, 3, `{"rounds":3}`)
}

func (c *contract) connects() {
	const vault = `actor "vault" "v" {
		key    = "connects"
		input  = { token = "sesame" }
		params = { token = "sesame" }
		action "store" { args = ["a", 1] }
		action "names" {}
	}`
	d := c.declared(vault)
	id := c.create(d)
	_, err := c.call(id, d, 0)
	c.must(err)
	c.gives(id, d, 1, `["a"]`)
	d = c.declared(strings.Replace(vault, `params = { token = "sesame" }`, "", 1))
	_, err = c.call(id, d, 0)
	if text := c.explained(err); !strings.Contains(text, "does not open this vault") {
		c.Errorf("explained as %s", text)
	}
}

func (c *contract) reads() {
	d := c.declared(`actor "probe" "p" {
		key = "reads"
		read "report" {}
		read "broken" { action = "call" }
		read "missing" { action = "nothingOfThisName" }
		ensure "all" {
			value = [read.report, try(read.missing, null), self.state.open]
			want  = null
			call  = "call"
		}
	}`)
	d.Reads = slices.DeleteFunc(d.Reads, func(r *plan.DesiredRead) bool { return r.Label == "broken" })
	id := c.create(d)
	live := c.live(id, d, false)
	c.same(live.Reads["report"].GetAttr("calls"), "{}")
	c.same(live.State.GetAttr("open"), "false")
	if live.StateFault != "" || live.Faults["missing"] == "" || live.Faults["report"] != "" {
		c.Errorf("%+v", live)
	}
	if stats := c.server.Stats(); stats.Reads < 3 || stats.Requests < 5 {
		c.Errorf("counted %+v", stats)
	}
}

func (c *contract) sleeps() {
	d := c.declared(`actor "counter" "c" { key = "sleeps" }`)
	d.ReadState = true
	id := c.create(d)
	c.subject.Sleep(id)
	for range 2 { // to look does not wake it
		if o := c.observed(d); !o.Asleep {
			c.Fatalf("%+v", o)
		}
	}
	woken := c.server.Stats().Woken
	c.live(id, d, true)
	if o := c.observed(d); o.Asleep || c.server.Stats().Woken != woken+1 {
		c.Errorf("%+v; %d woken", o, c.server.Stats().Woken-woken)
	}
	c.live(id, d, false)
	if now := c.server.Stats().Woken; now != woken+1 {
		c.Errorf("%d woken though it was awake", now-woken-1)
	}
}

func (c *contract) readsInputs() {
	with := c.declared(`actor "counter" "c" {
		key   = ["inputs", "with"]
		input = { start = 4 }
	}`)
	without := c.declared(`actor "counter" "c" { key = ["inputs", "without"] }`)
	without.Address.Key = address.StringKey("without")
	c.create(with)
	c.create(without)
	recalled := &plan.Recalled{DigestKey: []byte("key")}
	observed, err := c.server.ReadInputs().Observe(c.Context(), []*plan.Desired{with, without}, recalled)
	c.must(err)
	for i, d := range []*plan.Desired{with, without} {
		want, err := value.Remember(recalled.DigestKey, d.Input)
		c.must(err)
		if o := observed[i]; !o.Input.Equal(want) || o.InputFault != "" {
			c.Errorf("%+v, not %+v", o, want)
		}
	}
}

func (c *contract) lists() {
	for _, key := range []string{"a", "b"} {
		c.create(c.declared(`actor "account" "a" {
			key   = ["lists", "` + key + `"]
			input = { owner = "ada" }
		}`))
	}
	c.create(c.declared(`actor "chatRoom" "r" { key = ["lists", "c"] }`))
	found, err := c.server.List(c.Context(), []string{"account"}, []string{"lists"})
	if err != nil || len(found) != 2 {
		c.Fatalf("%+v, %v", found, err)
	}
	c.must(c.server.Inspect(c.Context(), found, true, true))
	for _, a := range found {
		if a.Unfit != "" || !a.InputKnown || a.StateFault != "" || a.InputFault != "" {
			c.Errorf("%+v", a)
		}
		c.same(a.Input, `{"owner":"ada"}`)
		c.same(a.State, `{"balance":0,"owner":"ada"}`)
	}
	if found, err = c.server.List(c.Context(), nil, []string{"lists"}); err != nil || len(found) != 3 {
		c.Errorf("of all names: %+v, %v", found, err)
	}
	if found, err = c.server.List(c.Context(), nil, []string{"lists", "b", "c"}); err != nil || len(found) != 0 {
		c.Errorf("with a longer prefix: %+v, %v", found, err)
	}
	c.listsUnfit()
}

func (c *contract) listsUnfit() {
	c.Helper()
	made, err := c.server.Create(c.Context(), c.declared(`actor "account" "a" { key = ["unfit"] }`))
	c.must(err)
	if err := c.server.Ready(c.Context(), made.ActorID, time.Minute, func(string) {}); err == nil {
		c.Fatal("it starts")
	}
	found, err := c.server.List(c.Context(), []string{"account"}, []string{"unfit"})
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Unfit, "owner must be") {
		c.Errorf("%+v, %v", found, err)
	}
	var untouched export.Actor
	untouched.Unfit = "some reason"
	c.must(c.server.Inspect(c.Context(), []export.Actor{untouched}, true, true))
}

func (c *contract) namespaces() {
	there, err := c.server.Environment(c.Context())
	if err != nil || there.Namespace != "default" || there.NamespaceID == "" || there.Endpoint == "" {
		c.Fatalf("%+v, %v", there, err)
	}
	other := c.subject.Server("contract")
	environment, err := other.Environment(c.Context())
	if err != nil || environment.NamespaceID != "" {
		c.Fatalf("%+v, %v", environment, err)
	}
	for range 2 { // one that is there already is no error
		c.must(other.CreateNamespace(c.Context(), "contract", "For the contract"))
	}
	environment, err = other.Environment(c.Context())
	if err != nil || environment.NamespaceID == "" || environment.NamespaceID == there.NamespaceID {
		c.Errorf("%+v, %v", environment, err)
	}
	names, err := c.server.Namespaces(c.Context(), []string{"contract", "no-such-namespace"})
	if err != nil || len(names) != 1 || names["contract"] != "For the contract" {
		c.Errorf("%v, %v", names, err)
	}
}

func (c *contract) pools() {
	normal := func(headers string) cty.Value {
		settings := cty.ObjectVal(map[string]cty.Value{"serverless": cty.ObjectVal(map[string]cty.Value{
			"url": cty.StringVal("http://127.0.0.1:9/" + headers), "headers": cty.EmptyObjectVal, "request_lifespan": cty.NumberIntVal(3600),
			"max_runners": cty.NumberIntVal(10), "slots_per_runner": cty.NumberIntVal(1),
		})})
		return cty.ObjectVal(map[string]cty.Value{"default": settings})
	}
	if err := c.server.UpdatePool(c.Context(), "contract", normal("a")); err == nil || isInDoubt(err) {
		c.Errorf("updated before it is there: %v", err)
	}
	c.must(c.server.CreatePool(c.Context(), "contract", normal("a")))
	if err := c.server.CreatePool(c.Context(), "contract", normal("b")); err == nil || isInDoubt(err) {
		c.Errorf("created twice: %v", err)
	}
	c.must(c.server.UpdatePool(c.Context(), "contract", normal("b")))
	pools, err := c.server.Pools(c.Context())
	c.must(err)
	url := cty.GetAttrPath("default").GetAttr("serverless").GetAttr("url")
	if got, err := url.Apply(pools["contract"]); err != nil || got.AsString() != "http://127.0.0.1:9/b" {
		c.Errorf("%#v, %v", got, err)
	}
	for range 2 { // one that is not there is no error
		c.must(c.server.DeletePool(c.Context(), "contract"))
	}
	if pools, err = c.server.Pools(c.Context()); err != nil || pools["contract"] != cty.NilVal {
		c.Errorf("%v, %v", pools, err)
	}
	if c.server.Pool() != "default" {
		c.Errorf("the pool is %q", c.server.Pool())
	}
}

func (c *contract) names() {
	names, err := c.server.Names(c.Context())
	c.must(err)
	if !slices.Contains(names, "counter") || !slices.Contains(names, "account") || slices.Contains(names, "kounter") {
		c.Errorf("announced are %q", names)
	}
}
