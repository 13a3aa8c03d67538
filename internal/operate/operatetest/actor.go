package operatetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// actor is an actor, or what is left of one.
type actor struct {
	rivet      *Rivet
	definition *definition // nil where no registry knows the name
	namespace  *namespace
	id, name   string
	key        []string
	input      any // undefined where there was none
	hasInput   bool
	created    time.Time
	pool       string

	state     map[string]any
	events    []event
	failing   string // why it does not start
	waiting   bool   // for a registry, to be started
	asleep    bool
	destroyed bool
	wakes     int
}

// event is what an actor has broadcast during a call.
type event struct {
	name string
	args []any
}

// create returns the actor of a name and key, which is made where there is none.
func (r *Rivet) create(n *namespace, name string, key []string, input any) *actor {
	if a := r.find(n, name, key); a != nil {
		return a
	}
	a := &actor{
		rivet: r, definition: r.definitions[name], namespace: n, name: name, key: slices.Clone(key), created: r.now,
		pool: usualPool, id: fmt.Sprintf("%030d", len(r.actors)+1), input: input, hasInput: input != nil, state: map[string]any{},
	}
	r.actors = append(r.actors, a)
	if a.waiting = r.away; !a.waiting {
		a.start()
	}
	return a
}

func (a *actor) start() {
	a.wakes, a.waiting = 1, false
	if a.definition == nil {
		a.failing = fmt.Sprintf("not_registered: Actor factory '%s' is not registered.", a.name)
		return
	}
	state, err := a.definition.create(cloned(a.input))
	if err != nil {
		a.failing = err.Error()
		return
	}
	a.state = state
}

// wake starts an actor that sleeps.
func (a *actor) wake() {
	if a.asleep {
		a.asleep = false
		a.wakes++
	}
}

// find returns the actor of a name and key, or nil.
func (r *Rivet) find(n *namespace, name string, key []string) *actor {
	for _, a := range r.actors {
		if a.namespace == n && a.name == name && slices.Equal(a.key, key) && !a.destroyed {
			return a
		}
	}
	return nil
}

// actor returns the actor with this id, or nil.
func (r *Rivet) actor(id string) *actor {
	for _, a := range r.actors {
		if a.id == id {
			return a
		}
	}
	return nil
}

// cloned returns a copy of a value of JSON.
func cloned(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("operatetest: %v is no value of JSON", v))
	}
	var again any
	if err := json.Unmarshal(data, &again); err != nil {
		panic(err)
	}
	return again
}
