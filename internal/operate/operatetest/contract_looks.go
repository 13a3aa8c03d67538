package operatetest

import (
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/internal/export"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

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
	observed, err := c.server.ReadInputs(true).Observe(c.Context(), []*plan.Desired{with, without}, recalled)
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
