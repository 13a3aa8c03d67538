package client

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"
)

// Actor is the server's record of an actor. A zero time means that it does not apply.
type Actor struct {
	ID          string
	Name        string
	Key         Key    // nil for an actor without a key
	WireKey     string // the key as the server compares it; empty without a key
	NamespaceID string
	Datacenter  string
	Pool        string
	CrashPolicy CrashPolicy

	CreatedAt      time.Time
	StartedAt      time.Time // when it first could be reached; never changes afterwards
	ConnectableAt  time.Time // since when it is running now
	SleepingAt     time.Time // since when it sleeps
	PendingSince   time.Time // since when it waits for a registry
	RescheduledFor time.Time // it is not started again before
	DestroyedAt    time.Time

	Failure *ActorFailure // nil for a healthy actor
}

// Status is what an actor's record says it is doing.
type Status string

// The states of an actor.
const (
	Starting  Status = "starting"
	Running   Status = "running"
	Sleeping  Status = "sleeping"
	Failing   Status = "failing" // it has crashed; see Actor.Failure
	Destroyed Status = "destroyed"
)

// Status sums up the record. An actor that the engine has lost, or has no registry for, sleeps: the next call wakes it.
func (a Actor) Status() Status {
	switch {
	case !a.DestroyedAt.IsZero():
		return Destroyed
	case a.Failure.IsCrash():
		return Failing
	case !a.ConnectableAt.IsZero():
		return Running
	case !a.SleepingAt.IsZero():
		return Sleeping
	default:
		return Starting
	}
}

// CrashPolicy is what the server does with an actor that crashes.
type CrashPolicy string

// The crash policies.
const (
	CrashSleep   CrashPolicy = "sleep"
	CrashRestart CrashPolicy = "restart"
	CrashDestroy CrashPolicy = "destroy"
)

// ActorFailure is why an actor does not run. As an error it reads on one line, fit
// for a terminal.
type ActorFailure struct {
	// Kind is the server's word: "crashed", "no_envoys" (its registry left),
	// "no_capacity" (no registry was ever there), and others.
	Kind string
	// Message is the actor's own error text for a crash, otherwise what details the
	// server gives, as JSON; possibly empty.
	Message string
}

// IsCrash reports whether it is what the actor itself did. Everything else the engine says
// of itself, and may get over (seen on engine 2.3.19). It may be called on nil.
func (f *ActorFailure) IsCrash() bool { return f != nil && f.Kind == "crashed" }

// Error returns the kind and the message.
func (f *ActorFailure) Error() string {
	if f.Message == "" {
		return printable(f.Kind, maxErrorText)
	}
	return printable(f.Kind+": "+f.Message, maxErrorText)
}

// readFailure reads the server's form: a string, or an object with one member.
func readFailure(raw json.RawMessage) *ActorFailure {
	var kind string
	if len(raw) == 0 || json.Unmarshal(raw, &kind) == nil && kind == "" {
		return nil
	}
	if kind != "" {
		return &ActorFailure{Kind: kind}
	}
	var member map[string]json.RawMessage
	if json.Unmarshal(raw, &member) != nil {
		return &ActorFailure{Kind: "unknown", Message: string(raw)}
	}
	failure := &ActorFailure{Kind: "unknown"}
	for kind, detail := range member {
		var crash struct{ Message string }
		failure.Kind, failure.Message = kind, string(detail)
		if json.Unmarshal(detail, &crash) == nil && crash.Message != "" {
			failure.Message = crash.Message
		}
	}
	return failure
}

// actorRecord is an actor on the wire. Times are milliseconds since 1970.
type actorRecord struct {
	ActorID             string          `json:"actor_id"`
	Name                string          `json:"name"`
	Key                 *string         `json:"key"`
	NamespaceID         string          `json:"namespace_id"`
	Datacenter          string          `json:"datacenter"`
	RunnerNameSelector  string          `json:"runner_name_selector"`
	CrashPolicy         CrashPolicy     `json:"crash_policy"`
	CreateTS            *int64          `json:"create_ts"`
	StartTS             *int64          `json:"start_ts"`
	ConnectableTS       *int64          `json:"connectable_ts"`
	SleepTS             *int64          `json:"sleep_ts"`
	PendingAllocationTS *int64          `json:"pending_allocation_ts"`
	RescheduleTS        *int64          `json:"reschedule_ts"`
	DestroyTS           *int64          `json:"destroy_ts"`
	Error               json.RawMessage `json:"error"`
}

// checked refuses a record that names no actor.
func (r actorRecord) checked(got answer) (Actor, error) {
	if !idPattern.MatchString(r.ActorID) {
		return Actor{}, got.lost(fmt.Errorf("%q is not an actor id", printable(r.ActorID, 60)))
	}
	return r.actor(), nil
}

func (r actorRecord) actor() Actor {
	a := Actor{
		ID: r.ActorID, Name: r.Name, NamespaceID: r.NamespaceID, Datacenter: r.Datacenter,
		Pool: r.RunnerNameSelector, CrashPolicy: r.CrashPolicy, Failure: readFailure(r.Error),
		CreatedAt: fromMillis(r.CreateTS), StartedAt: fromMillis(r.StartTS),
		ConnectableAt: fromMillis(r.ConnectableTS), SleepingAt: fromMillis(r.SleepTS),
		PendingSince: fromMillis(r.PendingAllocationTS), RescheduledFor: fromMillis(r.RescheduleTS),
		DestroyedAt: fromMillis(r.DestroyTS),
	}
	if r.Key != nil {
		a.Key, a.WireKey = ParseKey(*r.Key), *r.Key
	}
	return a
}

func fromMillis(ts *int64) time.Time {
	if ts == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ts).UTC()
}

var idPattern = regexp.MustCompile(`^[0-9a-z]{30}$`)

// checkID refuses what is no actor id: the server drops it from lists in silence.
func checkID(id string) error {
	if !idPattern.MatchString(id) {
		return &Error{Message: fmt.Sprintf("%q is not an actor id", printable(id, 60)), delivery: NotDelivered}
	}
	return nil
}
