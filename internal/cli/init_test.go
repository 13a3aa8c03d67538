package cli

import (
	"testing"

	"riveter/hcl"
)

func TestTheFirstConfigurationIsValidWhateverTheActorIsCalled(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"chatRoom", "chat-room", "chat_room", "1st", "-", "for", "self"} {
		_, diags := hcl.LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(firstConfiguration(name, []string{name, "other\nactor \"x\" \"y\" {}"}))})
		for _, d := range diags {
			t.Errorf("%s: %s", name, d)
		}
	}
}
