package hcl

// group is some expressions of one block that are evaluated together, with the same names in scope.
type group struct {
	expressions []*expression
	repetition  *repetition // around the expressions; it says whether each or count may be mentioned
	outer       *repetition // around that one, for a step within a repeated actor
	live        liveness    // what may be asked of the actor itself
	step        *step       // the step that the expressions are in, or nil
	actor       *actor      // the actor or data block that the expressions are in, or nil
	offline     string      // the block whose expressions are evaluated before a server is asked, or empty
}

// offlineGroup is one of the attributes of a block that is evaluated before a server is asked.
func offlineGroup(block string, attributes map[string]*expression) *group {
	g := &group{offline: block}
	g.add(attributes)
	return g
}

// liveness says how much of an actor there is when expressions inside its block are evaluated.
type liveness int

const (
	liveNothing liveness = iota // there may be no actor yet
	liveSelf                    // self, but nothing that must be read from the actor
	liveReads                   // self with its state, and reads
	liveSteps                   // the same, and the results of steps
	liveEvent                   // the same, and an event
)

// mentions reports whether any of the expressions uses a name that stands for itself.
func (g *group) mentions(root string) bool {
	for _, e := range g.expressions {
		if e.mentions(root) {
			return true
		}
	}
	return false
}

// readsLive reports whether any of the expressions names a read or the live state of the actor itself.
func (g *group) readsLive() bool { return g.mentions("read") || g.readsState() }

func (g *group) readsState() bool {
	for _, e := range g.expressions {
		for _, r := range e.references {
			if r.root == "self" && r.attribute() == "state" {
				return true
			}
		}
	}
	return false
}

// reads returns the labels of the reads that the expressions name, sorted.
func (g *group) reads() []string {
	labels := map[string]bool{}
	for _, e := range g.expressions {
		for _, r := range e.references {
			if r.root == "read" {
				labels[r.attribute()] = true
			}
		}
	}
	return sortedKeys(labels)
}

func (g *group) hasEach() bool {
	return g.repetition != nil && g.repetition.forEach != nil || g.outer != nil && g.outer.forEach != nil
}

func (g *group) hasCount() bool {
	return g.repetition != nil && g.repetition.count != nil || g.outer != nil && g.outer.count != nil
}

// add adds attributes, in the order of their names.
func (g *group) add(attributes map[string]*expression) {
	for _, name := range sortedKeys(attributes) {
		g.expressions = append(g.expressions, attributes[name])
	}
}
