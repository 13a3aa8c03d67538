package operatetest

import (
	"fmt"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/client"
	"riveter/internal/operate"
)

// Rivet is an engine with a registry, in memory. It is safe for concurrent use.
type Rivet struct {
	// OnRequest is asked about every request before it is delivered, by its number, which begins with 1. It must not ask
	// the Rivet anything, nor be changed while that is in use. It may be nil.
	OnRequest func(r Request) Fault
	// OnWait is called when somebody waits for an actor that has no registry to start it. It may be nil.
	OnWait func()

	definitions map[string]*definition // by the names of their actors

	mu         sync.Mutex
	now        time.Time
	requests   []Request
	namespaces map[string]*namespace
	actors     []*actor // all that there ever were
	away       bool     // the registry
}

// Request is something that was asked of a Rivet.
type Request struct {
	Number int
	Verb   string // such as create, call, read
	On     string // the actor's id, or the name of what there is no id of
	What   string // the action, queue or method
	Fault  Fault  // what became of it
}

// Fault is what becomes of a request.
type Fault int

// The faults of a request.
const (
	Delivered  Fault = iota // none
	Refused                 // it surely did not arrive
	LostBefore              // it did not arrive, but nobody can tell
	LostAfter               // it took effect, but nobody saw the answer
	Unseen                  // a lookup finds nothing of what there is
)

// FailAt returns an OnRequest that lets the k-th request fail, and no other.
func FailAt(k int, f Fault) func(Request) Fault {
	return func(r Request) Fault {
		if r.Number == k {
			return f
		}
		return Delivered
	}
}

type namespace struct {
	id, name, displayName string
	pools                 map[string]cty.Value
}

// New returns a Rivet with the namespace "default".
func New() *Rivet {
	r := &Rivet{definitions: registry, now: time.Now().UTC().Truncate(time.Millisecond), namespaces: map[string]*namespace{}}
	r.addNamespace("default", "Default")
	return r
}

func (r *Rivet) addNamespace(name, displayName string) {
	r.namespaces[name] = &namespace{
		id: fmt.Sprintf("namespace%02d", len(r.namespaces)+1), name: name, displayName: displayName, pools: map[string]cty.Value{},
	}
}

// Server returns what a client of one namespace sees, which need not exist.
func (r *Rivet) Server(namespace string) operate.Server {
	return &server{rivet: r, namespace: namespace}
}

// Requests returns what was asked so far.
func (r *Rivet) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Request(nil), r.requests...)
}

// begin notes a request and returns what becomes of it. The caller holds the lock.
func (r *Rivet) begin(verb, on, what string) Fault {
	request := Request{Number: len(r.requests) + 1, Verb: verb, On: on, What: what}
	if r.OnRequest != nil {
		request.Fault = r.OnRequest(request)
	}
	r.requests = append(r.requests, request)
	r.now = r.now.Add(time.Millisecond)
	return request.Fault
}

// Arrived counts the calls of an action, a queue or a method of an actor that took effect.
func (r *Rivet) Arrived(actorID, what string) int {
	n := 0
	for _, request := range r.Requests() {
		took := request.Fault == Delivered || request.Fault == LostAfter
		if took && request.Verb == "call" && request.On == actorID && request.What == what {
			n++
		}
	}
	return n
}

// Actor is what there is to see of an actor from outside.
type Actor struct {
	ID     string
	State  map[string]any
	Asleep bool
	Wakes  int // starts, the first one included
}

// Actors returns the actors that exist of a name, by the spelling of their keys.
func (r *Rivet) Actors(name string) map[string]Actor {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]Actor{}
	for _, a := range r.actors {
		if a.name == name && !a.destroyed {
			all[client.Key(a.key).String()] = Actor{a.id, cloned(a.state).(map[string]any), a.asleep, a.wakes}
		}
	}
	return all
}

// Sleep puts an actor to sleep, or all actors of which one has this id.
func (r *Rivet) Sleep(id string) { r.change(id, func(a *actor) { a.asleep = true }) }

// Destroy destroys an actor behind everybody's back.
func (r *Rivet) Destroy(id string) { r.change(id, func(a *actor) { a.destroyed = true }) }

// Tamper changes the state of an actor behind everybody's back.
func (r *Rivet) Tamper(id, member string, value any) {
	r.change(id, func(a *actor) { a.state[member] = value })
}

// StopRegistry keeps actors that are created from now on from being started.
func (r *Rivet) StopRegistry() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = true
}

// StartRegistry ends that, and starts those that wait for it.
func (r *Rivet) StartRegistry() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = false
	for _, a := range r.actors {
		if a.waiting {
			a.start()
		}
	}
}

// change does something to the actor with this id, which must exist.
func (r *Rivet) change(id string, do func(*actor)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.actor(id)
	if a == nil {
		panic("operatetest: there is no actor " + id)
	}
	do(a)
}

// Create makes an actor as somebody else would, in the namespace "default", and returns its id.
func (r *Rivet) Create(name string, key []string, input any) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.create(r.namespaces["default"], name, key, input).id
}

// Has reports whether there is a namespace of this name.
func (r *Rivet) Has(namespace string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.namespaces[namespace] != nil
}
