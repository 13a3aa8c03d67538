package operate_test

import (
	"testing"
)

// TestAnActorIsHandedOnAsAWhole has a call be sent all that there is to say of another actor, of which nobody names the parts.
func TestAnActorIsHandedOnAsAWhole(t *testing.T) {
	t.Parallel()
	const parts = `
  read "report" {}
  action "call" { args = ["one"] }
`
	const actor, data = `actor "probe" "a" {
  key = "a"` + parts + "}\n", `actor "probe" "a" { key = "a" }
data "probe" "a" {
  key        = "a"
  depends_on = [actor.probe.a]
  read "report" {}
}
`
	for name, source := range map[string]string{
		"arguments":         actor + sends(`actor.probe.a`),
		"all that it gives": actor + "locals { a = actor.probe.a }\n" + sends(`[local.a, local.a.step, local.a.read]`),
		"input":             actor + "actor \"values\" \"b\" {\n  key = \"b\"\n  input = actor.probe.a\n}\n",
		"data":              data + sends(`data.probe.a`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, source)
			w.applied()
			w.settled()
		})
	}
}

// sends is an actor that sends this.
func sends(what string) string {
	return "actor \"values\" \"b\" {\n  key = \"b\"\n  action \"first\" {\n    args = [" + what + "]\n  }\n}\n"
}
