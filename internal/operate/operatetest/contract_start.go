package operatetest

import (
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

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
