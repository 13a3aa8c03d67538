package acceptance

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestEveryApplyConverges runs random configurations against a real engine, with random interference and failures in
// between. A small model says which calls are due. Riveter must plan just these, make each of them once, and have nothing
// left to do. "go test -run Converges ./acceptance -rapid.checks=100" tries harder.
func TestEveryApplyConverges(t *testing.T) {
	t.Parallel()
	check(t, func(t *trial) {
		t.model = newModel()
		for range rapid.IntRange(2, 3).Draw(t.T, "rounds") {
			t.round()
		}
	})
}

// check makes trials against one engine.
func check(t *testing.T, property func(t *trial)) {
	t.Helper()
	rivet := startRivet(t, filepath.Join("..", "examples", "registry"))
	dir, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		run := "run-" + strconv.Itoa(runs)
		property(&trial{T: t, run: run, dir: filepath.Join(dir, run), engine: engine{endpoint: rivet.Endpoint()}})
	})
}

// trial is one configuration over several rounds, with actors of its own.
type trial struct {
	*rapid.T
	run, dir string
	engine   engine
	model    *model
	blocks   []*block
	prune    bool
	left     bool   // by the last apply, as a key was not known
	home     string // the block of the ledger, where it is not beside the configuration
	// isDiskGone is whether a checkout vanished in the middle of an apply.
	isDiskGone bool
}

// round changes the configuration and the actors, applies, mends what was broken, and ends with nothing to do.
func (t *trial) round() {
	t.blocks = revise(t.T, t.blocks)
	t.model.declared = declarations(t.blocks)
	t.model.removed = t.drawRemoved()
	t.write()
	t.prune = rapid.Bool().Draw(t.T, "prunes")
	for range rapid.IntRange(0, 2).Draw(t.T, "interferences") {
		t.interfere()
	}
	if !t.model.hasSecrets() && !t.model.hasMakers() && rapid.IntRange(0, 2).Draw(t.T, "applies a part first at 0") == 0 {
		t.apply(rapid.SampledFrom(t.model.declared).Draw(t.T, "that part").Address)
	}
	if !t.apply("") {
		t.mend()
		if !t.apply("") {
			t.Fatal("nothing is broken, and yet something should fail: the model is wrong")
		}
	}
	if t.left { // what is left could not be told from an actor whose key was not known
		t.apply("")
	}
	if t.plan(orders{}) {
		t.Fatal("something is left to do after an apply")
	}
	t.count()
}

// drawRemoved draws removed blocks of what actors were called, where nothing is called so any more.
func (t *trial) drawRemoved() map[string]bool {
	removed := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(t.model.remembered)) {
		address := t.model.remembered[id].address
		isDeclared := slices.ContainsFunc(t.blocks, func(b *block) bool { return address == b.address() || strings.HasPrefix(address, b.address()+"[") })
		if !isDeclared && rapid.Bool().Draw(t.T, address+" is in a removed block") {
			removed[address] = rapid.Bool().Draw(t.T, "which destroys "+address)
		}
	}
	return removed
}

func (t *trial) write() {
	files := render(t, t.run, t.blocks)
	if t.model != nil {
		files[""] = append(files[""], renderRemoved(t.model.removed)...)
	}
	t.check(os.RemoveAll(filepath.Join(t.dir, "left")))
	t.check(os.RemoveAll(filepath.Join(t.dir, "right")))
	for place, content := range files {
		t.save(place, content)
	}
}

// save makes content the configuration of a module, or with no name of the root.
func (t *trial) save(module string, content []byte) {
	dir := filepath.Join(t.dir, module)
	t.Logf("the configuration of %q is\n%s", module, content)
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), content, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// interfere does to one actor what somebody else may do.
func (t *trial) interfere() {
	id := rapid.SampledFrom(actorIDs).Draw(t.T, "interferes with")
	as := creation{
		Open:   rapid.Bool().Draw(t.T, "opens"),
		Broken: rapid.SampledFrom(append([]string{""}, stepLabels...)).Draw(t.T, "breaks"),
	}
	changes := map[string]any{"open": as.Open, "broken": []string{as.Broken}}
	there := t.model.live[id] != nil
	switch what := rapid.SampledFrom([]string{"tamper", "destroy", "remake"}).Draw(t.T, "by"); {
	case what == "tamper" && there:
		t.tamper(id, changes)
		t.tamper(id, map[string]any{"facts": map[string]int{}})
		p := t.model.live[id]
		p.creation, p.facts = as, map[string]int{}
	case what == "destroy" && there:
		t.destroy(id)
	case what == "remake":
		if there {
			t.destroy(id)
		}
		t.check(t.engine.create("probe", t.key(id), changes))
		t.model.create(id, as)
	}
}

func (t *trial) destroy(id string) {
	t.check(t.engine.destroy("probe", t.key(id)))
	delete(t.model.live, id)
}

// mend lets all steps go well again.
func (t *trial) mend() {
	for id, p := range t.model.live {
		t.tamper(id, map[string]any{"broken": []string{}})
		p.Broken = ""
	}
	for _, b := range t.blocks {
		b.Input.Broken = ""
	}
	t.write()
}

func (t *trial) tamper(id string, changes map[string]any) {
	data, err := json.Marshal(changes)
	t.check(err)
	_, err = t.engine.call("probe", t.key(id), "tamper", string(data))
	t.check(err)
}

func (t *trial) key(id string) string { return t.run + "/" + id }

func (t *trial) check(err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// apply plans and applies, all of it or one actor with what it needs, and compares both with the model. It reports whether
// all should have gone well, and has.
func (t *trial) apply(target string) bool {
	orders := t.decide(target)
	want := 0
	if t.plan(orders) {
		want = 2
	}
	t.left = t.model.leavesOut(orders) || t.model.isOpen(orders)
	well := t.model.apply(orders)
	if !well {
		want = 1
	}
	if code, output := t.riveter("apply", append(orders.flags(), "-auto-approve", "-detailed-exitcode")); code != want {
		t.Fatalf("the apply ended with %d, want %d\n%s", code, want, output)
	}
	t.count()
	return well
}

// decide decides the steps in doubt, without which nothing may be applied, and has secrets minted again that are needed.
func (t *trial) decide(target string) orders {
	o := orders{steps: map[string]verdict{}, prune: t.prune, target: target}
	for _, d := range t.model.selected(o) {
		for _, s := range d.Steps {
			if t.model.verdict(d, s, o) == doubt {
				o.steps[d.address(s)] = rapid.SampledFrom([]verdict{due, marked}).Draw(t.T, d.address(s)+" is")
			}
		}
	}
	if len(o.steps) > 0 {
		t.refused(orders{target: target})
	}
	for again := t.model.lacks(o); len(again) > 0; again = t.model.lacks(o) { // a step that is made again may open the guard of another one
		output := t.refused(o)
		named := func(address string) bool { return strings.Contains(output, address) }
		t.expect(slices.ContainsFunc(slices.Collect(maps.Keys(again)), named), "nothing says that one of %v has to be made again\n%s", again, output)
		for _, address := range again {
			o.steps[address] = due
		}
	}
	return o
}

// refused makes sure that nothing is applied, and returns why.
func (t *trial) refused(o orders) string {
	if len(t.model.lacks(o)) == 0 {
		t.plan(o)
	}
	code, output := t.riveter("apply", append(o.flags(), "-auto-approve", "-no-color"))
	if code != 1 {
		t.Fatalf("an apply that has to be decided first ended with %d\n%s", code, output)
	}
	t.count()
	return output
}

// plan compares what riveter plans with the model, and reports whether there is something to do.
func (t *trial) plan(o orders) bool {
	code, output := t.riveter("plan", append(o.flags(), "-json", "-detailed-exitcode"))
	if code != 0 && code != 2 {
		t.Fatalf("the plan ended with %d\n%s", code, output)
	}
	planned, err := readPlan(output)
	t.check(err)
	want := t.model.plan(o)
	if diff := cmp.Diff(want, planned.verdicts(want)); diff != "" {
		t.Fatalf("the plan is not what is right (-right +planned)\n%s", diff)
	}
	return code == 2
}

// verdicts returns what the document says of every actor, by id, of what has no key by address, and of every step, by id and address within the actor. A step
// that is made only if it turns out to be due is as right says.
func (d document) verdicts(right map[string]verdict) map[string]verdict {
	verdicts := map[string]verdict{}
	for _, c := range d.Changes {
		id := c.Address
		if len(c.Key) > 0 {
			id = c.Key[len(c.Key)-1]
		}
		verdicts[id] += verdict(c.Action) // and not one as well as the other
		for _, s := range c.Steps {
			step := id + strings.Replace(s.Address, c.Address+".", " ", 1)
			if verdicts[step] = s.verdict(right[step]); c.Action == "read" {
				verdicts[step] = right[step] // which is decided when its turn comes
			}
		}
	}
	return verdicts
}

func (s plannedStep) verdict(right verdict) verdict {
	switch {
	case s.MarkDone:
		return marked
	case s.Decision == "run" && s.Conditional:
		return right
	case s.Decision == "run":
		return due
	case s.Decision == "unknown":
		return doubt
	default:
		return notDue
	}
}

// count compares the calls that the actors themselves have counted with those of the model.
func (t *trial) count() {
	if diff := cmp.Diff(t.model.calls(), t.counted(actorIDs)); diff != "" {
		t.Fatalf("the calls are not those that are due (-due +made)\n%s", diff)
	}
}

// counted asks the actors for how often they were called, by id. Those that are not there are left out.
func (t *trial) counted(ids []string) map[string]map[string]int {
	counted := map[string]map[string]int{}
	for _, id := range ids {
		found, err := t.engine.list(url.Values{"name": {"probe"}, "key": {t.key(id)}})
		t.check(err)
		if len(found) == 0 {
			continue
		}
		data, err := t.engine.call("probe", t.key(id), "report")
		t.check(err)
		var report struct{ Calls map[string]int }
		t.check(json.Unmarshal(data, &report))
		counted[id] = report.Calls
	}
	return counted
}

// riveter runs the program, and returns its exit code and what it printed.
func (t *trial) riveter(command string, flags []string) (code int, output string) {
	run := t.command(command, flags)
	out, err := run.CombinedOutput()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	t.Logf("%v", run.Args)
	written.add(string(out))
	return run.ProcessState.ExitCode(), string(out)
}

func (t *trial) command(name string, flags []string) *exec.Cmd {
	return riveterCommand(name, t.dir, t.engine.endpoint, flags...)
}

// riveterCommand is the program with a command, about the configuration in a directory.
func riveterCommand(name, dir, endpoint string, flags ...string) *exec.Cmd {
	run := exec.Command("riveter", slices.Concat([]string{name}, flags, []string{dir})...)
	run.Env = append(os.Environ(), "RIVET_ENDPOINT="+endpoint)
	return run
}
