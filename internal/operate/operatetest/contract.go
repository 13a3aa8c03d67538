package operatetest

import (
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/operate"
	"riveter/plan"
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
