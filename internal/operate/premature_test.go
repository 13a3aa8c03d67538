package operate_test

import (
	"strings"
	"testing"
)

// condition is a block that wants this to be true.
func condition(kind, of string) string {
	return kind + " {\n condition = " + of + "\n error_message = \"No.\"\n}\n"
}

// userWith is an actor with this in it.
func userWith(body string) string {
	return "actor \"probe\" \"user\" {\n key = \"user\"\n" + body + "\n}\n"
}

func userWanting(of string) string {
	return userWith("lifecycle {\n" + condition("precondition", of) + "}")
}

// users are what refers to a data block of which every value is another one, or none, before the run has made what it looks for.
var users = map[string]string{
	"precondition, exists":    userWanting("data.probe.made.exists"),
	"precondition, id":        userWanting("data.probe.made.id != null"),
	"precondition, read":      userWanting("data.probe.made.read.report.open"),
	"precondition, state":     userWanting("data.probe.made.state.open"),
	"postcondition":           userWith("lifecycle {\n" + condition("postcondition", "data.probe.made.exists") + "}"),
	"input":                   userWith("input = [1][data.probe.made.exists ? 0 : 1]"),
	"parameters":              userWith("params = { a = data.probe.made.state.open }"),
	"arguments":               userWith("action \"call\" { args = [\"x\", [1][data.probe.made.exists ? 0 : 1]] }"),
	"guard":                   userWith("action \"call\" {\n args = [\"x\"]\n only_if = data.probe.made.read.report.open\n}"),
	"for_each of a step":      userWith("action \"call\" {\n for_each = toset(data.probe.made.exists ? [\"a\"] : null)\n args = [each.key]\n}"),
	"expect":                  userWith("expect \"e\" { condition = data.probe.made.exists }"),
	"dynamic step":            userWith("dynamic \"action\" {\n for_each = [data.probe.made.exists ? \"x\" : \"y\"]\n labels = [\"call\"]\n content { args = [action.value] }\n}"),
	"beside a dynamic step":   userWith("dynamic \"action\" {\n for_each = [1]\n labels = [\"call\"]\n content { args = [data.probe.made.id] }\n}\nlifecycle {\n" + condition("precondition", "data.probe.made.exists") + "}"),
	"dynamic precondition":    userWith("lifecycle {\n dynamic \"precondition\" {\n for_each = [1]\n content {\n condition = data.probe.made.exists\n error_message = \"No.\"\n}\n}\n}"),
	"value of a precondition": userWith("lifecycle {\n dynamic \"precondition\" {\n for_each = [data.probe.made.exists]\n content {\n condition = precondition.value\n error_message = \"No.\"\n}\n}\n}"),
	"key":                     "actor \"probe\" \"user\" { key = data.probe.made.id }\n",
	"key of data":             "data \"probe\" \"second\" {\n key = data.probe.made.id\n optional = true\n}\n",
	"each.value":              "actor \"probe\" \"user\" {\n for_each = { a = data.probe.made.exists }\n key = each.key\n lifecycle {\n" + condition("precondition", "each.value") + "}\n}\n",
	"each.value of a module":  "module \"team\" {\n source = \"./team\"\n for_each = { a = data.probe.made.exists }\n v = each.value\n}\n",
	"validation":              "module \"team\" {\n source = \"./team\"\n v = data.probe.made.exists\n}\n",
	"output of a module":      "module \"m\" {\n source = \"./m\"\n v = data.probe.made.exists\n}\n" + userWanting("module.m.o"),
	"local value":             "locals { l = [1][data.probe.made.exists ? 0 : 1] }\n" + userWith("input = local.l"),
	"output":                  "output \"o\" { value = data.probe.made.read.report.open }\n",
	"precondition, of output": "output \"o\" {\n value = 1\n" + condition("precondition", "data.probe.made.exists") + "}\n",
	"check":                   "check \"c\" {\n" + condition("assert", "data.probe.made.read.report.open") + "}\n",
}

// TestWhatIsLookedAtLaterIsNotKnownBefore has everything that can refer to a data block do so while what it depends on is yet to be done: by
// its key or by depends_on, of an actor that is new or has one more step.
func TestWhatIsLookedAtLaterIsNotKnownBefore(t *testing.T) {
	t.Parallel()
	for when, before := range map[string]string{"new": "", "there": strings.Replace(coordinator, "action \"make\"", "action \"other\"", 1)} {
		for how, made := range map[string]string{
			"depends_on": "key = \"made\"\n depends_on = [actor.probe.coordinator]", "key": "key = actor.probe.coordinator.step.make.output.key",
		} {
			for name, use := range users {
				t.Run(when+", "+how+", "+name, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, strings.Replace(before, `["made"]`, `["other"]`, 1))
					if before != "" {
						w.applied()
					}
					w.writeTeam(coordinator+"data \"probe\" \"made\" {\n optional = true\n read \"report\" {}\n "+made+"\n}\n"+use,
						"variable \"v\" {\n"+condition("validation", "var.v")+"}\n")
					w.writeModule("m", "variable \"v\" {}\noutput \"o\" {\n value = var.v\n"+condition("precondition", "var.v")+"}\n")
					w.applied()
					w.settled()
				})
			}
		}
	}
}

// TestWhatTurnsOutToBeWrongIsRefusedThen has nobody make what a condition wants, which the apply finds in its turn.
func TestWhatTurnsOutToBeWrongIsRefusedThen(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]string{
		"precondition, exists":    "Precondition not met: No.\n\nThis is a precondition of actor.probe.user.",
		"precondition, id":        "Precondition not met",
		"beside a dynamic step":   "Precondition not met",
		"dynamic precondition":    "Precondition not met",
		"value of a precondition": "Precondition not met",
		"each.value":              `Precondition not met: No.`,
		"validation":              "Invalid value for variable: No.",
		"precondition, of output": "Precondition not met: No.\n\nThis is a precondition of output.o.",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.writeTeam(strings.Replace(coordinator, `["made"]`, `["another"]`, 1)+"data \"probe\" \"made\" {\n optional = true\n key = \"made\"\n depends_on = [actor.probe.coordinator]\n}\n"+users[name],
				"variable \"v\" {\n"+condition("validation", "var.v")+"}\n")
			_, diags := w.apply()
			w.fails(diags, refused)
			w.called("coordinator make")

			w.rivet.Destroy(w.id("probe", "another"))
			_, diags = w.plan() // in which nothing is to be done before
			w.fails(diags, refused)
		})
	}
}

// TestWhatAnActorCannotSayBeforeTheRun has a read fail until then.
func TestWhatAnActorCannotSayBeforeTheRun(t *testing.T) {
	t.Parallel()
	reading := func(step string) string {
		return "actor \"counter\" \"c\" {\n key = \"c\"\n " + step + "\n}\ndata \"account\" \"made\" {\n key = \"made\"\n depends_on = [actor.counter.c]\n read \"get\" {}\n}\noutput \"o\" { value = data.account.made.read.get }\n"
	}
	w := newWorld(t, "actor \"counter\" \"c\" { key = \"c\" }")
	w.applied()
	w.rivet.Create("account", []string{"made"}, nil) // which does not start
	w.write(reading(""))
	_, diags := w.plan()
	w.fails(diags, "Read failed")
	w.write(reading("action \"increment\" {}"))
	_, diags = w.plan()
	w.fine(diags)
}

// TestHowManyThereAreIsNotGuessed has the number of instances of something be made of what has no value as long as the run has not made it.
func TestHowManyThereAreIsNotGuessed(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"actor \"probe\" \"user\" {\n count = local.n\n key = count.index\n}\n", "module \"m\" {\n source = \"./m\"\n count = local.n\n}\n"} {
		w := newWorld(t, coordinator+"data \"probe\" \"made\" {\n optional = true\n key = \"made\"\n depends_on = [actor.probe.coordinator]\n}\nlocals { n = [1][data.probe.made.exists ? 0 : 1] }\n"+of)
		w.writeModule("m", "")
		_, diags := w.plan()
		w.fails(diags, "Invalid index")
	}
}

// TestTwoThatBecomeOne has two actors of the same key, be it known before or not.
func TestTwoThatBecomeOne(t *testing.T) {
	t.Parallel()
	const two = `actor "probe" "a" { key = data.probe.made.exists == null ? "" : "k" }
	actor "probe" "b" { key = data.probe.made.exists == null ? "" : "k" }`
	w := newWorld(t, coordinator+"data \"probe\" \"made\" {\n optional = true\n key = \"made\"\n depends_on = [actor.probe.coordinator]\n}\n"+two)
	_, diags := w.plan()
	w.fails(diags, "Duplicate actor")
}
