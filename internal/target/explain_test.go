package target

import (
	"strings"
	"testing"

	"riveter/client"
	"riveter/internal/operate"
)

func TestMetadataIsWrittenForPeople(t *testing.T) {
	t.Parallel()
	err := &client.Error{Group: "user", Code: "too_long", Metadata: map[string]any{"rule": "1800s >= 300s & <more>"}}
	if text := (&Target{}).Explain(err).Text; !strings.Contains(text, `{"rule":"1800s >= 300s & <more>"}`) {
		t.Error(text)
	}
}

func TestWhatIsTooLongSaysHowLongItMayBe(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"incoming_too_long": "65,536 bytes", "outgoing_too_long": "1,048,576 bytes"} {
		err := &client.Error{Group: "message", Code: code}
		if text := (&Target{}).Explain(err).Text; !strings.Contains(text, want) {
			t.Error(text)
		}
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

func TestNoTokenHelpsWhereSomebodyBetweenRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want operate.ErrorKind
	}{
		{&client.Error{Status: 403, Message: "Forbidden: Blocked by the WAF"}, operate.ErrorStranger},
		{&client.Error{Status: 401, Message: "Unauthorized"}, operate.ErrorDenied},
		{&client.Error{Status: 403, Group: "auth", Code: "forbidden"}, operate.ErrorDenied},
	} {
		if got := (&Target{}).Explain(c.err).Kind; got != c.want {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}
