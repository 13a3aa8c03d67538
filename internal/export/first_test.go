package export_test

import (
	"testing"

	"riveter/hcl"
	"riveter/internal/export"
)

func TestTheFirstConfigurationIsValidWhateverTheActorIsCalled(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"chatRoom", "chat-room", "chat_room", "1st", "-", "for", "self"} {
		first := export.First(name, []string{name, "other\nactor \"x\" \"y\" {}"}, export.Options{Endpoint: "http://localhost:6420", Namespace: "default"})
		_, diags := hcl.LoadSources(".", map[string][]byte{first.Name: first.Content})
		for _, d := range diags {
			t.Errorf("%s: %s", name, d)
		}
	}
}
