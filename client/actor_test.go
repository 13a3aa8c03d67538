package client

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestActorRecordIsReadWhole(t *testing.T) {
	var record actorRecord
	err := json.Unmarshal([]byte(`{"actor_id":"id","name":"store","key":"a\\/b","namespace_id":"ns","datacenter":"dc",
		"runner_name_selector":"pool","crash_policy":"restart","create_ts":1,"start_ts":2,"connectable_ts":3,"sleep_ts":4,
		"pending_allocation_ts":5,"reschedule_ts":6,"destroy_ts":null,"new_field":{},"error":"no_envoys"}`), &record)
	if err != nil {
		t.Fatal(err)
	}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	want := Actor{
		ID: "id", Name: "store", Key: Key{"a/b"}, WireKey: `a\/b`, NamespaceID: "ns", Datacenter: "dc", Pool: "pool",
		CrashPolicy: CrashRestart, CreatedAt: at(1), StartedAt: at(2), ConnectableAt: at(3), SleepingAt: at(4),
		PendingSince: at(5), RescheduledFor: at(6), Failure: &ActorFailure{Kind: "no_envoys"},
	}
	if diff := cmp.Diff(want, record.actor()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStatusSumsUpTheRecord(t *testing.T) {
	at := time.UnixMilli(1)
	for _, c := range []struct {
		want Status
		of   Actor
	}{
		{Starting, Actor{CreatedAt: at}},
		{Starting, Actor{Failure: &ActorFailure{Kind: "envoy_no_response"}}},
		{Running, Actor{StartedAt: at, ConnectableAt: at}},
		{Sleeping, Actor{StartedAt: at, SleepingAt: at}},
		{Sleeping, Actor{StartedAt: at, SleepingAt: at, Failure: &ActorFailure{Kind: "envoy_connection_lost"}}},
		{Sleeping, Actor{SleepingAt: at, Failure: &ActorFailure{Kind: "no_envoys"}}}, // no registry was there
		{Failing, Actor{SleepingAt: at, Failure: &ActorFailure{Kind: "crashed"}}},
		{Destroyed, Actor{Failure: &ActorFailure{Kind: "crashed"}, DestroyedAt: at}},
	} {
		if got := c.of.Status(); got != c.want {
			t.Errorf("%+v is %s, want %s", c.of, got, c.want)
		}
	}
}

func TestFailureIsReadInEveryShape(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want *ActorFailure
		text string
	}{
		{``, nil, ""},
		{`null`, nil, ""},
		{`"no_capacity"`, &ActorFailure{Kind: "no_capacity"}, "no_capacity"},
		{`{"crashed":{"message":"bad_input:\nsize \u001b[31m"}}`, &ActorFailure{"crashed", "bad_input:\nsize \x1b[31m"}, "crashed: bad_input: size \ufffd[31m"},
		{`{"envoy_connection_lost":{"envoy_key":"k"}}`, &ActorFailure{"envoy_connection_lost", `{"envoy_key":"k"}`}, `envoy_connection_lost: {"envoy_key":"k"}`},
		{`[1]`, &ActorFailure{"unknown", `[1]`}, "unknown: [1]"},
		{`{}`, &ActorFailure{Kind: "unknown"}, "unknown"},
	} {
		got := readFailure(json.RawMessage(c.raw))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.raw, diff)
		}
		if got != nil && got.Error() != c.text {
			t.Errorf("%s reads %q, want %q", c.raw, got.Error(), c.text)
		}
	}
}

func FuzzReadFailure(f *testing.F) {
	for _, seed := range []string{`"no_envoys"`, `{"crashed":{"message":"m"}}`, `{"a":1,"b":2}`, `[]`, strings.Repeat("\x04", 1999)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		failure := readFailure(raw)
		if failure == nil {
			return
		}
		text := failure.Error()
		if len(text) > maxErrorText+10 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("%q reads %q", raw, text)
		}
	})
}

// TestOnlyACrashEndsTheStart has what the engine says of itself while it starts an actor (wire reference, 4.3).
func TestOnlyACrashEndsTheStart(t *testing.T) {
	at := time.UnixMilli(1)
	for name, tt := range map[string]struct {
		actor     Actor
		undecided bool
	}{
		"new":                {Actor{}, true},
		"no registry yet":    {Actor{Failure: &ActorFailure{Kind: "no_capacity"}, SleepingAt: at}, true},
		"registry gone":      {Actor{Failure: &ActorFailure{Kind: "no_envoys"}, SleepingAt: at}, true},
		"start lost":         {Actor{Failure: &ActorFailure{"envoy_no_response", `{"envoy_key":null}`}}, true},
		"what nobody knows":  {Actor{Failure: &ActorFailure{Kind: "unheard_of"}}, true},
		"started":            {Actor{StartedAt: at}, false},
		"started, then lost": {Actor{StartedAt: at, Failure: &ActorFailure{Kind: "no_envoys"}}, false},
		"crashed":            {Actor{Failure: &ActorFailure{"crashed", "bad input"}}, false},
		"destroyed":          {Actor{DestroyedAt: at, Failure: &ActorFailure{Kind: "no_envoys"}}, false},
	} {
		if got := tt.actor.isUndecided(); got != tt.undecided {
			t.Errorf("%s: undecided %t", name, got)
		}
	}
}

// TestWhatIsCutIsWholeLetters has the limit fall on each of the bytes of a letter.
func TestWhatIsCutIsWholeLetters(t *testing.T) {
	for limit := 4; limit < 20; limit++ {
		got := printable("abc😀é😀d😀efgh", limit)
		if left, cut := strings.CutSuffix(got, "…"); !cut || !strings.HasPrefix("abc😀é😀d😀efgh", left) || len(left) < limit-3 {
			t.Errorf("%d bytes are %q", limit, got)
		}
	}
}
