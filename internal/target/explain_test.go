package target

import (
	"strings"
	"testing"

	"riveter/client"
)

func TestMetadataIsWrittenForPeople(t *testing.T) {
	t.Parallel()
	err := &client.Error{Group: "user", Code: "too_long", Metadata: map[string]any{"rule": "1800s >= 300s & <more>"}}
	if text := (&Target{}).Explain(err).Text; !strings.Contains(text, `{"rule":"1800s >= 300s & <more>"}`) {
		t.Error(text)
	}
}

func TestTheWordsOfAnActorAreSaidOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"exploded: exploded: bang": "exploded: bang", "exploded: bang": "exploded: bang", "a: b: a: c": "a: b: a: c", "bang": "bang",
	} {
		if got := withoutEcho(text); got != want {
			t.Errorf("%q is said as %q, not %q", text, got, want)
		}
	}
}
