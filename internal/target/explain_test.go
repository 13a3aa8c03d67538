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
