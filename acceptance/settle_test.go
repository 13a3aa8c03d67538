package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
)

// run runs riveter undisturbed.
func (c *chaos) run(command string, flags ...string) (code int, output string) {
	run := riveterCommand(command, c.dir, c.proxy.endpoint, slices.Concat(c.mode, flags)...)
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	c.must(run.Start())
	c.await(run, &out)
	c.Logf("%s: %v", run.ProcessState, run.Args)
	return run.ProcessState.ExitCode(), out.String()
}

// plan returns what riveter says that it will do, and makes sure that it does not do it yet.
func (c *chaos) plan(flags []string) document {
	code, output := c.run("plan", append([]string{"-json"}, flags...)...)
	c.expect(code == 0, "a plan ended with %d\n%s", code, output)
	planned, err := readPlan(output)
	c.must(err)
	c.must(document{}.compare(c.recorder.take()))
	return planned
}

// apply applies undisturbed, makes sure that this sends nothing but what the plan says, and reports whether it went well. It may
// turn out only then that a call which is not made gave what is needed, and nobody kept it; the error says what to make again.
func (c *chaos) apply(flags []string) (well bool) {
	said := c.plan(flags)
	code, output := c.run("apply", append([]string{"-auto-approve", "-json"}, flags...)...)
	c.must(said.limit(c.recorder.take()))
	makeAgain(output, c.again)
	return code == 0
}

// isDone reports whether a plan has nothing to do.
func (c *chaos) isDone() bool {
	code, output := c.run("plan", "-detailed-exitcode")
	c.expect(code == 0 || code == 2, "a plan ended with %d\n%s", code, output)
	return code == 0
}

// settle decides what is in doubt by what the actors have counted, as a user would: what was made is marked as done, and made
// again only where riveter says that what it gave is needed. It returns the flags, when riveter's memory is right.
func (c *chaos) settle() []string {
	counts, orders := c.counts(), orders{steps: c.again}
	c.again = map[string]verdict{}
	for range 10 {
		code, output := c.run("plan", append([]string{"-json"}, orders.flags()...)...)
		if code != 0 {
			c.expect(makeAgain(output, orders.steps), "a plan failed and names no way out\n%s", output)
			continue
		}
		planned, err := readPlan(output)
		c.must(err)
		c.must(document{}.compare(c.recorder.take()))
		if !c.decide(planned, counts, orders.steps) {
			c.allow(orders.steps, counts)
			return orders.flags()
		}
	}
	c.Fatal("what is in doubt cannot be settled")
	return nil
}

// makeAgain orders what errors say has to be made again, and reports whether they do.
func makeAgain(output string, steps map[string]verdict) bool {
	ways := regexp.MustCompile(`-rerun='([^']+)'`).FindAllStringSubmatch(output, -1)
	for _, way := range ways {
		steps[way[1]] = due
	}
	return len(ways) > 0
}

// decide compares a plan with what was counted, and decides what is in doubt. It reports whether that was anything.
func (c *chaos) decide(planned document, counts map[string]int, steps map[string]verdict) (decided bool) {
	for _, change := range planned.Changes {
		doubts := 0
		for _, s := range change.Steps {
			if !isCounted(s) || steps[s.Address] != "" {
				continue
			}
			switch n := counts[s.Address]; s.Decision {
			case "unknown":
				if decided = true; !c.doubted[s.Address] { // or what was decided of it was not carried out
					doubts++
				}
				c.doubted[s.Address] = true
				steps[s.Address] = due
				if n > 0 {
					steps[s.Address] = marked
				}
			case "run":
				c.expect(n == 0 || s.Conditional || c.repeatable[s.Address], "twice: %s is due, and was made %d times", s.Address, n)
			case "done":
				c.expect(n > 0, "lost: %s is done, and was never made", s.Address)
			}
		}
		c.expect(doubts <= 1, "%d steps of %s are in doubt", doubts, change.Address)
		c.figures.count("steps in doubt", doubts)
	}
	return decided
}

func isCounted(s plannedStep) bool { return s.Kind != "expect" && s.Kind != "ensure" }

// allow notes what may be made once more, since somebody has said so.
func (c *chaos) allow(steps map[string]verdict, counts map[string]int) {
	for address, verdict := range steps {
		if verdict == due {
			c.allowed[address] = counts[address] + 1
		}
	}
}

// limit makes sure that nothing was sent that the plan does not say, in its order. Something may have been left out, and sent
// again: whether that did anything, only the actors know.
func (d document) limit(taken map[string][]sent) error {
	for _, c := range d.Changes {
		promises := c.promises()
		for _, s := range c.take(taken) {
			i := slices.IndexFunc(promises, func(p promise) bool { return cmp.Equal(p.sent, s, overlookHidden) })
			if i < 0 {
				return fmt.Errorf("%s: sent %v, and from then on promised %v", c.Address, s, promises)
			}
			promises = promises[i:]
		}
	}
	if len(taken) > 0 {
		return fmt.Errorf("sent, though the plan does not say so: %v", taken)
	}
	return nil
}

// counts asks the actors for how often each step was made, by address, when all that was sent to them has arrived. One may be about to
// be gone.
func (c *chaos) counts() map[string]int {
	counts := map[string]int{}
	for _, a := range c.world.Actors {
		switch report, err := c.report(a); {
		case err == nil:
			maps.Copy(counts, c.counted(a, report))
		case !isAnyOf(err, "there is no ", `"destroyed_while_waiting_for_ready"`, `"not_found"`):
			c.Fatal(err)
		}
	}
	return counts
}

// report is what an actor says of itself.
func (c *chaos) report(a *chaosActor) (json.RawMessage, error) {
	if a.Name == "clerk" { // which works off its queue in order
		_, err := whenAwake(func() (json.RawMessage, error) {
			id, err := c.engine.lookup(a.Name, a.Key)
			if err != nil {
				return nil, err
			}
			return c.engine.request("POST", "/gateway/"+id+"/queue/work", nil, []byte(`{"body":{"name":"straggler"},"wait":true,"timeout":10000}`))
		})
		if err != nil {
			return nil, err
		}
	}
	return whenAwake(func() (json.RawMessage, error) { return c.engine.call(a.Name, a.Key, "report") })
}

// counted reads what an actor says of itself, and notes what it has forgotten.
func (c *chaos) counted(a *chaosActor, report json.RawMessage) map[string]int {
	said := decodeBody(report).(map[string]any)
	told, remembered := said["told"].(map[string]any), said["counts"].(map[string]any)
	counts := map[string]int{}
	for _, s := range a.all() {
		n, _ := told[s.Label].(float64)
		counts[s.address()] = int(n)
		if told[s.Label] != remembered[s.Label] {
			c.forgotten[s.address()] = true
		}
	}
	return counts
}

// patience is how long an actor may take to wake up: the engine may lose a start, and then takes half a minute more.
const patience = 2 * time.Minute

// whenAwake asks again where an actor was just falling asleep or waking up.
func whenAwake(ask func() (json.RawMessage, error)) (answer json.RawMessage, err error) {
	for began := time.Now(); time.Since(began) < patience; time.Sleep(50 * time.Millisecond) {
		if answer, err = ask(); err == nil || !isAnyOf(err, `"stopping"`, `"dropped_reply"`, `"envoy"`, `"guard"`) {
			break
		}
	}
	return answer, err
}

// isAnyOf reports whether an error says one of these.
func isAnyOf(err error, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(err.Error(), word) })
}
