package operatetest

import (
	"errors"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

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
