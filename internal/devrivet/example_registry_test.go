package devrivet_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/internal/devrivet"
)

type list = []any

// An exchange of the example registry that its README promises: a call with what comes of it.
type promise struct {
	action string
	args   list
	output any
	code   string // of the error, instead of an output
}

func TestExampleRegistry(t *testing.T) {
	rivet := start(t, devrivet.Options{})
	t.Run("keeps its promises", func(t *testing.T) { keepsPromises(t, rivet) })
	t.Run("works off its queue", func(t *testing.T) { worksOffQueue(t, rivet) })
	t.Run("speaks HTTP", func(t *testing.T) { speaksHTTP(t, rivet) })
}

func keepsPromises(t *testing.T, rivet *devrivet.Rivet) {
	t.Helper()
	nothing := list{"$Undefined", 0.0}
	tests := []struct {
		actor    string
		input    any
		params   string
		promises []promise
	}{
		{"chatRoom", object{"topic": "start"}, "", []promise{
			{"addMember", list{"alice"}, true, ""},
			{"addMember", list{"alice"}, false, ""},
			{"postMessage", list{object{"id": "1", "text": "hello"}}, true, ""},
			{"postMessage", list{object{"id": "1", "text": "again"}}, false, ""},
			{"setTopic", list{"next"}, nothing, ""},
			{"getRoomInfo", list{}, object{"topic": "next", "members": list{"alice"}, "messageCount": 1.0}, ""},
			{"history", list{}, list{object{"id": "1", "text": "hello"}}, ""},
		}},
		{"counter", object{"start": 40}, "", []promise{
			{"increment", list{}, 41.0, ""},
			{"increment", list{4}, 45.0, ""},
			{"get", list{}, 45.0, ""},
			{"stats.calls", list{}, 2.0, ""},
			{"stats.wakes", list{}, 1.0, ""},
			{"stats.reset", list{}, nothing, ""},
			{"stats.calls", list{}, 0.0, ""},
		}},
		{"values", object{"big": "seen"}, "", []promise{
			{"input", list{}, object{"big": "seen"}, ""},
			{"describe", list{list{"$BigInt", "5"}}, list{object{"type": "bigint", "value": "5"}}, ""},
			{"echo", list{1, "two"}, list{1.0, "two"}, ""},
			{"sample", list{"bytes"}, list{"$Uint8Array", "AAH+/w=="}, ""},
			{"sample", list{"smell"}, nil, "unknown_kind"},
		}},
		{"account", object{"owner": "alice", "balance": 10}, "", []promise{
			{"withdraw", list{11}, nil, "insufficient_funds"},
			{"withdraw", list{4}, 6.0, ""},
			{"deposit", list{-1}, nil, "invalid_input"},
			{"crash", list{}, nil, "internal_error"},
			{"slow", list{1}, 7.0, ""},
			{"close", list{}, 7.0, ""},
		}},
		{"account", object{"balance": 10}, "", []promise{{"get", list{}, nil, "actor_wake_retries_exceeded"}}},
		{"vault", object{"token": "sesame"}, `{"token": "open"}`, []promise{{"names", list{}, nil, "forbidden"}}},
		{"vault", object{"token": "sesame"}, `{"token": "sesame", "user": "ali"}`, []promise{
			{"whoami", list{}, "ali", ""},
			{"store", list{"cave", "gold"}, nothing, ""},
			{"names", list{}, list{"cave"}, ""},
			{"reveal", list{"cave"}, "gold", ""},
		}},
	}
	for i, test := range tests {
		actor := newActor(t, rivet, test.actor, string(rune('a'+i)), test.input)
		actor.params = test.params
		for _, p := range test.promises {
			answer := actor.call(t, p.action, p.args...)
			if p.code != "" {
				if answer["code"] != p.code {
					t.Errorf("%s.%s: %v, want the error %s", test.actor, p.action, answer, p.code)
				}
				continue
			}
			if diff := cmp.Diff(object{"output": p.output}, answer); diff != "" {
				t.Errorf("%s.%s (-want +got):\n%s", test.actor, p.action, diff)
			}
		}
	}
}

func worksOffQueue(t *testing.T, rivet *devrivet.Rivet) {
	t.Helper()
	jobs := newActor(t, rivet, "jobs", "queue", nil)
	message := object{"body": object{"id": "paint"}, "wait": true, "timeout": 10_000}
	_, answer := exchange(t, newRequest(t, http.MethodPost, jobs.gateway+"/queue/work", message))
	want := object{"status": "completed", "response": object{"id": "paint", "position": 1.0}}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(object{"output": list{"paint"}}, jobs.call(t, "processed")); diff != "" {
		t.Errorf("processed (-want +got):\n%s", diff)
	}
}

func speaksHTTP(t *testing.T, rivet *devrivet.Rivet) {
	t.Helper()
	api := newActor(t, rivet, "httpApi", "api", nil)
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/status/418", 418},
		{http.MethodGet, "/status/204", 204},
		{http.MethodGet, "/items/lamp", 404},
		{http.MethodPut, "/items/lamp", 201},
		{http.MethodPut, "/items/lamp", 200},
		{http.MethodGet, "/items/lamp", 200},
		{http.MethodDelete, "/items/lamp", 204},
		{http.MethodGet, "/items/lamp", 404},
	} {
		status, _ := exchange(t, newRequest(t, test.method, api.gateway+"/request"+test.path, object{}))
		if status != test.status {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, status, test.status)
		}
	}
	_, echo := exchange(t, newRequest(t, http.MethodPost, api.gateway+"/request/a/b?c=d", "hello"))
	got := object{"method": echo["method"], "path": echo["path"], "query": echo["query"], "body": echo["body"]}
	want := object{"method": "POST", "path": "/a/b", "query": object{"c": "d"}, "body": `"hello"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("echo (-want +got):\n%s", diff)
	}
}
