package operate_test

import (
	"encoding/json"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/plan"
)

// TestASecretThatIsMadeAfterReadingIsFoundInWhatWasRead has secrets that nobody knows until actors are asked, as what makes them also looks at what
// is live, in what others have said before.
func TestASecretThatIsMadeAfterReadingIsFoundInWhatWasRead(t *testing.T) {
	t.Parallel()
	const source = `
variable "token" {
  default   = "S3cr3tTokenAlpha"
  sensitive = true
}
data "chatRoom" "heard" {
  key = "heard"
  read "getRoomInfo" {}
}
actor "probe" "p" {
  key = "p"
  read "report" {}
  IN_ACTOR
}
actor "values" "v" {
  key   = "v"
  input = upper(data.chatRoom.heard.read.getRoomInfo.topic)
  action "first" { args = [upper(data.chatRoom.heard.read.getRoomInfo.topic)] }
  expect "heard" {
    condition = upper(data.chatRoom.heard.read.getRoomInfo.topic) == self.state.input
    timeout   = "1ms"
  }
}
BESIDE
actor "values" "said" {
  key = "said"
  action "first" { args = ["pub-S3cr3t"] }
}
output "result" { value = upper(actor.values.said.step.first.output) }
output "up" { value = upper(data.chatRoom.heard.read.getRoomInfo.topic) }
`
	for name, c := range map[string]struct{ inActor, beside string }{
		"want of ensure":   {inActor: "ensure \"call\" {\n value = self.state.facts\n want = SECRET\n args = [\"x\"]\n}"},
		"want of expect":   {inActor: "expect \"x\" {\n value = self.state.facts\n want = SECRET\n timeout = \"1ms\"\n}"},
		"condition":        {inActor: "expect \"x\" {\n condition = read.report.open == SECRET\n timeout = \"1ms\"\n}"},
		"arguments":        {inActor: "action \"call\" { args = [\"x\", read.report.open, SECRET] }"},
		"farewell":         {inActor: "action \"call\" {\n run = \"on_destroy\"\n args = [\"x\", self.state.open, SECRET]\n}"},
		"guard":            {inActor: "action \"call\" {\n args = [\"x\"]\n only_if = read.report.open == SECRET\n}"},
		"triggers":         {inActor: "action \"call\" {\n args = [\"x\"]\n run = \"on_change\"\n triggers = [read.report.open, SECRET]\n}"},
		"parameters":       {inActor: "action \"call\" {\n args = [\"x\", read.report.open]\n params = { token = SECRET }\n}"},
		"event":            {inActor: "action \"call\" {\n args = [\"x\", read.report.open]\n await \"event\" { condition = event.args[0] == SECRET }\n}"},
		"postcondition":    {inActor: "lifecycle {\n postcondition {\n condition = read.report.open != SECRET\n error_message = \"it is\"\n}\n}"},
		"check":            {beside: "check \"c\" {\n assert {\n condition = actor.probe.p.read.report.open != SECRET\n error_message = \"it is\"\n}\n}"},
		"input":            {beside: "actor \"counter\" \"c\" {\n key = \"c\"\n input = { a = actor.probe.p.read.report.open, b = SECRET }\n}"},
		"sensitive read":   {beside: "data \"chatRoom\" \"z\" {\n key = \"heard\"\n read \"getRoomInfo\" { sensitive = true }\n}\noutput \"z\" {\n value = data.chatRoom.z.read.getRoomInfo.topic\n sensitive = true\n}"},
		"sensitive output": {beside: "output \"z\" {\n value = [actor.probe.p.read.report.open, sensitive(SECRET)]\n sensitive = true\n}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.ReplaceAll(strings.NewReplacer("IN_ACTOR", c.inActor, "BESIDE", c.beside).Replace(source), "SECRET", `"pub-${substr(var.token, 0, 6)}"`))
			w.rivet.Create("chatRoom", []string{"heard"}, map[string]any{"topic": "pub-S3cr3t"})
			w.rivet.Create("probe", []string{"p"}, nil)
			w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics {
				p, diags := s.Plan(t.Context(), w.plans)
				document, err := json.Marshal(p.Document)
				if err != nil || strings.Contains(string(document)+told(diags), "S3CR3T") {
					t.Errorf("%v, it is told:\n%s\n%s", err, told(diags), document)
				}
				w.equal(p.Plan.Observed.Reads, 2) // each of them once, though everything is evaluated twice
				return diags
			}))
			w.plans.Orders.OnUnknown = plan.OrderRun
			for range 2 {
				a, diags := w.apply()
				w.tellsNothingOf(a, diags, "S3CR3T")
			}
		})
	}
}
