package acceptance

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// How hard TestChaos tries. A round is repeated by its seed: -chaos.seed=N -chaos.rounds=1.
var (
	chaosRounds = flag.Int("chaos.rounds", 12, "rounds of TestChaos")
	chaosSeed   = flag.Uint64("chaos.seed", 0, "seed of the first round of TestChaos, each of the others has the next one; 0 draws it")
)

// TestChaos applies random configurations with every kind of step while a proxy does to requests what networks do, riveter is
// killed, interrupted, or out of disk, and actors fall asleep. After that a user decides what is in doubt by what the actors have
// counted, and applies until there is nothing to do. Nothing is done twice that nobody has said, and nothing is left out; a ledger can
// always be read, riveter always ends, with the right code, and sends nothing that its plan has not said.
func TestChaos(t *testing.T) {
	t.Parallel()
	rivet := startRivet(t, "witness")
	first := *chaosSeed
	if first == 0 {
		first = rand.Uint64N(1e9)
	}
	figures := &tally{of: map[string]int{}}
	t.Cleanup(func() { t.Log(figures) })
	for i := range *chaosRounds {
		seed := first + uint64(i)
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			if *nodeCount == 1 { // rounds do not kill each other's engine
				t.Parallel()
			}
			newChaos(t, rivet, seed, figures).round()
		})
	}
}

// tally counts what has happened in all rounds.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (f *tally) count(what string, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.of[what] += n
}

func (f *tally) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := "what has happened:"
	for _, what := range slices.Sorted(maps.Keys(f.of)) {
		text += fmt.Sprintf("\n%7d %s", f.of[what], what)
	}
	return text
}

// chaos is one round.
type chaos struct {
	*testing.T
	seed     uint64
	random   *rand.Rand
	figures  *tally
	dir      string
	rivet    *nodes
	engine   engine // where the registry is
	recorder *recorder
	proxy    *faultProxy
	world    *chaosWorld
	mode     []string // flags that say what is planned

	again      map[string]verdict // what has to be made again, by address, as an apply has said
	doubted    map[string]bool    // steps that were in doubt, by address
	allowed    map[string]int     // how often each step may be made, by address: what somebody has said
	repeatable map[string]bool    // steps that may be made more often, by address
	forgotten  map[string]bool    // steps of which the engine forgot what they did, by address
}

func newChaos(t *testing.T, rivet *nodes, seed uint64, figures *tally) *chaos {
	t.Helper()
	recorder, err := newRecorder(rivet.Endpoint(), []string{"report", "$alive"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(recorder.server.Close)
	c := &chaos{
		T: t, seed: seed, figures: figures, random: rand.New(rand.NewPCG(seed, 1)),
		dir: t.TempDir(), rivet: rivet, engine: engine{endpoint: rivet.registered.Endpoint()}, recorder: recorder, proxy: newFaultProxy(t, recorder.server.URL),
		again: map[string]verdict{}, doubted: map[string]bool{}, allowed: map[string]int{}, repeatable: map[string]bool{}, forgotten: map[string]bool{},
	}
	c.world = drawWorld(c.random, fmt.Sprintf("chaos-%d", seed))
	for _, a := range c.world.Actors {
		for _, s := range a.all() {
			c.allowed[s.address()], c.repeatable[s.address()] = 1, s.Idempotent
		}
	}
	configuration, err := c.world.render()
	c.must(err)
	c.must(os.WriteFile(filepath.Join(c.dir, "main.rivet.hcl"), configuration, 0o644))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat it with: go test ./acceptance -run 'TestChaos$' -chaos.seed=%d -chaos.rounds=1\n%s", seed, configuration)
		}
	})
	return c
}

// round attacks some applies, settles what that leaves, and takes everything away again in the same manner.
func (c *chaos) round() {
	for range 1 + c.random.IntN(3) {
		c.attack(c.settle())
	}
	c.finish()
	for address, n := range c.counts() {
		want := 1
		if strings.HasSuffix(address, "."+farewell) {
			want = 0
		}
		c.expect(n >= want && (n <= want*c.allowed[address] || c.repeatable[address] || c.forgotten[address]), "%s was made %d times", address, n)
	}
	c.mode = []string{"-destroy", "-include-adopted"}
	c.attack(c.settle())
	c.finish()
	c.figures.count("rounds", 1)
	c.figures.count("steps that an actor forgot", len(c.forgotten))
	for fault, n := range c.proxy.done {
		c.figures.count("fault: "+fault, n)
		c.figures.count("faults", n)
	}
}

// finish applies in peace until there is nothing to do.
func (c *chaos) finish() {
	for range 4 {
		if c.apply(c.settle()) && c.isDone() {
			return
		}
	}
	c.Fatal("something is left to do after many applies")
}

func (c *chaos) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *chaos) expect(holds bool, otherwise string, args ...any) {
	c.Helper()
	if !holds {
		c.Fatalf(otherwise, args...)
	}
}
